/// What both directions of the direct convolution share: padded copies of frames, and the weight as
/// products read it.
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
  /// Numbers of the input under one row of the kernel, and of the packed weight for it.
  Index run() const { return plan.kernel * plan.in_channels; }
  Index weight_row() const { return run() * plan.out_channels; }
  Index weight_size() const { return taps() * plan.kernel * weight_row(); }
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

/// Calls visit(place in the packed weight, index in the weight). It is packed as (taps, ky, kx, Ci,
/// Co), with one tap where the shift is done while copying.
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

/// Gradients of x, weight and bias, where they want them.
void direct_backward(const ConvolutionPlan& plan, Tensor x, Tensor y);

}  // namespace rppg::ops
