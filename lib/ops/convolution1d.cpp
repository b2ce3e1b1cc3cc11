#include "ops/convolution1d.h"

#include <algorithm>
#include <stdexcept>

#include "kernels/kernels.h"
#include "ops/product.h"
#include "tensor/parallel.h"

namespace rppg::ops {
namespace {

struct Sizes {
  Index batch, from, to, in, out, taps;
};

/// to[t] = [to[t] or bias or 0] + sum_j from[t + first + j step] weights_j, numbers outside being
/// zero. Row c of weights_j lies at (c taps + j) to_width.
struct TapSum {
  const float* from;
  Index from_length, from_width;
  float* to;
  Index to_length, to_width;
  const float* weights;
  Index taps, first, step;
  const float* bias;
  bool add;

  /// Rows of `to` that meet rows of `from` through tap j.
  Range reach(Index j) const {
    const Index shift = first + j * step;
    return {std::clamp<Index>(-shift, 0, to_length),
            std::clamp<Index>(from_length - shift, 0, to_length)};
  }
};

/// Rows [begin, end) of `to` all use the same taps.
struct Stretch {
  Index end;
  Index count;  ///< segments that were made
};

Stretch stretch_from(const TapSum& sum, Index begin, MatrixSegment* segments) {
  Stretch stretch{sum.to_length, 0};
  for (Index j = 0; j < sum.taps; ++j) {
    const Range reach = sum.reach(j);
    if (begin < reach.begin) {
      if (reach.begin < reach.end) stretch.end = std::min(stretch.end, reach.begin);
    } else if (begin < reach.end) {
      stretch.end = std::min(stretch.end, reach.end);
      segments[stretch.count++] = {sum.from + (begin + sum.first + j * sum.step) * sum.from_width,
                                   sum.weights + j * sum.to_width, sum.from_width};
    }
  }
  return stretch;
}

void add_taps(int threads, const TapSum& sum, MatrixSegment* segments) {
  for (Index begin = 0; begin < sum.to_length;) {
    const Stretch stretch = stretch_from(sum, begin, segments);
    multiply(threads,
             {.m = stretch.end - begin,
              .n = sum.to_width,
              .a_row = sum.from_width,
              .a_column = 1,
              .b_row = sum.taps * sum.to_width,
              .c = sum.to + begin * sum.to_width,
              .c_row = sum.to_width,
              .bias = sum.bias,
              .add = sum.add},
             {segments, static_cast<std::size_t>(stretch.count)});
    begin = stretch.end;
  }
}

/// weights (Co, Ci, k) -> (Co, k, Ci)
void taps_before_channels(Tensor weight, const Sizes& n, float* packed) {
  for (Index co = 0; co < n.out; ++co) {
    const Index at = co * n.in * n.taps;
    kernels().matrix.transpose(weight.values().data() + at, n.taps, n.in, n.taps, packed + at,
                               n.in);
  }
}

void add_input_gradient(Tape& tape, const Sizes& n, const Convolution1dOptions& options, Tensor x,
                        Tensor weight, const float* dy) {
  float* dx = x.gradient().data();
  const Arena::Mark mark = tape.arena().mark();
  float* packed = tape.scratch(weight.count()).data();
  taps_before_channels(weight, n, packed);
  MatrixSegment* segments = tape.scratch<MatrixSegment>(n.taps).data();
  for (Index b = 0; b < n.batch; ++b) {
    add_taps(tape.threads(),
             {.from = dy + b * n.to * n.out,
              .from_length = n.to,
              .from_width = n.out,
              .to = dx + b * n.from * n.in,
              .to_length = n.from,
              .to_width = n.in,
              .weights = packed,
              .taps = n.taps,
              .first = options.padding,
              .step = -options.dilation,
              .bias = nullptr,
              .add = true},
             segments);
  }
  tape.arena().rewind(mark);
}

/// Gradient of tap j's weights, (Co, Ci) with gaps: outer products over all clips and frames.
void tap_gradient(const Sizes& n, const TapSum& frames, Index j, const float* dy,
                  MatrixSegment* segments, float* gradient) {
  const Range reach = frames.reach(j);
  const Index shift = frames.first + j * frames.step;
  for (Index b = 0; b < n.batch; ++b) {
    segments[b] = {dy + (b * n.to + reach.begin) * n.out,
                   frames.from + (b * n.from + reach.begin + shift) * n.in,
                   reach.end - reach.begin};
  }
  multiply(1,
           {.m = n.out,
            .n = n.in,
            .a_row = 1,
            .a_column = n.out,
            .b_row = n.in,
            .c = gradient,
            .c_row = n.taps * n.in,
            .bias = nullptr,
            .add = false},
           {segments, static_cast<std::size_t>(n.batch)});
}

void add_weight_gradient(Tape& tape, const Sizes& n, const Convolution1dOptions& options, Tensor x,
                         Tensor weight, const float* dy) {
  float* dw = weight.gradient().data();
  const Arena::Mark mark = tape.arena().mark();
  float* packed = tape.scratch(weight.count()).data();  // (Co, k, Ci)
  MatrixSegment* segments = tape.scratch<MatrixSegment>(n.taps * n.batch).data();
  const TapSum frames{.from = x.values().data(),
                      .from_length = n.from,
                      .to_length = n.to,
                      .first = -options.padding,
                      .step = options.dilation};
  for_blocks(tape.threads(), n.taps, [&](Index j, int) {
    tap_gradient(n, frames, j, dy, segments + j * n.batch, packed + j * n.in);
  });
  for (Index co = 0; co < n.out; ++co) {
    for (Index j = 0; j < n.taps; ++j) {
      for (Index ci = 0; ci < n.in; ++ci) {
        dw[(co * n.in + ci) * n.taps + j] += packed[(co * n.taps + j) * n.in + ci];
      }
    }
  }
  tape.arena().rewind(mark);
}

Sizes sizes_of(Tensor x, Tensor weight, const Convolution1dOptions& options) {
  const Shape& shape = x.shape();
  const Shape& kernel = weight.shape();
  require_shape("convolution1d: x", shape, {shape[0], shape[1], kernel[1]});
  require_shape("convolution1d: weight", kernel, {kernel[0], kernel[1], kernel[2]});
  const Index length = shape[1] + 2 * options.padding - options.dilation * (kernel[2] - 1);
  if (length < 0) throw std::logic_error("convolution1d: the kernel is longer than the clip");
  return {shape[0], shape[1], length, kernel[1], kernel[0], kernel[2]};
}

}  // namespace

Tensor convolution1d(Tensor x, Tensor weight, Tensor bias, const Convolution1dOptions& options) {
  const Sizes n = sizes_of(x, weight, options);
  if (bias) require_shape("convolution1d: bias", bias.shape(), {n.out});

  Tape& tape = x.tape();
  const Tensor y = tape.output({n.batch, n.to, n.out}, {x, weight, bias});
  const Arena::Mark mark = tape.arena().mark();
  float* packed = tape.scratch(weight.count()).data();  // (Ci, k, Co)
  transpose(tape.threads(), weight.values().data(), n.out, n.in * n.taps, packed);
  MatrixSegment* segments = tape.scratch<MatrixSegment>(n.taps).data();
  for (Index b = 0; b < n.batch; ++b) {
    add_taps(tape.threads(),
             {.from = x.values().data() + b * n.from * n.in,
              .from_length = n.from,
              .from_width = n.in,
              .to = y.mutable_values().data() + b * n.to * n.out,
              .to_length = n.to,
              .to_width = n.out,
              .weights = packed,
              .taps = n.taps,
              .first = -options.padding,
              .step = options.dilation,
              .bias = bias ? bias.values().data() : nullptr,
              .add = false},
             segments);
  }
  tape.arena().rewind(mark);
  tape.count_cost("convolution1d", weight, y, n.in * n.taps);

  return tape.record("convolution1d", y, [=] {
    const float* dy = y.gradient().data();
    if (x.wants_gradient()) add_input_gradient(y.tape(), n, options, x, weight, dy);
    if (weight.wants_gradient()) add_weight_gradient(y.tape(), n, options, x, weight, dy);
    if (bias && bias.wants_gradient()) {
      sum_rows(dy, n.out, n.batch * n.to, n.out, bias.gradient().data());
    }
  });
}

}  // namespace rppg::ops
