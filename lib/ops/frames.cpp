#include "ops/frames.h"

#include <algorithm>
#include <array>
#include <span>
#include <stdexcept>

#include "kernels/kernels.h"
#include "ops/partial_sums.h"
#include "tensor/parallel.h"

namespace rppg::ops {
namespace {

/// y[t] = x[t + late] - x[t + late - 1]; late = 1 or 0.
Tensor differences(const char* name, Tensor x, Index late) {
  Tape& tape = x.tape();
  const Index clips = x.shape()[0], frames = x.shape()[1];
  const Index size = x.count() / std::max<Index>(clips * frames, 1);
  const Tensor y = tape.output(x.shape(), {x});
  const Index zero = late != 0 ? frames - 1 : 0;
  for_blocks(tape.threads(), clips * frames, [&](Index i, int) {
    float* to = y.mutable_values().data() + i * size;
    if (i % frames == zero) {
      std::fill(to, to + size, 0.0F);
      return;
    }
    const float* after = x.values().data() + (i + late) * size;
    kernels().elementwise.subtract(after, after - size, size, to);
  });
  return tape.record(name, y, [=] {
    float* dx = x.gradient().data();
    const float* dy = y.gradient().data();
    for_blocks(y.tape().threads(), clips, [&](Index clip, int) {
      for (Index t = 0; t < frames; ++t) {
        if (t == zero) continue;
        const float* from = dy + (clip * frames + t) * size;
        float* after = dx + (clip * frames + t + late) * size;
        for (Index k = 0; k < size; ++k) {
          after[k] += from[k];
          after[k - size] -= from[k];
        }
      }
    });
  });
}

/// Output frame o is made of input frames `before` and `before` + 1 by taps of the kernel: even
/// ones by taps 3 and 1 of frames o/2 - 1 and o/2, odd ones by taps 2 and 0 of frames (o-1)/2 and
/// (o+1)/2.
struct UpsampleTap {
  Index frame;
  Index tap;
};

std::array<UpsampleTap, 2> taps_of(Index o) {
  if (o % 2 == 0) return {{{o / 2 - 1, 3}, {o / 2, 1}}};
  return {{{o / 2, 2}, {o / 2 + 1, 0}}};
}

struct Upsample {
  Tensor x, weight, bias, y;
  Index clips, frames, pixels, in, out;

  const float* frame_in(Index clip, Index t) const {
    return x.values().data() + (clip * frames + t) * pixels * in;
  }
  bool has(Index t) const { return t >= 0 && t < frames; }

  /// (4, Ci, Co) or, transposed, (4, Co, Ci).
  void pack(float* packed, bool transposed) const {
    const auto w = weight.values();
    for (Index ci = 0; ci < in; ++ci) {
      for (Index co = 0; co < out; ++co) {
        for (Index j = 0; j < 4; ++j) {
          const Index to = transposed ? (j * out + co) * in + ci : (j * in + ci) * out + co;
          packed[to] = w[static_cast<std::size_t>((ci * out + co) * 4 + j)];
        }
      }
    }
  }

  void forward() const {
    Tape& tape = y.tape();
    const Arena::Mark mark = tape.arena().mark();
    float* const packed = tape.scratch(weight.count()).data();
    pack(packed, false);
    for_blocks(tape.threads(), clips * 2 * frames, [&](Index i, int) {
      std::array<MatrixSegment, 2> segments{};
      Index n = 0;
      for (const UpsampleTap& tap : taps_of(i % (2 * frames))) {
        if (!has(tap.frame)) continue;
        segments[static_cast<std::size_t>(n++)] = {frame_in(i / (2 * frames), tap.frame),
                                                   packed + tap.tap * in * out, in};
      }
      kernels().matrix.multiply({.m = pixels,
                                 .n = out,
                                 .a_row = in,
                                 .a_column = 1,
                                 .b_row = out,
                                 .c = y.mutable_values().data() + i * pixels * out,
                                 .c_row = out,
                                 .bias = bias.values().data()},
                                segments.data(), n);
    });
    tape.arena().rewind(mark);
  }

  void add_input_gradient() const {
    Tape& tape = y.tape();
    float* const dx = x.gradient().data();
    const Arena::Mark mark = tape.arena().mark();
    float* const packed = tape.scratch(weight.count()).data();
    pack(packed, true);
    for_blocks(tape.threads(), clips * frames, [&](Index i, int) {
      std::array<MatrixSegment, 4> segments{};
      Index n = 0;
      for (Index j = 0; j < 4; ++j) {
        const Index o = 2 * (i % frames) + j - 1;
        if (o < 0 || o >= 2 * frames) continue;
        segments[static_cast<std::size_t>(n++)] = {
            y.gradient().data() + (i / frames * 2 * frames + o) * pixels * out,
            packed + j * in * out, out};
      }
      kernels().matrix.multiply({.m = pixels,
                                 .n = in,
                                 .a_row = out,
                                 .a_column = 1,
                                 .b_row = in,
                                 .c = dx + i * pixels * in,
                                 .c_row = in,
                                 .add = true},
                                segments.data(), n);
    });
    tape.arena().rewind(mark);
  }

  void add_weight_gradient() const {
    Tape& tape = y.tape();
    const Arena::Mark mark = tape.arena().mark();
    const Index size = 4 * in * out;
    const auto sums =
        sum_over_blocks(tape, clips * 2 * frames, size + out, [&](Index i, int, float* dw) {
          const float* dy = y.gradient().data() + i * pixels * out;
          kernels().convolution.add_pixels(dy, pixels, out, dw + size);
          for (const UpsampleTap& tap : taps_of(i % (2 * frames))) {
            if (!has(tap.frame)) continue;
            const MatrixSegment segment{frame_in(i / (2 * frames), tap.frame), dy, pixels};
            kernels().matrix.multiply({.m = in,
                                       .n = out,
                                       .a_row = 1,
                                       .a_column = in,
                                       .b_row = out,
                                       .c = dw + tap.tap * in * out,
                                       .c_row = out,
                                       .add = true},
                                      &segment, 1);
          }
        });
    if (weight.wants_gradient()) unpack(sums);
    add_to_gradient(bias, sums.subspan(static_cast<std::size_t>(size)));
    tape.arena().rewind(mark);
  }

  /// From (4, Ci, Co) to the weight's layout.
  void unpack(std::span<const float> sums) const {
    const auto gradient = weight.gradient();
    for (Index ci = 0; ci < in; ++ci) {
      for (Index co = 0; co < out; ++co) {
        for (Index j = 0; j < 4; ++j) {
          gradient[static_cast<std::size_t>((ci * out + co) * 4 + j)] +=
              sums[static_cast<std::size_t>((j * in + ci) * out + co)];
        }
      }
    }
  }
};

}  // namespace

Tensor forward_differences(Tensor x) { return differences("forward_differences", x, 1); }

Tensor backward_differences(Tensor x) { return differences("backward_differences", x, 0); }

Tensor pair_frames(Tensor x) {
  const Shape& shape = x.shape();
  const Index channels = shape[4], pixels = shape[2] * shape[3];
  const Index pairs = shape[1] / 2, size = pixels * channels;
  if (shape[1] % 2 != 0) throw std::logic_error("pair_frames: an odd number of frames");
  Tape& tape = x.tape();
  const Tensor y = tape.output({shape[0], pairs, shape[2], shape[3], 2 * channels}, {x});
  const Index count = shape[0] * shape[1];
  /// Channels of frame `frame` within its pair, pixel by pixel.
  const auto place = [=](Index frame) { return frame / 2 * 2 * size + frame % 2 * channels; };
  for_blocks(tape.threads(), count, [&](Index frame, int) {
    const float* from = x.values().data() + frame * size;
    float* to = y.mutable_values().data() + place(frame);
    for (Index i = 0; i < pixels; ++i) {
      std::copy_n(from + i * channels, channels, to + i * 2 * channels);
    }
  });
  return tape.record("pair_frames", y, [=] {
    float* dx = x.gradient().data();
    for_blocks(y.tape().threads(), count, [&](Index frame, int) {
      const float* from = y.gradient().data() + place(frame);
      float* to = dx + frame * size;
      for (Index i = 0; i < pixels; ++i) {
        for (Index c = 0; c < channels; ++c) to[i * channels + c] += from[i * 2 * channels + c];
      }
    });
  });
}

Tensor repeat_frames(Tensor x) {
  const Shape& shape = x.shape();
  const Index frames = shape[0] * shape[1], size = shape[2];
  const Tensor y = x.tape().output({shape[0], 2 * shape[1], size}, {x});
  for (Index frame = 0; frame < 2 * frames; ++frame) {
    std::copy_n(x.values().data() + frame / 2 * size, size,
                y.mutable_values().data() + frame * size);
  }
  return x.tape().record("repeat_frames", y, [=] {
    for (Index frame = 0; frame < 2 * frames; ++frame) {
      kernels().elementwise.add_scaled(y.gradient().data() + frame * size, 1, size,
                                       x.gradient().data() + frame / 2 * size);
    }
  });
}

Tensor upsample_frames(Tensor x, Tensor weight, Tensor bias) {
  const Shape& shape = x.shape();
  const Index out = weight.shape()[1];
  require_shape("upsample_frames: weight", weight.shape(), {shape[4], out, 4, 1, 1});
  require_shape("upsample_frames: bias", bias.shape(), {out});
  Tape& tape = x.tape();
  const Tensor y =
      tape.output({shape[0], 2 * shape[1], shape[2], shape[3], out}, {x, weight, bias});
  tape.count_cost("upsample_frames", weight, y, 2 * shape[4]);
  const Upsample work{x, weight, bias, y, shape[0], shape[1], shape[2] * shape[3], shape[4], out};
  work.forward();
  return tape.record("upsample_frames", y, [work] {
    if (work.x.wants_gradient()) work.add_input_gradient();
    if (work.weight.wants_gradient() || work.bias.wants_gradient()) work.add_weight_gradient();
  });
}

}  // namespace rppg::ops
