/// What both directions of Winograd's method share: how kernels are cut to fit tiles, and
/// transformed tiles of a few frames.
#pragma once

#include <algorithm>
#include <array>
#include <span>

#include "ops/convolution_plan.h"
#include "tensor/parallel.h"

namespace rppg::ops {

/// Numbers of a transformed tile.
inline constexpr Index winograd_points = 36;

/// A kernel as tiles take it. With a stride of s, blocks of s x s pixels count as one pixel with as
/// many times the channels (ops::fold_pixels), and the kernel moves by one of them. What is then
/// longer than 5 pixels is cut into parts of `outputs` = 3 pixels, the last one of 4: part i of a
/// tile's outputs reads the tile i further on.
struct WinogradForm {
  Index stride;
  Index before;   ///< zeros before the kernel's first pixel, which make its padding whole blocks
  Index padding;  ///< in blocks
  Index kernel;   ///< of a part, in blocks
  Index outputs;  ///< of a tile, per axis
  Index parts;    ///< per axis

  Index block() const { return stride * stride; }
  Index all_parts() const { return parts * parts; }
  /// Per number of output and pair of channels.
  double multiplications() const {
    return static_cast<double>(winograd_points * block() * all_parts()) /
           static_cast<double>(outputs * outputs);
  }
  /// The pixel of the kernel, along one axis, that number i of a part has for pixel `phase` of a
  /// block; negative for none.
  Index pixel(Index kernel_size, Index part, Index phase, Index i) const {
    if (part + 1 < parts && i >= outputs) return -1;
    const Index k = (part * outputs + i) * stride + phase - before;
    return k < kernel_size ? k : -1;
  }
};

WinogradForm winograd_form(const ConvolutionPlan& plan);

/// One call's geometry and division into blocks.
struct WinogradWork {
  const ConvolutionPlan& plan;
  WinogradForm form;
  Index height, width, in_channels;  ///< of the input, in blocks of pixels
  Index out_height, out_width;       ///< of the output
  Index per_row, tiles;              ///< tiles of a frame; as many of each row as its parts read
  Index reach;                       ///< tiles that the last part of a kernel reads further on
  Index before, after;               ///< frames that taps reach
  Index block_frames;
  Index chunk;  ///< tiles at a time
  FrameBlocks blocks;

  /// Of a folded input and the output.
  WinogradWork(const ConvolutionPlan& plan, const Shape& x, const Shape& y);

  Index chunks() const { return (tiles + chunk - 1) / chunk; }
  /// Floats that hold transformed tiles of a whole block with all its neighbours.
  Index in_room() const { return room(chunk + reach, in_channels); }
  Index out_room() const { return room(chunk, plan.out_channels); }
  /// Rows of the packed weight, at each point.
  Index rows() const { return plan.rows() * form.block() * form.all_parts(); }
  /// The first of them of a tap and part.
  Index row_of(const TimeTap& tap, Index part) const {
    return (tap.row * form.all_parts() + part * tap.channels()) * form.block();
  }
  /// The columns of a product with one tap.
  Index channels_of(const TimeTap& tap) const { return tap.channels() * form.block(); }
  /// From a tile to the one that a part of the kernel reads.
  Index tile_of(Index part) const { return part / form.parts * per_row + part % form.parts; }
  /// Frames of a block whose tiles one product takes together.
  Index together(const FrameBlock& block) const {
    return reach == 0 ? block.end - block.begin : Index{1};
  }

  WinogradTiles input_tiles(Index first, Index count, Index point) const;
  WinogradTiles output_tiles(Index first, Index count, Index point) const;
  Index input_size() const { return height * width * in_channels; }
  Index output_size() const { return out_height * out_width * plan.out_channels; }

 private:
  Index room(Index count, Index channels) const {
    return winograd_points * (block_frames + before + after) * count * channels;
  }
};

/// A chunk of tiles of frames [begin, end) of a block, transformed: number p of frame f, tile t and
/// channel c at values[p * point + ((f - begin) * count + t) * channels + c].
struct TransformedTiles {
  float* values;
  Index begin, end;
  Index count;
  Index channels;

  Index point() const { return (end - begin) * count * channels; }
  float* frame(Index f) const { return values + (f - begin) * count * channels; }
  void clear_frame(Index f) const;
};

/// Tiles [first, first + count + reach) of the input, of a block and the frames that its taps
/// reach; zeros outside its group.
TransformedTiles transform_input(const WinogradWork& work, const FrameBlock& block,
                                 const float* clip, Index first, Index count, float* values);

/// One row of the packed weight: what a part of the kernel has for one channel of a tap and one
/// pixel of a block.
struct WinogradRow {
  const TimeTap* tap;
  Index channel;
  /// Where the numbers of the part lie in the weight, seen from pixel (0, 0) of the kernel;
  /// negative where it has none.
  std::array<Index, 25> places;
};
WinogradRow winograd_row(const ConvolutionPlan& plan, const WinogradForm& form, Index row);

/// Calls visit(row, its number, output channels [begin, end)), each for weights of its own, at most
/// `most_together` channels at a time.
inline constexpr Index most_together = 16;
template <class Visit>
void for_winograd_rows(const ConvolutionPlan& plan, const WinogradForm& form, int threads,
                       const Visit& visit) {
  for_blocks(threads, plan.rows() * form.block() * form.all_parts(), [&](Index number, int) {
    const WinogradRow row = winograd_row(plan, form, number);
    for (Index begin = 0; begin < plan.out_channels; begin += most_together) {
      visit(row, number, begin, std::min(begin + most_together, plan.out_channels));
    }
  });
}

/// Gradients of x, weight and bias, where they want them.
void winograd_backward(const ConvolutionPlan& plan, Tensor x, Tensor y);

}  // namespace rppg::ops
