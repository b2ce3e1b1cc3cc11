// Steps of optimizers on slabs of parameters.
#pragma once

#include "kernels/optimizer.h"
#include "kernels/simd.inc.h"

namespace rppg {
namespace {

[[gnu::always_inline]] inline void adam_lanes(Vec& p, Vec g, Vec& m, Vec& v, const AdamStep& s) {
  g = g * s.gradient_scale + p * s.coupled_decay;
  m = m * s.beta1 + g * s.beta1_rest;
  v = v * s.beta2 + g * g * s.beta2_rest;
  p = p * s.kept - m * s.step / (square_root(v) * s.root_scale + s.epsilon);
}

void adam_slab(float* parameters, float* gradients, float* first, float* second, Index n,
               const AdamStep& step) {
  Index i = 0;
  for (; i + lanes <= n; i += lanes) {
    Vec p = load(parameters + i);
    Vec m = load(first + i);
    Vec v = load(second + i);
    adam_lanes(p, load(gradients + i), m, v, step);
    store(parameters + i, p);
    store(gradients + i, Vec{});
    store(first + i, m);
    store(second + i, v);
  }
  if (i == n) return;
  Vec p = load_first(parameters + i, n - i);
  Vec m = load_first(first + i, n - i);
  Vec v = load_first(second + i, n - i);
  adam_lanes(p, load_first(gradients + i, n - i), m, v, step);
  store_first(parameters + i, p, n - i);
  store_first(gradients + i, Vec{}, n - i);
  store_first(first + i, m, n - i);
  store_first(second + i, v, n - i);
}

[[gnu::always_inline]] inline void descent_lanes(Vec& p, Vec g, Vec& m, const DescentStep& s) {
  m = m * s.momentum + (g * s.gradient_scale + p * s.coupled_decay);
  p = p - m * s.learning_rate;
}

void descend_slab(float* parameters, float* gradients, float* moments, Index n,
                  const DescentStep& step) {
  Index i = 0;
  for (; i + lanes <= n; i += lanes) {
    Vec p = load(parameters + i);
    Vec m = load(moments + i);
    descent_lanes(p, load(gradients + i), m, step);
    store(parameters + i, p);
    store(gradients + i, Vec{});
    store(moments + i, m);
  }
  if (i == n) return;
  Vec p = load_first(parameters + i, n - i);
  Vec m = load_first(moments + i, n - i);
  descent_lanes(p, load_first(gradients + i, n - i), m, step);
  store_first(parameters + i, p, n - i);
  store_first(gradients + i, Vec{}, n - i);
  store_first(moments + i, m, n - i);
}

double squared_norm_slab(const float* values, Index n) {
  // As many partial sums under every instruction set; a square of a float is exact in a double, so
  // that fusing makes no difference.
  constexpr Index width = 16;
  double sums[width] = {};
  Index i = 0;
  for (; i + width <= n; i += width) {
    for (Index j = 0; j < width; ++j) {
      const auto value = static_cast<double>(values[i + j]);
      sums[j] += value * value;
    }
  }
  for (Index j = 0; i + j < n; ++j) {
    const auto value = static_cast<double>(values[i + j]);
    sums[j] += value * value;
  }
  for (Index half = width / 2; half > 0; half /= 2) {
    for (Index j = 0; j < half; ++j) sums[j] += sums[j + half];
  }
  return sums[0];
}

void scale_slab(float* values, Index n, float factor) {
  Index i = 0;
  for (; i + lanes <= n; i += lanes) store(values + i, load(values + i) * factor);
  if (i < n) store_first(values + i, load_first(values + i, n - i) * factor, n - i);
}

constexpr OptimizerKernels optimizer_kernels{.adam = adam_slab,
                                             .descend = descend_slab,
                                             .squared_norm = squared_norm_slab,
                                             .scale = scale_slab};

}  // namespace
}  // namespace rppg
