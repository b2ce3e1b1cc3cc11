// Activations and softmax.
#pragma once

#include "kernels/activation.h"
#include "kernels/vector_math.inc.h"

namespace rppg {
namespace {

template <Activation activation>
[[gnu::always_inline]] inline Vec activation_of(Vec x) {
  if constexpr (activation == Activation::relu) return maximum(Vec{}, x);
  if constexpr (activation == Activation::elu) return maximum(Vec{}, x) + expm1_below_zero(x);
  if constexpr (activation == Activation::tanh) return tanh_of(x);
  if constexpr (activation == Activation::sigmoid) return sigmoid_of(x);
  if constexpr (activation == Activation::silu) return silu_of(x);
  if constexpr (activation == Activation::gelu) return gelu_of(x);
  if constexpr (activation == Activation::softplus) return softplus_of(x);
  return x;
}

/// From x or from the activation's value, see gradient_needs_input.
template <Activation activation>
[[gnu::always_inline]] inline Vec activation_slope(Vec known) {
  if constexpr (activation == Activation::relu) return known > 0.0F ? broadcast(1.0F) : Vec{};
  if constexpr (activation == Activation::elu) return minimum(broadcast(1.0F), known + 1.0F);
  if constexpr (activation == Activation::tanh) return 1.0F - known * known;
  if constexpr (activation == Activation::sigmoid) return known * (1.0F - known);
  if constexpr (activation == Activation::silu) return silu_slope(known, sigmoid_of(known));
  if constexpr (activation == Activation::gelu) return gelu_slope(known);
  if constexpr (activation == Activation::softplus) return sigmoid_of(known);
  return broadcast(1.0F);
}

template <Activation activation>
void apply_activation(const float* x, Index n, float* y) {
  Index i = 0;
  for (; i + lanes <= n; i += lanes) store(y + i, activation_of<activation>(load(x + i)));
  if (i < n) store_first(y + i, activation_of<activation>(load_first(x + i, n - i)), n - i);
}

template <Activation activation>
void add_activation_gradient(const float* known, const float* dy, Index n, float* dx) {
  Index i = 0;
  for (; i + lanes <= n; i += lanes) {
    store(dx + i, load(dx + i) + load(dy + i) * activation_slope<activation>(load(known + i)));
  }
  if (i == n) return;
  const Vec slope = activation_slope<activation>(load_first(known + i, n - i));
  store_first(dx + i, load_first(dx + i, n - i) + load_first(dy + i, n - i) * slope, n - i);
}

void apply_activation_of(Activation activation, const float* x, Index n, float* y) {
  switch (activation) {
    case Activation::none:
      return apply_activation<Activation::none>(x, n, y);
    case Activation::relu:
      return apply_activation<Activation::relu>(x, n, y);
    case Activation::elu:
      return apply_activation<Activation::elu>(x, n, y);
    case Activation::tanh:
      return apply_activation<Activation::tanh>(x, n, y);
    case Activation::sigmoid:
      return apply_activation<Activation::sigmoid>(x, n, y);
    case Activation::silu:
      return apply_activation<Activation::silu>(x, n, y);
    case Activation::gelu:
      return apply_activation<Activation::gelu>(x, n, y);
    case Activation::softplus:
      return apply_activation<Activation::softplus>(x, n, y);
  }
}

void add_gradient_of_activation(Activation activation, const float* known, const float* dy, Index n,
                                float* dx) {
  switch (activation) {
    case Activation::none:
      return add_activation_gradient<Activation::none>(known, dy, n, dx);
    case Activation::relu:
      return add_activation_gradient<Activation::relu>(known, dy, n, dx);
    case Activation::elu:
      return add_activation_gradient<Activation::elu>(known, dy, n, dx);
    case Activation::tanh:
      return add_activation_gradient<Activation::tanh>(known, dy, n, dx);
    case Activation::sigmoid:
      return add_activation_gradient<Activation::sigmoid>(known, dy, n, dx);
    case Activation::silu:
      return add_activation_gradient<Activation::silu>(known, dy, n, dx);
    case Activation::gelu:
      return add_activation_gradient<Activation::gelu>(known, dy, n, dx);
    case Activation::softplus:
      return add_activation_gradient<Activation::softplus>(known, dy, n, dx);
  }
}

float largest(const float* x, Index n) {
  Vec most = broadcast(x[0]);
  Index i = 0;
  for (; i + lanes <= n; i += lanes) most = maximum(most, load(x + i));
  float largest = x[0];
  for (; i < n; ++i) largest = x[i] > largest ? x[i] : largest;
  float parts[lanes];
  store(parts, most);
  for (Index lane = 0; lane < lanes; ++lane)
    largest = parts[lane] > largest ? parts[lane] : largest;
  return largest;
}

void softmax_row(const float* x, Index width, float* y) {
  const float most = largest(x, width);
  Vec sums{};
  Index i = 0;
  for (; i + lanes <= width; i += lanes) {
    const Vec e = exp_of(load(x + i) - most);
    sums += e;
    store(y + i, e);
  }
  if (i < width) {
    store_first(y + i, exp_of(load_first(x + i, width - i) - most), width - i);
    sums += load_first(y + i, width - i);
  }
  const float factor = 1.0F / sum_lanes(sums);
  for (i = 0; i + lanes <= width; i += lanes) store(y + i, load(y + i) * factor);
  if (i < width) store_first(y + i, load_first(y + i, width - i) * factor, width - i);
}

void softmax(const float* x, Index rows, Index width, float* y) {
  for (Index row = 0; row < rows; ++row) softmax_row(x + row * width, width, y + row * width);
}

void add_softmax_row_gradient(const float* y, const float* dy, Index width, float* dx) {
  Vec products{};
  Index i = 0;
  for (; i + lanes <= width; i += lanes) products += load(y + i) * load(dy + i);
  if (i < width) products += load_first(y + i, width - i) * load_first(dy + i, width - i);
  const float product = sum_lanes(products);
  for (i = 0; i + lanes <= width; i += lanes) {
    store(dx + i, load(dx + i) + load(y + i) * (load(dy + i) - product));
  }
  if (i == width) return;
  const Vec change = load_first(y + i, width - i) * (load_first(dy + i, width - i) - product);
  store_first(dx + i, load_first(dx + i, width - i) + change, width - i);
}

void add_softmax_gradient(const float* y, const float* dy, Index rows, Index width, float* dx) {
  for (Index row = 0; row < rows; ++row) {
    const Index at = row * width;
    add_softmax_row_gradient(y + at, dy + at, width, dx + at);
  }
}

constexpr ActivationKernels activation_kernels{.apply = apply_activation_of,
                                               .add_gradient = add_gradient_of_activation,
                                               .softmax = softmax,
                                               .add_softmax_gradient = add_softmax_gradient};

}  // namespace
}  // namespace rppg
