/// What both directions of the direct convolution share: padded copies of frames, and the weight in
/// the forms that products read.
#pragma once

#include <algorithm>

#include "ops/convolution_plan.h"

namespace rppg::ops {

/// Sizes of one plan on one input.
struct DirectWork {
  const ConvolutionPlan& plan;
  Index height, width;
  Index out_height, out_width;
  Index padded_height, padded_width;
  Index before, after;  ///< frames that taps reach in the padded copies
  Index block_frames;
  FrameBlocks blocks;

  DirectWork(const ConvolutionPlan& plan, const Shape& x);

  /// Done while frames are copied: one copy then holds all that taps reach.
  bool gathers() const { return plan.gathers(); }
  Index taps() const { return gathers() ? 1 : static_cast<Index>(plan.tap_count); }
  Index shift(Index tap) const {
    return gathers() ? 0 : plan.tap_list[static_cast<std::size_t>(tap)].shift;
  }
  Index row_size() const { return padded_width * plan.in_channels; }
  Index padded_size() const { return padded_height * row_size(); }
  Index input_size() const { return height * width * plan.in_channels; }
  Index output_size() const { return out_height * out_width * plan.out_channels; }
  /// Room for the padded frames of a block.
  Index room() const { return (block_frames + before + after) * padded_size(); }
};

/// Padded copies of frames [begin, ...) of a block and all frames that its taps reach.
struct PaddedFrames {
  const DirectWork& work;
  float* values;
  Index begin;

  float* frame(Index f) const { return values + (f - begin) * work.padded_size(); }
};

/// Frames outside the block's group are zeros. `clip` = (T, H, W, Ci).
PaddedFrames pad_frames(const DirectWork& work, const FrameBlock& block, const float* clip,
                        float* values);

/// Neighbouring pixels that are computed as one with more channels fill a vector better, though the
/// kernel of each is then padded with zeros to the width of all: the number that wastes least.
Index side_by_side(Index channels, Index kernel, Index stride);

/// The weight as (taps, ky, kx, Ci, Co), or, for pixels side by side, (taps, ky, run, pixel, Co).
struct WeightForm {
  Index pixels;  ///< side by side
  Index run;     ///< numbers of the input under one row of their kernels
  Index row;     ///< numbers of the weight for one row of the kernels
  Index size;
};

/// One pixel after the other: what is left at the end of a row.
WeightForm narrow_form(const ConvolutionPlan& plan);
/// Pixels side by side; follows the narrow form in memory, and is empty where it would be the same.
WeightForm wide_form(const ConvolutionPlan& plan);

/// The form in which most pixels of a row are computed.
inline WeightForm main_form(const ConvolutionPlan& plan) {
  const WeightForm wide = wide_form(plan);
  return wide.size > 0 ? wide : narrow_form(plan);
}

/// Calls visit(place in the narrow form, index in the weight), with one tap where the shift is done
/// while copying.
template <class Visit>
void for_weights(const ConvolutionPlan& plan, const Visit& visit) {
  const bool gathers = plan.gathers();
  const Index kernel = plan.kernel;
  for (std::size_t i = 0; i < plan.tap_count; ++i) {
    const TimeTap& tap = plan.tap_list[i];
    const Index part = gathers ? 0 : static_cast<Index>(i);
    for (Index ky = 0; ky < kernel; ++ky) {
      for (Index kx = 0; kx < kernel; ++kx) {
        for (Index c = 0; c < tap.channels(); ++c) {
          const Index row = ((part * kernel + ky) * kernel + kx) * plan.in_channels + tap.begin + c;
          for (Index co = 0; co < plan.out_channels; ++co) {
            visit(row * plan.out_channels + co, plan.weight_index(co, tap, c, ky, kx));
          }
        }
      }
    }
  }
}

/// Calls visit(place in the narrow form, place in the wide form).
template <class Visit>
void for_wide_weights(const ConvolutionPlan& plan, const Visit& visit) {
  const WeightForm narrow = narrow_form(plan), wide = wide_form(plan);
  const Index co = plan.out_channels;
  for (Index i = 0; wide.size > 0 && i < narrow.size; ++i) {
    const Index row = i / narrow.row, under = i % narrow.row / co;
    for (Index pixel = 0; pixel < wide.pixels; ++pixel) {
      const Index at = under + pixel * plan.options.stride * plan.in_channels;
      visit(i, row * wide.row + (at * wide.pixels + pixel) * co + i % co);
    }
  }
}

/// Gradients of x, weight and bias, where they want them.
void direct_backward(const ConvolutionPlan& plan, Tensor x, Tensor y);

}  // namespace rppg::ops
