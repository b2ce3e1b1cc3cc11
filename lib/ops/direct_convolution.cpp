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

Index packed_size(const ConvolutionPlan& plan) {
  return narrow_form(plan).size + wide_form(plan).size;
}

void pack(const ConvolutionPlan& plan, int /*threads*/, float* packed) {
  const float* weight = plan.weight.values().data();
  for_weights(plan, [&](Index to, Index from) { packed[to] = weight[from]; });
  float* const wide = packed + narrow_form(plan).size;
  std::fill(wide, wide + wide_form(plan).size, 0.0F);
  for_wide_weights(plan, [&](Index from, Index to) { wide[to] = packed[from]; });
}

/// Rows of output pixels, from the padded frames that taps reach.
class RowProduct {
 public:
  RowProduct(const DirectWork& work, MatrixSegment* segments, const float* bias)
      : work_(work),
        narrow_(narrow_form(work.plan)),
        main_(main_form(work.plan)),
        segments_(segments),
        bias_(bias) {}

  void operator()(const PaddedFrames& frames, Index f, Index oy, float* to) const {
    const Index groups = work_.out_width / main_.pixels, done = groups * main_.pixels;
    const bool wide = main_.pixels > 1;
    multiply(frames, f, oy, 0, main_, work_.plan.packed + (wide ? narrow_.size : 0), groups, to);
    if (done == work_.out_width) return;
    multiply(frames, f, oy, done, narrow_, work_.plan.packed, work_.out_width - done,
             to + done * work_.plan.out_channels);
  }

 private:
  /// `groups` of pixels side by side, from pixel ox on.
  void multiply(const PaddedFrames& frames, Index f, Index oy, Index ox, const WeightForm& form,
                const float* weight, Index groups, float* to) const {
    const ConvolutionPlan& plan = work_.plan;
    const Index step = plan.options.stride * plan.in_channels;
    const Index n = form.pixels * plan.out_channels;
    const Index segments = work_.taps() * plan.kernel;
    for (Index i = 0; i < segments; ++i) {
      const Index row = oy * plan.options.stride + i % plan.kernel;
      segments_[i] = {
          frames.frame(f + work_.shift(i / plan.kernel)) + row * work_.row_size() + ox * step,
          weight + i * form.row, form.run};
    }
    kernels().matrix.multiply({.m = groups,
                               .n = n,
                               .a_row = form.pixels * step,
                               .a_column = 1,
                               .b_row = n,
                               .c = to,
                               .c_row = n,
                               .bias = bias_},
                              segments_, segments);
  }

  const DirectWork& work_;
  WeightForm narrow_;
  WeightForm main_;
  MatrixSegment* segments_;
  const float* bias_;  ///< once per pixel of those side by side; null for none
};

void forward(const ConvolutionPlan& plan, Tensor x, Tensor y) {
  const DirectWork work(plan, x.shape());
  Tape& tape = y.tape();
  const Arena::Mark mark = tape.arena().mark();
  const Index frames = x.shape()[1];
  const Index segments = work.taps() * plan.kernel;
  float* const scratch = tape.scratch(work.room() * tape.threads()).data();
  MatrixSegment* const lists = tape.scratch<MatrixSegment>(segments * tape.threads()).data();
  const std::span<float> biases = tape.scratch(main_form(plan).pixels * plan.out_channels);
  for (std::size_t i = 0; plan.bias && i < biases.size(); ++i) {
    biases[i] = plan.bias.values()[i % plan.bias.values().size()];
  }

  for_blocks(tape.threads(), work.blocks.count(), [&](Index item, int thread) {
    const FrameBlock block = work.blocks[item];
    const float* clip = x.values().data() + block.clip * frames * work.input_size();
    const PaddedFrames padded = pad_frames(work, block, clip, scratch + thread * work.room());
    const RowProduct row_product(work, lists + thread * segments,
                                 plan.bias ? biases.data() : nullptr);
    const Index row = work.out_width * plan.out_channels;
    for (Index f = block.begin; f < block.end; ++f) {
      float* to = y.mutable_values().data() + (block.clip * frames + f) * work.output_size();
      for (Index oy = 0; oy < work.out_height; ++oy, to += row) {
        row_product(padded, f, oy, to);
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

Index side_by_side(Index channels, Index kernel, Index stride) {
  const Index lanes = kernels().vector_width;
  // Useful products per lane: of P pixels, P channels / lanes work, kernel / (kernel + (P - 1)
  // stride) of the time.
  const auto use = [&](Index pixels) {
    return static_cast<double>(pixels * channels * kernel) /
           static_cast<double>(lanes * (kernel + (pixels - 1) * stride));
  };
  Index best = 1;
  for (Index pixels = 2; pixels * channels <= lanes; ++pixels) {
    if (use(pixels) > use(best)) best = pixels;
  }
  return best;
}

WeightForm narrow_form(const ConvolutionPlan& plan) {
  const Index run = plan.kernel * plan.in_channels, row = run * plan.out_channels;
  const Index taps = plan.gathers() ? 1 : static_cast<Index>(plan.tap_count);
  return {1, run, row, taps * plan.kernel * row};
}

WeightForm wide_form(const ConvolutionPlan& plan) {
  const WeightForm narrow = narrow_form(plan);
  const Index pixels = side_by_side(plan.out_channels, plan.kernel, plan.options.stride);
  if (pixels == 1) return {1, narrow.run, narrow.row, 0};
  const Index run = (plan.kernel + (pixels - 1) * plan.options.stride) * plan.in_channels;
  const Index row = run * pixels * plan.out_channels;
  return {pixels, run, row, narrow.size / narrow.row * row};
}

const ConvolutionAlgorithm direct_convolution{
    .folds = false,
    .packed_size = packed_size,
    .pack = pack,
    .forward = forward,
    .backward = direct_backward};

}  // namespace rppg::ops
