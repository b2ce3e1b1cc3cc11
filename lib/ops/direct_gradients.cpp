// Gradients of the direct convolution. That of the input is a convolution itself, of the padded
// gradient of the output with the kernel turned around: as in the forward pass, A of each product
// is a picture with rows that overlap. With a stride, every residue of the input's pixels has a
// kernel of its own, of the weights that reach it.
#include "kernels/kernels.h"
#include "ops/direct_convolution.h"
#include "ops/partial_sums.h"
#include "tensor/parallel.h"

namespace rppg::ops {
namespace {

/// One axis of the kernels of the residues: input pixel p (padded) = phase + stride * j gets
/// weights phase, phase + stride, ... from outputs j, j - 1, ...
struct Phases {
  Index kernel;
  Index stride;

  Index count(Index phase) const { return (kernel - phase + stride - 1) / stride; }
  Index most() const { return count(0); }
};

/// Neighbouring pixels that are computed as one with more channels fill a vector better, though the
/// kernel of each is then padded with zeros to the width of all: the number that wastes least.
Index side_by_side(Index channels, Index kernel) {
  const Index lanes = kernels().vector_width;
  // Useful products per lane: of P pixels, P channels / lanes work, kernel / (kernel + P - 1) of
  // the time.
  const auto use = [&](Index pixels) {
    return static_cast<double>(pixels * channels * kernel) /
           static_cast<double>(lanes * (kernel + pixels - 1));
  };
  Index best = 1;
  for (Index pixels = 2; pixels * channels <= lanes; ++pixels) {
    if (use(pixels) > use(best)) best = pixels;
  }
  return best;
}

/// The weight for the gradient of the input: per part, phase of the row and phase of the column
/// (rows of the kernel, run of the output's numbers, pixel, Ci).
class TurnedWeight {
 public:
  explicit TurnedWeight(const DirectWork& work)
      : plan_(work.plan),
        phases_{plan_.kernel, plan_.options.stride},
        pixels_(side_by_side(plan_.in_channels, phases_.most())),
        parts_(work.taps()) {}

  Index pixels() const { return pixels_; }
  const Phases& phases() const { return phases_; }
  /// Numbers of the output's gradient under one row of the kernels of pixels side by side.
  Index run(Index phase) const { return (phases_.count(phase) + pixels_ - 1) * plan_.out_channels; }
  /// From one row of the kernel to the next.
  Index row(Index phase) const { return run(phase) * pixels_ * plan_.in_channels; }
  Index size() const { return parts_ * part_size(); }

  const float* at(Index part, Index phase_y, Index phase_x) const {
    return values_ + place(part, phase_y, phase_x);
  }

  void fill(float* values) {
    values_ = values;
    std::fill(values, values + size(), 0.0F);
    const Index kernel = plan_.kernel;
    for (Index part = 0; part < parts_; ++part) {
      for (Index ky = 0; ky < kernel; ++ky) {
        for (Index kx = 0; kx < kernel; ++kx) {
          const Index from = ((part * kernel + ky) * kernel + kx) * plan_.in_channels;
          turn(part, ky, kx, plan_.packed + from * plan_.out_channels);
        }
      }
    }
  }

 private:
  /// One pixel of the kernel, (Ci, Co), to where every pixel side by side reads it.
  void turn(Index part, Index ky, Index kx, const float* from) {
    const Index stride = phases_.stride, phase = kx % stride;
    float* to = values_ + place(part, ky % stride, phase) + ky / stride * row(phase);
    for (Index pixel = 0; pixel < pixels_; ++pixel) {
      const Index under = (phases_.count(phase) - 1 - kx / stride + pixel) * plan_.out_channels;
      for (Index ci = 0; ci < plan_.in_channels; ++ci) {
        for (Index co = 0; co < plan_.out_channels; ++co) {
          to[((under + co) * pixels_ + pixel) * plan_.in_channels + ci] =
              from[ci * plan_.out_channels + co];
        }
      }
    }
  }

  Index rows_size(Index phase_y) const {
    Index sum = 0;
    for (Index x = 0; x < columns(); ++x) sum += phases_.count(phase_y) * row(x);
    return sum;
  }
  Index part_size() const {
    Index sum = 0;
    for (Index y = 0; y < columns(); ++y) sum += rows_size(y);
    return sum;
  }
  Index place(Index part, Index phase_y, Index phase_x) const {
    Index at = part * part_size();
    for (Index y = 0; y < phase_y; ++y) at += rows_size(y);
    for (Index x = 0; x < phase_x; ++x) at += phases_.count(phase_y) * row(x);
    return at;
  }
  /// Phases that have weights.
  Index columns() const { return std::min(phases_.stride, phases_.kernel); }

  const ConvolutionPlan& plan_;
  Phases phases_;
  Index pixels_;
  Index parts_;
  float* values_ = nullptr;
};

/// The gradient of one output frame before its activation, with zeros around it that products may
/// read.
class PaddedGradient {
 public:
  PaddedGradient(const DirectWork& work, Index margin, Index beyond)
      : work_(work), margin_(margin), width_(work.out_width + 2 * margin + beyond) {}

  Index pixels() const { return (work_.out_height + 2 * margin_) * width_; }
  Index size() const { return pixels() * work_.plan.out_channels; }
  void place(float* values) {
    values_ = values;
    std::fill(values, values + size(), 0.0F);
  }
  const float* values() const { return values_; }
  /// Output pixel (oy, ox); both may lie up to the margin outside.
  float* at(Index oy, Index ox) const {
    return values_ + ((oy + margin_) * width_ + ox + margin_) * work_.plan.out_channels;
  }

  /// y and dy: (H, W, Co), what the activation made and the loss's gradient for it.
  void fill(const float* y, const float* dy) const {
    const Activation activation = work_.plan.options.activation;
    const Index row = work_.out_width * work_.plan.out_channels;
    for (Index oy = 0; oy < work_.out_height; ++oy, y += row, dy += row) {
      float* const to = at(oy, 0);
      if (activation == Activation::none) {
        std::copy(dy, dy + row, to);
        continue;
      }
      std::fill(to, to + row, 0.0F);
      kernels().activation.add_gradient(activation, y, dy, row, to);
    }
  }

 private:
  const DirectWork& work_;
  Index margin_;
  Index width_;
  float* values_ = nullptr;
};

/// What one thread works with.
struct Scratch {
  float* padded = nullptr;  ///< input frames
  PaddedGradient dy;
  float* row = nullptr;  ///< of the input's gradient
  MatrixSegment* segments = nullptr;
};

class Backward {
 public:
  Backward(const ConvolutionPlan& plan, Tensor x, Tensor y)
      : plan_(plan), work_(plan, x.shape()), turned_(work_), x_(x), y_(y), frames_(x.shape()[1]) {}

  void run() {
    if (x_.wants_gradient()) x_.gradient();
    y_.gradient();
    Tape& tape = y_.tape();
    const Arena::Mark mark = tape.arena().mark();
    if (x_.wants_gradient()) turned_.fill(tape.scratch(turned_.size()).data());
    const PaddedGradient dy(work_, turned_.phases().most(), turned_.pixels());
    const Index row = (work_.padded_width + turned_.pixels()) * plan_.in_channels;
    const Index room = work_.room() + dy.size() + row;
    float* const scratch = tape.scratch(room * tape.threads()).data();
    const Index most_segments = std::max(work_.out_height, turned_.phases().most());
    MatrixSegment* const lists = tape.scratch<MatrixSegment>(most_segments * tape.threads()).data();

    const auto sums = sum_over_blocks(
        tape, work_.blocks.count(), sums_size(), [&](Index block, int thread, float* dw) {
          float* const base = scratch + thread * room;
          Scratch own{base, dy, base + work_.room() + dy.size(), lists + thread * most_segments};
          own.dy.place(base + work_.room());
          add_block(work_.blocks[block], own, dw);
        });
    add_weight_gradient(sums);
    add_to_gradient(plan_.bias, sums.last(static_cast<std::size_t>(plan_.out_channels)));
    tape.arena().rewind(mark);
  }

 private:
  /// Sums for the packed weight, then for the bias.
  Index sums_size() const { return work_.weight_size() + plan_.out_channels; }

  void add_weight_gradient(std::span<const float> sums) const {
    if (!plan_.weight.wants_gradient()) return;
    float* gradient = plan_.weight.gradient().data();
    for_weights(
        plan_, [&](Index from, Index to) { gradient[to] += sums[static_cast<std::size_t>(from)]; });
  }

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
      const Index at = (block.clip * frames_ + f) * work_.output_size();
      scratch.dy.fill(y_.values().data() + at, y_.gradient().data() + at);
      if (f >= block.begin && f < block.end) add_weight_sums(padded, f, scratch, dw);
      if (back) add_input_gradient(block, f, scratch);
    }
  }

  /// dW += A^T dY, db += dY, over frame f.
  void add_weight_sums(const PaddedFrames& padded, Index f, const Scratch& scratch,
                       float* dw) const {
    kernels().convolution.add_pixels(scratch.dy.values(), scratch.dy.pixels(), plan_.out_channels,
                                     dw + work_.weight_size());
    if (!plan_.weight.wants_gradient()) return;
    const Index step = plan_.options.stride * plan_.in_channels;
    for (Index i = 0; i < work_.taps() * plan_.kernel; ++i) {
      const float* frame = padded.frame(f + work_.shift(i / plan_.kernel));
      for (Index oy = 0; oy < work_.out_height; ++oy) {
        const Index row = oy * plan_.options.stride + i % plan_.kernel;
        scratch.segments[oy] = {frame + row * work_.row_size(), scratch.dy.at(oy, 0),
                                work_.out_width};
      }
      kernels().matrix.multiply({.m = work_.run(),
                                 .n = plan_.out_channels,
                                 .a_row = 1,
                                 .a_column = step,
                                 .b_row = plan_.out_channels,
                                 .c = dw + i * work_.weight_row(),
                                 .c_row = plan_.out_channels,
                                 .add = true},
                                scratch.segments, work_.out_height);
    }
  }

  /// What output frame f gives to the frames of the block that it was made from.
  void add_input_gradient(const FrameBlock& block, Index f, const Scratch& scratch) const {
    const auto within = [&](const TimeTap& tap) {
      return f + tap.shift >= block.begin && f + tap.shift < block.end;
    };
    for (Index part = 0; part < work_.taps(); ++part) {
      const auto taps = taps_of(part);
      if (std::none_of(taps.begin(), taps.end(), within)) continue;
      for (Index y = 0; y < work_.height; ++y) {
        for (Index phase = 0; phase < plan_.options.stride; ++phase) {
          const RowPart columns = row_part(phase);
          if (!gather_row(part, y, columns, scratch)) continue;
          for (const TimeTap& tap : taps) {
            if (!within(tap)) continue;
            const Index at = (block.clip * frames_ + f + tap.shift) * work_.height + y;
            add_channels(scratch.row, tap, columns,
                         x_.gradient().data() + at * work_.width * plan_.in_channels);
          }
        }
      }
    }
  }

  /// Taps that share one padded frame and one part of the weight.
  std::span<const TimeTap> taps_of(Index part) const {
    if (work_.gathers()) return plan_.taps();
    return plan_.taps().subspan(static_cast<std::size_t>(part), 1);
  }

  /// The pixels of a row of the input with one residue.
  struct RowPart {
    Index phase;
    Index first;  ///< j of the first of them, see Phases
    Index count;
    Index column;  ///< of the first of them
  };
  RowPart row_part(Index phase) const {
    const Index stride = plan_.options.stride, padding = plan_.options.padding;
    const Index first = phase < padding ? (padding - phase + stride - 1) / stride : 0;
    const Index column = phase + first * stride - padding;
    const Index count = column < work_.width ? (work_.width - 1 - column) / stride + 1 : Index{0};
    return {phase, first, count, column};
  }

  /// The part of row y of the input's gradient, one pixel after the other; false if no weight
  /// reaches it.
  bool gather_row(Index part, Index y, const RowPart& columns, const Scratch& scratch) const {
    const Phases& phases = turned_.phases();
    const Index padded_y = y + plan_.options.padding;
    const Index phase_y = padded_y % phases.stride, j = padded_y / phases.stride;
    if (phase_y >= phases.kernel || columns.phase >= phases.kernel || columns.count == 0) {
      return false;
    }
    const float* weight = turned_.at(part, phase_y, columns.phase);
    const Index rows = phases.count(phase_y);
    for (Index i = 0; i < rows; ++i) {
      scratch.segments[i] = {
          scratch.dy.at(j - i, columns.first - (phases.count(columns.phase) - 1)),
          weight + i * turned_.row(columns.phase), turned_.run(columns.phase)};
    }
    const Index n = turned_.pixels() * plan_.in_channels;
    kernels().matrix.multiply({.m = (columns.count + turned_.pixels() - 1) / turned_.pixels(),
                               .n = n,
                               .a_row = turned_.pixels() * plan_.out_channels,
                               .a_column = 1,
                               .b_row = n,
                               .c = scratch.row,
                               .c_row = n},
                              scratch.segments, rows);
    return true;
  }

  /// The channels of a tap to their pixels in a row of the input's gradient.
  void add_channels(const float* from, const TimeTap& tap, const RowPart& columns,
                    float* row) const {
    const Index channels = plan_.in_channels, step = plan_.options.stride * channels;
    float* to = row + columns.column * channels;
    if (step == tap.channels()) {
      for (Index i = 0; i < columns.count * channels; ++i) to[i] += from[i];
      return;
    }
    for (Index i = 0; i < columns.count; ++i, to += step, from += channels) {
      for (Index c = tap.begin; c < tap.end; ++c) to[c] += from[c];
    }
  }

  const ConvolutionPlan& plan_;
  DirectWork work_;
  TurnedWeight turned_;
  Tensor x_;
  Tensor y_;
  Index frames_;
};

}  // namespace

void direct_backward(const ConvolutionPlan& plan, Tensor x, Tensor y) {
  Backward(plan, x, y).run();
}

}  // namespace rppg::ops
