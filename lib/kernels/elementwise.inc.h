// Sums and products of arrays, number by number, and dropout.
#pragma once

#include "kernels/elementwise.h"
#include "kernels/periodic.inc.h"
#include "kernels/philox.inc.h"

namespace rppg {
namespace {

/// y = f(a, b, y) for each number.
template <class Function>
[[gnu::always_inline]] inline void combine(const float* a, const float* b, Index n, float* y,
                                           const Function& f) {
  for_places(n > 0 ? n : 1, n, [&](Index i, Index, Index width) {
    store_width(y + i, f(load_width(a + i, width), load_width(b + i, width)), width);
  });
}

void add_arrays(const float* a, const float* b, Index n, float* y) {
  combine(a, b, n, y, [](Vec u, Vec v) { return u + v; });
}

void subtract_arrays(const float* a, const float* b, Index n, float* y) {
  combine(a, b, n, y, [](Vec u, Vec v) { return u - v; });
}

void multiply_arrays(const float* a, const float* b, Index n, float* y) {
  combine(a, b, n, y, [](Vec u, Vec v) { return u * v; });
}

void scale_array(const float* x, float factor, Index n, float* y) {
  combine(x, x, n, y, [=](Vec u, Vec) { return u * factor; });
}

void add_scaled_array(const float* x, float factor, Index n, float* y) {
  combine(x, y, n, y, [=](Vec u, Vec v) { return v + u * factor; });
}

void add_product_of_arrays(const float* a, const float* b, Index n, float* y) {
  for_places(n > 0 ? n : 1, n, [&](Index i, Index, Index width) {
    const Vec product = load_width(a + i, width) * load_width(b + i, width);
    store_width(y + i, load_width(y + i, width) + product, width);
  });
}

void copy_runs(const float* from, Index from_step, Index count, Index n, float* to, Index to_step) {
  for (Index i = 0; i < count; ++i, from += from_step, to += to_step) {
    for_places(n, n, [&](Index k, Index, Index width) {
      store_width(to + k, load_width(from + k, width), width);
    });
  }
}

void add_runs(const float* from, Index from_step, Index count, Index n, float* to, Index to_step) {
  for (Index i = 0; i < count; ++i, from += from_step, to += to_step) add_arrays(from, to, n, to);
}

void add_periodic(const float* x, const float* period, Index length, Index n, float* y) {
  for_places(length, n, [&](Index i, Index p, Index width) {
    store_width(y + i, load_width(x + i, width) + load_width(period + p, width), width);
  });
}

void sum_periodic(const float* x, Index length, Index n, double* sums) {
  sum_by_place<1>(length, n, sums, [&](Index i, Index, Index width, Vec* totals) {
    totals[0] += load_width(x + i, width);
  });
}

/// step(i, what number i is multiplied by, how many) for each vector of x.
template <class Step>
[[gnu::always_inline]] inline void for_dropout(const DropoutPattern& pattern, Index first, Index n,
                                               const Step& step) {
  constexpr std::uint32_t row =
      16;  // counters per group: the widest vector, so that all draw the same
  const PhiloxKey key = philox_key(pattern.seed);
  for (Index start = 0; start < n; start += dropout_group) {
    const auto group = static_cast<std::uint32_t>((first + start) / dropout_group);
    for (std::uint32_t lane = 0; lane < row; lane += lanes) {
      WordVec words[4] = {reinterpret_cast<WordVec>(lane_numbers()) + (group * row + lane),
                          WordVec{} + pattern.stream,
                          WordVec{} + static_cast<std::uint32_t>(pattern.step),
                          WordVec{} + static_cast<std::uint32_t>(pattern.step >> 32)};
      philox_rounds(words, key);
      for (Index half = 0; half < 8; ++half) {
        const Index i = start + half * row + lane;
        if (i >= n) break;
        const WordVec word = words[half / 2];
        const IntVec drawn = reinterpret_cast<IntVec>(half % 2 == 0 ? word & 0xffffU : word >> 16);
        const Vec factor = drawn >= pattern.threshold ? broadcast(pattern.factor) : Vec{};
        step(i, factor, n - i < lanes ? n - i : lanes);
      }
    }
  }
}

void apply_dropout(const DropoutPattern& pattern, const float* x, Index first, Index n, float* y) {
  for_dropout(pattern, first, n, [&](Index i, Vec factor, Index width) {
    store_width(y + i, load_width(x + i, width) * factor, width);
  });
}

void add_dropped_out(const DropoutPattern& pattern, const float* x, Index first, Index n,
                     float* y) {
  for_dropout(pattern, first, n, [&](Index i, Vec factor, Index width) {
    store_width(y + i, load_width(y + i, width) + load_width(x + i, width) * factor, width);
  });
}

constexpr ElementwiseKernels elementwise_kernels{.add = add_arrays,
                                                 .subtract = subtract_arrays,
                                                 .multiply = multiply_arrays,
                                                 .scale = scale_array,
                                                 .add_scaled = add_scaled_array,
                                                 .add_product = add_product_of_arrays,
                                                 .copy_runs = copy_runs,
                                                 .add_runs = add_runs,
                                                 .add_periodic = add_periodic,
                                                 .sum_periodic = sum_periodic,
                                                 .dropout = apply_dropout,
                                                 .add_dropout = add_dropped_out};

}  // namespace
}  // namespace rppg
