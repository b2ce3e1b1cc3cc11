/// What losses of (B, T) tensors share: a value and a gradient per row, in double precision.
#pragma once

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string>

#include "tensor/parallel.h"
#include "tensor/tape.h"

namespace rppg::ops {

/// Row b of a matrix that lies row by row; empty for an empty one.
template <class T>
std::span<T> row_of(std::span<T> matrix, Index row, Index width) {
  if (matrix.empty()) return matrix;
  return matrix.subspan(static_cast<std::size_t>(row * width), static_cast<std::size_t>(width));
}

/// The numbers of x in double precision, in the tape's memory.
inline std::span<double> widened(Tape& tape, Tensor x) {
  const std::span<double> copy = tape.scratch<double>(x.count());
  std::copy(x.values().begin(), x.values().end(), copy.begin());
  return copy;
}

/// Room for the derivative of every number of x; empty where that is not wanted.
inline std::span<double> gradient_room(Tape& tape, Tensor x) {
  return tape.scratch<double>(tape.options().gradients && x.wants_gradient() ? x.count() : 0);
}

/// x's gradient += factor * derivatives.
inline void add_gradient(Tensor x, double factor, std::span<const double> derivatives) {
  if (!x.wants_gradient()) return;
  const std::span<float> sum = x.gradient();
  for (std::size_t i = 0; i < sum.size(); ++i) {
    sum[i] += static_cast<float>(factor * derivatives[i]);
  }
}

/// Sum in the order of the elements, over their number.
inline double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

/// Throws std::logic_error unless both are (B, T) with B, T > 0.
inline void require_rows(const char* name, Tensor x, Tensor target) {
  require_shape(name, target.shape(), x.shape());
  if (x.shape().rank() != 2 || x.count() == 0) {
    throw std::logic_error(std::string(name) + ": shape " + to_string(x.shape()) +
                           ", expected (B, T)");
  }
}

/// Which row a loss is asked for, and by which thread.
struct RowTask {
  Index row;
  int thread;
};

/// Mean over the rows of loss(x row, target row, gradient, task) -> value; the target is constant.
/// `gradient`: d value / d x row, to be written; empty where it is not wanted. threads: 1
/// for rows that take less time than waking a thread.
template <class Loss>
Tensor mean_over_rows(const char* name, Tensor x, Tensor target, int threads, const Loss& loss) {
  require_rows(name, x, target);
  Tape& tape = x.tape();
  const Index rows = x.shape()[0];
  const Index width = x.shape()[1];
  const std::span<const double> wide_x = widened(tape, x);
  const std::span<const double> wide_target = widened(tape, target);
  const std::span<double> values = tape.scratch<double>(rows);
  const std::span<double> gradient = gradient_room(tape, x);
  for_blocks(threads, rows, [&](Index b, int thread) {
    values[static_cast<std::size_t>(b)] =
        loss(row_of(wide_x, b, width), row_of(wide_target, b, width), row_of(gradient, b, width),
             RowTask{b, thread});
  });
  const Tensor y = tape.output(Shape(), {x});
  y.mutable_values()[0] = static_cast<float>(mean_of(values));
  return tape.record(name, y, [=] {
    const double upstream = static_cast<double>(y.gradient()[0]);
    add_gradient(x, upstream / static_cast<double>(rows), gradient);
  });
}

}  // namespace rppg::ops
