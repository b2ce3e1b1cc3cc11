#include "ops/arithmetic.h"

#include <algorithm>
#include <stdexcept>

#include "kernels/kernels.h"
#include "ops/channel_periods.h"
#include "tensor/parallel.h"

namespace rppg::ops {
namespace {

using Combine = void (*)(const float* a, const float* b, Index n, float* y);

Tensor combine(const char* name, Tensor a, Tensor b, Combine kernel) {
  require_shape(name, b.shape(), a.shape());
  Tape& tape = a.tape();
  const Tensor y = tape.output(a.shape(), {a, b});
  const float* left = a.values().data();
  const float* right = b.values().data();
  float* out = y.mutable_values().data();
  for_ranges(tape.threads(), y.count(), [=](Index begin, Index end) {
    kernel(left + begin, right + begin, end - begin, out + begin);
  });
  return y;
}

/// The gradient of x += factor times that of y, where x wants one.
void add_gradient(Tensor x, Tensor y, float factor, int threads) {
  if (!x.wants_gradient()) return;
  const float* dy = y.gradient().data();
  float* dx = x.gradient().data();
  for_ranges(threads, y.count(), [=](Index begin, Index end) {
    kernels().elementwise.add_scaled(dy + begin, factor, end - begin, dx + begin);
  });
}

/// The gradient of x += other times the gradient of y, where x wants one.
void add_product_gradient(Tensor x, Tensor other, Tensor y, int threads) {
  if (!x.wants_gradient()) return;
  const float* factor = other.values().data();
  const float* dy = y.gradient().data();
  float* dx = x.gradient().data();
  for_ranges(threads, y.count(), [=](Index begin, Index end) {
    kernels().elementwise.add_product(factor + begin, dy + begin, end - begin, dx + begin);
  });
}

void require_last_axes(const Shape& bias, const Shape& x) {
  bool equal = bias.rank() <= x.rank();
  for (int axis = 1; equal && axis <= bias.rank(); ++axis) equal = bias[-axis] == x[-axis];
  if (equal) return;
  throw std::logic_error("add_bias: shape " + to_string(bias) + " is not the end of " +
                         to_string(x));
}

/// Equally spaced rows of `width` numbers.
struct Rows {
  const float* from;
  Index from_step;
  float* to;
  Index to_step;
  Index count;
  Index width;
};

template <class Row>
void for_rows(int threads, const Rows& rows, const Row& row) {
  const Index blocks = block_count(rows.count, 4096 / (rows.width + 1));
  for_blocks(threads, blocks, [&](Index block, int) {
    const Range range = part_of(rows.count, blocks, block);
    for (Index i = range.begin; i < range.end; ++i) {
      row(rows.from + i * rows.from_step, rows.to + i * rows.to_step);
    }
  });
}

void copy_rows(int threads, const Rows& rows) {
  for_rows(threads, rows, [&](const float* from, float* to) { std::copy_n(from, rows.width, to); });
}

void add_rows(int threads, const Rows& rows) {
  for_rows(threads, rows, [&](const float* from, float* to) {
    kernels().elementwise.add(from, to, rows.width, to);
  });
}

Index row_count(Tensor x) {
  const Index width = x.shape()[-1];
  return width > 0 ? x.count() / width : 0;
}

}  // namespace

Tensor add(Tensor a, Tensor b) {
  const int threads = a.tape().threads();
  const Tensor y = combine("add", a, b, kernels().elementwise.add);
  return y.tape().record("add", y, [=] {
    add_gradient(a, y, 1, threads);
    add_gradient(b, y, 1, threads);
  });
}

Tensor subtract(Tensor a, Tensor b) {
  const int threads = a.tape().threads();
  const Tensor y = combine("subtract", a, b, kernels().elementwise.subtract);
  return y.tape().record("subtract", y, [=] {
    add_gradient(a, y, 1, threads);
    add_gradient(b, y, -1, threads);
  });
}

Tensor multiply(Tensor a, Tensor b) {
  const int threads = a.tape().threads();
  const Tensor y = combine("multiply", a, b, kernels().elementwise.multiply);
  return y.tape().record("multiply", y, [=] {
    add_product_gradient(a, b, y, threads);
    add_product_gradient(b, a, y, threads);
  });
}

Tensor scale(Tensor x, float factor) {
  Tape& tape = x.tape();
  const int threads = tape.threads();
  const Tensor y = tape.output(x.shape(), {x});
  const float* in = x.values().data();
  float* out = y.mutable_values().data();
  for_ranges(threads, x.count(), [=](Index begin, Index end) {
    kernels().elementwise.scale(in + begin, factor, end - begin, out + begin);
  });
  return tape.record("scale", y, [=] { add_gradient(x, y, factor, threads); });
}

Tensor add_bias(Tensor x, Tensor bias) {
  require_last_axes(bias.shape(), x.shape());
  Tape& tape = x.tape();
  const ChannelPeriods periods(bias.count(), x.count());
  const Tensor y = tape.output(x.shape(), {x, bias});
  const std::span<const float> values = bias.values();
  const std::span<const float> period =
      periods.repeat(tape, [&](Index c) { return values[static_cast<std::size_t>(c)]; });
  const float* in = x.values().data();
  float* out = y.mutable_values().data();
  for_blocks(tape.threads(), periods.blocks, [&](Index block, int) {
    const Range range = periods.block(block);
    kernels().elementwise.add_periodic(in + range.begin, period.data(), periods.length,
                                       range.end - range.begin, out + range.begin);
  });
  return tape.record("add_bias", y, [=] {
    Tape& own = y.tape();
    add_gradient(x, y, 1, own.threads());
    if (!bias.wants_gradient()) return;
    const float* dy = y.gradient().data();
    const auto sums = periods.sum(own, 1, [&](Index begin, Index end, double* sum) {
      kernels().elementwise.sum_periodic(dy + begin, periods.length, end - begin, sum);
    });
    const std::span<float> gradient = bias.gradient();
    for (std::size_t c = 0; c < gradient.size(); ++c) gradient[c] += static_cast<float>(sums[c]);
  });
}

Tensor slice(Tensor x, Index begin, Index end) {
  const Index width = x.shape()[-1];
  if (begin < 0 || end < begin || width < end) throw std::logic_error("slice: beyond the axis");
  Tape& tape = x.tape();
  const int threads = tape.threads();
  const Index rows = row_count(x);
  const Tensor y = tape.output(x.shape().with(-1, end - begin), {x});
  copy_rows(threads, {x.values().data() + begin, width, y.mutable_values().data(), end - begin,
                      rows, end - begin});
  return tape.record("slice", y, [=] {
    add_rows(threads, {y.gradient().data(), end - begin, x.gradient().data() + begin, width, rows,
                       end - begin});
  });
}

Tensor concatenate(Tensor a, Tensor b) {
  const Index left = a.shape()[-1];
  const Index right = b.shape()[-1];
  require_shape("concatenate", b.shape(), a.shape().with(-1, right));
  Tape& tape = a.tape();
  const int threads = tape.threads();
  const Index width = left + right;
  const Index rows = a.shape().with(-1, 1).count();
  const Tensor y = tape.output(a.shape().with(-1, width), {a, b});
  float* out = y.mutable_values().data();
  copy_rows(threads, {a.values().data(), left, out, width, rows, left});
  copy_rows(threads, {b.values().data(), right, out + left, width, rows, right});
  return tape.record("concatenate", y, [=] {
    const float* dy = y.gradient().data();
    if (a.wants_gradient()) add_rows(threads, {dy, width, a.gradient().data(), left, rows, left});
    if (b.wants_gradient()) {
      add_rows(threads, {dy + left, width, b.gradient().data(), right, rows, right});
    }
  });
}

Tensor flip_time(Tensor x) {
  const Shape& shape = x.shape();
  if (shape.rank() != 3) throw std::logic_error("flip_time: shape " + to_string(shape));
  Tape& tape = x.tape();
  const Index clips = shape[0];
  const Index frames = shape[1];
  const Index width = shape[2];
  const Index last = (frames - 1) * width;
  const Tensor y = tape.output(shape, {x});
  for (Index clip = 0; clip < clips && x.count() > 0; ++clip) {
    const Index at = clip * frames * width;
    copy_rows(1, {x.values().data() + at + last, -width, y.mutable_values().data() + at, width,
                  frames, width});
  }
  return tape.record("flip_time", y, [=] {
    for (Index clip = 0; clip < clips && x.count() > 0; ++clip) {
      const Index at = clip * frames * width;
      add_rows(1, {y.gradient().data() + at + last, -width, x.gradient().data() + at, width, frames,
                   width});
    }
  });
}

}  // namespace rppg::ops
