// Convolution as products over rows of pixels: in a channels-last picture, the pixels under one row
// of a kernel lie side by side, so that A of the product is the picture itself (with rows that
// overlap) and nothing is unfolded in memory.
#include "ops/direct_convolution.h"

#include "kernels/kernels.h"
#include "tensor/parallel.h"

namespace rppg::ops {
namespace {

constexpr Index cache_floats = 160 * 1024;

/// Zeros around a padded frame.
void clear_borders(const DirectWork& work, float* frame) {
  const Index padding = work.plan.options.padding;
  const Index side = padding * work.plan.in_channels, row = work.row_size();
  const Index across = padding * row;
  std::fill(frame, frame + across, 0.0F);
  for (Index y = padding; y < padding + work.height; ++y) {
    std::fill(frame + y * row, frame + y * row + side, 0.0F);
    std::fill(frame + (y + 1) * row - side, frame + (y + 1) * row, 0.0F);
  }
  std::fill(frame + work.padded_size() - across, frame + work.padded_size(), 0.0F);
}

/// Channels [begin, end) of a frame, or zeros for none, into the middle of its padded copy.
void copy_channels(const DirectWork& work, const float* from, Index begin, Index end, float* to) {
  const Index channels = work.plan.in_channels, padding = work.plan.options.padding;
  const Index row = work.width * channels;
  for (Index y = 0; y < work.height; ++y) {
    const float* source = from != nullptr ? from + y * row : nullptr;
    float* target = to + (y + padding) * work.row_size() + padding * channels;
    if (begin == 0 && end == channels && source != nullptr) {
      std::copy(source, source + row, target);
      continue;
    }
    for (Index x = 0; x < row; x += channels) {
      for (Index c = begin; c < end; ++c) target[x + c] = source != nullptr ? source[x + c] : 0.0F;
    }
  }
}

Index packed_size(const ConvolutionPlan& plan) { return plan.weight.count(); }

void pack(const ConvolutionPlan& plan, int /*threads*/, float* packed) {
  const float* weight = plan.weight.values().data();
  for_weights(plan, [&](Index to, Index from) { packed[to] = weight[from]; });
}

/// A row of output pixels, from the padded frames that taps reach.
void multiply_row(const DirectWork& work, const PaddedFrames& frames, Index f, Index oy,
                  MatrixSegment* segments, float* to) {
  const ConvolutionPlan& plan = work.plan;
  const Index count = work.taps() * plan.kernel;
  for (Index i = 0; i < count; ++i) {
    const Index row = oy * plan.options.stride + i % plan.kernel;
    segments[i] = {frames.frame(f + work.shift(i / plan.kernel)) + row * work.row_size(),
                   plan.packed + i * work.weight_row(), work.run()};
  }
  kernels().matrix.multiply({.m = work.out_width,
                             .n = plan.out_channels,
                             .a_row = plan.options.stride * plan.in_channels,
                             .a_column = 1,
                             .b_row = plan.out_channels,
                             .c = to,
                             .c_row = plan.out_channels,
                             .bias = plan.bias ? plan.bias.values().data() : nullptr},
                            segments, count);
}

void forward(const ConvolutionPlan& plan, Tensor x, Tensor y) {
  const DirectWork work(plan, x.shape());
  Tape& tape = y.tape();
  const Arena::Mark mark = tape.arena().mark();
  const Index frames = x.shape()[1];
  const Index segments = work.taps() * plan.kernel;
  float* const scratch = tape.scratch(work.room() * tape.threads()).data();
  MatrixSegment* const lists = tape.scratch<MatrixSegment>(segments * tape.threads()).data();
  for_blocks(tape.threads(), work.blocks.count(), [&](Index item, int thread) {
    const FrameBlock block = work.blocks[item];
    const float* clip = x.values().data() + block.clip * frames * work.input_size();
    const PaddedFrames padded = pad_frames(work, block, clip, scratch + thread * work.room());
    const Index row = work.out_width * plan.out_channels;
    for (Index f = block.begin; f < block.end; ++f) {
      float* to = y.mutable_values().data() + (block.clip * frames + f) * work.output_size();
      for (Index oy = 0; oy < work.out_height; ++oy, to += row) {
        multiply_row(work, padded, f, oy, lists + thread * segments, to);
        if (plan.options.activation == Activation::none) continue;
        kernels().activation.apply(plan.options.activation, to, row, to);
      }
    }
  });
  tape.arena().rewind(mark);
}

}  // namespace

DirectWork::DirectWork(const ConvolutionPlan& p, const Shape& x)
    : plan(p),
      height(x[2]),
      width(x[3]),
      out_height(p.output_extent(height)),
      out_width(p.output_extent(width)),
      padded_height(height + 2 * p.options.padding),
      padded_width(width + 2 * p.options.padding),
      before(gathers() ? 0 : p.frames_before()),
      after(gathers() ? 0 : p.frames_after()),
      block_frames(std::clamp<Index>(cache_floats / padded_size(), 1 + 2 * (before + after), 16)),
      blocks(x[0], x[1], p.options.reach == TimeReach::shift ? p.options.segment : 0,
             block_frames) {}

PaddedFrames pad_frames(const DirectWork& work, const FrameBlock& block, const float* clip,
                        float* values) {
  const PaddedFrames frames{work, values, block.begin - work.before};
  const auto source = [&](Index f) {
    return f >= block.group_begin && f < block.group_end ? clip + f * work.input_size() : nullptr;
  };
  for (Index f = frames.begin; f < block.end + work.after; ++f) {
    float* const to = frames.frame(f);
    clear_borders(work, to);
    if (!work.gathers()) {
      copy_channels(work, source(f), 0, work.plan.in_channels, to);
      continue;
    }
    for (const TimeTap& tap : work.plan.taps()) {
      copy_channels(work, source(f + tap.shift), tap.begin, tap.end, to);
    }
  }
  return frames;
}

const ConvolutionAlgorithm direct_convolution{.folds = false,
                                              .packed_size = packed_size,
                                              .pack = pack,
                                              .forward = forward,
                                              .backward = direct_backward};

}  // namespace rppg::ops
