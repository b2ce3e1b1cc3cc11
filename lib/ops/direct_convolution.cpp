// Convolution as products over rows of pixels: in a channels-last picture, the pixels under one row
// of a kernel lie side by side, so that A of the product is the picture itself (with rows that
// overlap) and nothing is unfolded in memory.
#include <algorithm>
#include <cstring>

#include "kernels/kernels.h"
#include "ops/convolution_plan.h"
#include "ops/parallel.h"
#include "ops/partial_sums.h"

namespace rppg::ops {
namespace {

constexpr Index cache_floats = 160 * 1024;

struct Work {
  const ConvolutionPlan& plan;
  Index height, width;
  Index out_height, out_width;
  Index padded_height, padded_width;
  Index before, after;
  Index block_frames;
  FrameBlocks blocks;

  Work(const ConvolutionPlan& p, const Shape& x)
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

  /// A temporal shift is done while frames are copied: one copy then holds all that taps reach.
  bool gathers() const { return plan.options.reach == TimeReach::shift; }
  Index taps() const { return gathers() ? 1 : static_cast<Index>(plan.tap_count); }
  Index shift(Index tap) const {
    return gathers() ? 0 : plan.tap_list[static_cast<std::size_t>(tap)].shift;
  }
  Index row_size() const { return padded_width * plan.in_channels; }
  Index padded_size() const { return padded_height * row_size(); }
  Index input_size() const { return height * width * plan.in_channels; }
  Index output_size() const { return out_height * out_width * plan.out_channels; }
  Index run() const { return plan.kernel * plan.in_channels; }  ///< numbers under a kernel's row
  Index room() const { return (block_frames + before + after) * padded_size(); }
};

/// Padded copies of frames [begin, ...) of a block and all frames that its taps reach.
struct PaddedFrames {
  const Work& work;
  float* values;
  Index begin;

  float* frame(Index f) const { return values + (f - begin) * work.padded_size(); }
};

/// Zeros around a padded frame.
void clear_borders(const Work& work, float* frame) {
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
void copy_channels(const Work& work, const float* from, Index begin, Index end, float* to) {
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

PaddedFrames pad_frames(const Work& work, const FrameBlock& block, const float* clip,
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

/// Pixels that are computed side by side as one with more channels, to fill a vector: the kernel of
/// each is padded with zeros to the width of all.
Index side_by_side(const ConvolutionPlan& plan) {
  return 2 * plan.out_channels <= kernels().vector_width && plan.out_channels > 1 ? 2 : 1;
}

/// Numbers under a row of the kernels of pixels side by side.
Index wide_run(const ConvolutionPlan& plan) {
  const Index pixels = plan.kernel + (side_by_side(plan) - 1) * plan.options.stride;
  return pixels * plan.in_channels;
}

/// Calls visit(place in (taps, ky, kx, Ci, Co), index in the weight), with one tap where the shift
/// is done while copying.
template <class Visit>
void for_weights(const ConvolutionPlan& plan, const Visit& visit) {
  const bool gathers = plan.options.reach == TimeReach::shift;
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

/// Numbers of the weight.
Index weight_size(const ConvolutionPlan& plan) {
  return plan.rows() * plan.kernel * plan.kernel * plan.out_channels;
}

/// Numbers of the weight for pixels side by side: (taps, ky, wide run, pixel, Co).
Index wide_size(const ConvolutionPlan& plan) {
  const Index rows = weight_size(plan) / (plan.kernel * plan.in_channels * plan.out_channels);
  return rows * wide_run(plan) * side_by_side(plan) * plan.out_channels;
}

Index packed_size(const ConvolutionPlan& plan) { return weight_size(plan) + wide_size(plan); }

/// The weight as (taps, ky, kx, Ci, Co), then the same for pixels side by side.
void pack(const ConvolutionPlan& plan, float* packed) {
  const float* weight = plan.weight.values().data();
  for_weights(plan, [&](Index to, Index from) { packed[to] = weight[from]; });
  float* const wide = packed + weight_size(plan);
  std::fill(wide, wide + wide_size(plan), 0.0F);
  const Index run = plan.kernel * plan.in_channels, co = plan.out_channels;
  const Index pixels = side_by_side(plan);
  for (Index i = 0; i < weight_size(plan); ++i) {
    const Index row = i / co / run, under = i / co % run;
    for (Index pixel = 0; pixel < pixels; ++pixel) {
      const Index at = under + pixel * plan.options.stride * plan.in_channels;
      wide[((row * wide_run(plan) + at) * pixels + pixel) * co + i % co] = packed[i];
    }
  }
}

/// One row of output pixels, from the padded frames that taps reach.
class RowProduct {
 public:
  RowProduct(const Work& work, MatrixSegment* segments, const float* bias)
      : work_(work), segments_(segments), bias_(bias) {}

  void operator()(const PaddedFrames& frames, Index f, Index oy, float* to) const {
    const ConvolutionPlan& plan = work_.plan;
    const Index pixels = side_by_side(plan), together = work_.out_width / pixels;
    multiply(frames, f, oy, 0, together, pixels, to);
    if (together * pixels < work_.out_width) {
      multiply(frames, f, oy, work_.out_width - 1, 1, 1,
               to + (work_.out_width - 1) * plan.out_channels);
    }
  }

 private:
  /// `count` groups of `pixels` pixels from pixel ox on.
  void multiply(const PaddedFrames& frames, Index f, Index oy, Index ox, Index count, Index pixels,
                float* to) const {
    const ConvolutionPlan& plan = work_.plan;
    const Index step = plan.options.stride * plan.in_channels;
    const bool wide = pixels > 1;
    const float* weight = plan.packed + (wide ? weight_size(plan) : 0);
    const Index run = wide ? wide_run(plan) : work_.run();
    const Index n = pixels * plan.out_channels;
    const Index segments = work_.taps() * plan.kernel;
    for (Index i = 0; i < segments; ++i) {
      const Index row = oy * plan.options.stride + i % plan.kernel;
      segments_[i] = {
          frames.frame(f + work_.shift(i / plan.kernel)) + row * work_.row_size() + ox * step,
          weight + i * run * n, run};
    }
    kernels().matrix.multiply({.m = count,
                               .n = n,
                               .a_row = pixels * step,
                               .a_column = 1,
                               .b_row = n,
                               .c = to,
                               .c_row = n,
                               .bias = bias_},
                              segments_, segments);
  }

  const Work& work_;
  MatrixSegment* segments_;
  const float* bias_;  ///< once per pixel of those side by side; null for none
};

void forward(const ConvolutionPlan& plan, Tensor x, Tensor y) {
  const Work work(plan, x.shape());
  Tape& tape = y.tape();
  const Arena::Mark mark = tape.arena().mark();
  const Index frames = x.shape()[1];
  const Index segments = work.taps() * plan.kernel;
  float* const scratch = tape.scratch(work.room() * tape.threads()).data();
  MatrixSegment* const lists = tape.scratch<MatrixSegment>(segments * tape.threads()).data();
  const std::span<float> biases = tape.scratch(side_by_side(plan) * plan.out_channels);
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

class Backward {
 public:
  Backward(const ConvolutionPlan& plan, Tensor x, Tensor y)
      : plan_(plan), work_(plan, x.shape()), x_(x), y_(y), frames_(x.shape()[1]) {}

  void run() {
    if (x_.wants_gradient()) x_.gradient();
    y_.gradient();
    Tape& tape = y_.tape();
    const Arena::Mark mark = tape.arena().mark();
    transpose_weights();
    const Index columns = plan_.kernel * work_.run();  // of one tap, under one pixel
    const Index dy_size = work_.output_size();
    const Index unfolded = work_.out_width * columns;
    const Index room = work_.room() + dy_size + unfolded + work_.padded_size();
    float* const scratch = tape.scratch(room * tape.threads()).data();
    MatrixSegment* const lists =
        tape.scratch<MatrixSegment>(work_.out_height * tape.threads()).data();

    const Index size = weight_size(plan_);
    const auto sums =
        sum_over_blocks(tape, work_.blocks.count(), size + plan_.out_channels,
                        [&](Index block, int thread, float* dw) {
                          float* const padded = scratch + thread * room;
                          float* const dy = padded + work_.room();
                          const Scratch own{padded, dy, dy + dy_size, dy + dy_size + unfolded,
                                            lists + thread * work_.out_height};
                          add_block(work_.blocks[block], own, dw);
                        });
    if (plan_.weight.wants_gradient()) {
      float* gradient = plan_.weight.gradient().data();
      for_weights(plan_, [&](Index from, Index to) {
        gradient[to] += sums[static_cast<std::size_t>(from)];
      });
    }
    add_to_gradient(plan_.bias, sums.subspan(static_cast<std::size_t>(size)));
    tape.arena().rewind(mark);
  }

 private:
  /// (taps, Co, ky, kx, Ci), for the gradient of the input.
  void transpose_weights() {
    if (!x_.wants_gradient()) return;
    transposed_ = y_.tape().scratch(weight_size(plan_)).data();
    const Index columns = plan_.kernel * work_.run();
    const Index size = columns * plan_.out_channels;
    for (Index tap = 0; tap < work_.taps(); ++tap) {
      kernels().matrix.transpose(plan_.packed + tap * size, plan_.out_channels, columns,
                                 plan_.out_channels, transposed_ + tap * size, columns);
    }
  }

  /// The gradient of frame f before its activation; `dy` is used where there is one.
  const float* gradient_of_sums(Index clip, Index f, float* dy) const {
    const Index at = (clip * frames_ + f) * work_.output_size();
    const float* gradient = y_.gradient().data() + at;
    if (plan_.options.activation == Activation::none) return gradient;
    std::fill(dy, dy + work_.output_size(), 0.0F);
    kernels().activation.add_gradient(plan_.options.activation, y_.values().data() + at, gradient,
                                      work_.output_size(), dy);
    return dy;
  }

  /// What one thread works with.
  struct Scratch {
    float* padded;    ///< input frames
    float* dy;        ///< gradient of one output frame
    float* unfolded;  ///< gradient of what lies under the kernels of a row of pixels
    float* padded_dx;
    MatrixSegment* segments;
  };

  /// The block's frames give their part of the weight's gradient; they, and all frames whose taps
  /// reach the block, give it theirs of the input's.
  void add_block(const FrameBlock& block, const Scratch& scratch, float* dw) const {
    const float* clip = x_.values().data() + block.clip * frames_ * work_.input_size();
    const PaddedFrames padded = pad_frames(work_, block, clip, scratch.padded);
    const bool back = x_.wants_gradient();
    const Index begin =
        back ? std::max(block.begin - plan_.frames_after(), block.group_begin) : block.begin;
    const Index end =
        back ? std::min(block.end + plan_.frames_before(), block.group_end) : block.end;
    for (Index f = begin; f < end; ++f) {
      const float* sums = gradient_of_sums(block.clip, f, scratch.dy);
      if (f >= block.begin && f < block.end) add_weight_sums(padded, f, sums, scratch.segments, dw);
      if (back) add_input_gradient(block, f, sums, scratch);
    }
  }

  /// dW += A^T dY, db += dY, over frame f.
  void add_weight_sums(const PaddedFrames& padded, Index f, const float* sums,
                       MatrixSegment* segments, float* dw) const {
    kernels().convolution.add_pixels(sums, work_.out_height * work_.out_width, plan_.out_channels,
                                     dw + weight_size(plan_));
    for (Index i = 0; i < work_.taps() * plan_.kernel; ++i) {
      const float* frame = padded.frame(f + work_.shift(i / plan_.kernel));
      for (Index oy = 0; oy < work_.out_height; ++oy) {
        const Index row = oy * plan_.options.stride + i % plan_.kernel;
        segments[oy] = {frame + row * work_.row_size(),
                        sums + oy * work_.out_width * plan_.out_channels, work_.out_width};
      }
      kernels().matrix.multiply({.m = work_.run(),
                                 .n = plan_.out_channels,
                                 .a_row = 1,
                                 .a_column = plan_.options.stride * plan_.in_channels,
                                 .b_row = plan_.out_channels,
                                 .c = dw + i * work_.run() * plan_.out_channels,
                                 .c_row = plan_.out_channels,
                                 .add = true},
                                segments, work_.out_height);
    }
  }

  /// What output frame f gives to the frames of the block that it was made from.
  void add_input_gradient(const FrameBlock& block, Index f, const float* sums,
                          const Scratch& scratch) const {
    for (Index part = 0; part < work_.taps(); ++part) {
      const auto taps = taps_of(part);
      const auto within = [&](const TimeTap& tap) {
        return f + tap.shift >= block.begin && f + tap.shift < block.end;
      };
      if (std::none_of(taps.begin(), taps.end(), within)) continue;
      fold(sums, part, scratch.unfolded, scratch.padded_dx);
      for (const TimeTap& tap : taps) {
        if (!within(tap)) continue;
        const Index at = (block.clip * frames_ + f + tap.shift) * work_.input_size();
        add_channels(scratch.padded_dx, tap, x_.gradient().data() + at);
      }
    }
  }

  /// Taps that share one padded frame and one part of the weight.
  std::span<const TimeTap> taps_of(Index part) const {
    if (work_.gathers()) return plan_.taps();
    return plan_.taps().subspan(static_cast<std::size_t>(part), 1);
  }

  /// dY W^T, pixel by pixel, added where each kernel lies.
  void fold(const float* sums, Index part, float* unfolded, float* padded) const {
    std::memset(padded, 0, static_cast<std::size_t>(work_.padded_size()) * sizeof(float));
    const Index columns = plan_.kernel * work_.run();
    const float* weight = transposed_ + part * columns * plan_.out_channels;
    for (Index oy = 0; oy < work_.out_height; ++oy) {
      const MatrixSegment segment{sums + oy * work_.out_width * plan_.out_channels, weight,
                                  plan_.out_channels};
      kernels().matrix.multiply({.m = work_.out_width,
                                 .n = columns,
                                 .a_row = plan_.out_channels,
                                 .a_column = 1,
                                 .b_row = columns,
                                 .c = unfolded,
                                 .c_row = columns},
                                &segment, 1);
      for (Index ky = 0; ky < plan_.kernel; ++ky) {
        kernels().convolution.add_overlapping_rows(
            unfolded + ky * work_.run(), columns, work_.out_width, work_.run(),
            padded + (oy * plan_.options.stride + ky) * work_.row_size(),
            plan_.options.stride * plan_.in_channels);
      }
    }
  }

  /// The channels of a tap from the middle of a padded frame.
  void add_channels(const float* padded, const TimeTap& tap, float* to) const {
    const Index channels = plan_.in_channels, padding = plan_.options.padding;
    for (Index y = 0; y < work_.height; ++y) {
      const float* from = padded + (y + padding) * work_.row_size() + padding * channels;
      float* row = to + y * work_.width * channels;
      for (Index x = 0; x < work_.width * channels; x += channels) {
        for (Index c = tap.begin; c < tap.end; ++c) row[x + c] += from[x + c];
      }
    }
  }

  const ConvolutionPlan& plan_;
  Work work_;
  Tensor x_;
  Tensor y_;
  Index frames_;
  float* transposed_ = nullptr;
};

void backward(const ConvolutionPlan& plan, Tensor x, Tensor y) { Backward(plan, x, y).run(); }

}  // namespace

const ConvolutionAlgorithm direct_convolution{packed_size, pack, forward, backward};

}  // namespace rppg::ops
