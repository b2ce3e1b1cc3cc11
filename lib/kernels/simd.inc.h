// Vectors of floats as wide as the instruction set has them.
//
// The compiler's own vector types: arithmetic is written with operators, and multiplications
// followed by additions become fused ones where the instruction set has them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "base/shape.h"

namespace rppg {
namespace {

#if defined(__AVX512F__)
constexpr Index lanes = 16;
constexpr __mmask16 all_lanes = 0xffff;  // GCC 12 warns within the functions that have no mask
#elif defined(__AVX2__)
constexpr Index lanes = 8;
#else
constexpr Index lanes = 4;
#endif

using Vec = float __attribute__((vector_size(lanes * sizeof(float))));
using IntVec = std::int32_t __attribute__((vector_size(lanes * sizeof(std::int32_t))));
using WordVec = std::uint32_t __attribute__((vector_size(lanes * sizeof(std::uint32_t))));

[[gnu::always_inline]] inline Vec broadcast(float x) { return x - Vec{}; }

/// Two numbers again and again.
[[gnu::always_inline]] inline Vec broadcast_pair(const float* from) {
  double pair;
  std::memcpy(&pair, from, sizeof pair);
#if defined(__AVX512F__)
  return reinterpret_cast<Vec>(_mm512_set1_pd(pair));
#elif defined(__AVX2__)
  return reinterpret_cast<Vec>(_mm256_set1_pd(pair));
#elif defined(__SSE2__)
  return reinterpret_cast<Vec>(_mm_set1_pd(pair));
#else
  return Vec{from[0], from[1], from[0], from[1]};
#endif
}

[[gnu::always_inline]] inline Vec load(const float* from) {
  Vec v;
  std::memcpy(&v, from, sizeof v);
  return v;
}

[[gnu::always_inline]] inline void store(float* to, Vec v) { std::memcpy(to, &v, sizeof v); }

/// 0, 1, 2, ...
[[gnu::always_inline]] inline IntVec lane_numbers() {
  IntVec numbers{};
  for (Index i = 0; i < lanes; ++i) numbers[i] = static_cast<std::int32_t>(i);
  return numbers;
}

/// The first n < lanes numbers; the others are zero.
[[gnu::always_inline]] inline Vec load_first(const float* from, Index n) {
#if defined(__AVX512F__)
  return reinterpret_cast<Vec>(_mm512_maskz_loadu_ps(static_cast<__mmask16>((1U << n) - 1U), from));
#elif defined(__AVX2__)
  return _mm256_maskload_ps(
      from, reinterpret_cast<__m256i>(lane_numbers() < static_cast<std::int32_t>(n)));
#else
  Vec v{};
  for (Index i = 0; i < n; ++i) v[i] = from[i];
  return v;
#endif
}

[[gnu::always_inline]] inline void store_first(float* to, Vec v, Index n) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1U << n) - 1U), reinterpret_cast<__m512>(v));
#elif defined(__AVX2__)
  _mm256_maskstore_ps(to, reinterpret_cast<__m256i>(lane_numbers() < static_cast<std::int32_t>(n)),
                      v);
#else
  for (Index i = 0; i < n; ++i) to[i] = v[i];
#endif
}

/// The first n lanes of v; the others are zero.
[[gnu::always_inline]] inline Vec first_lanes(Vec v, Index n) {
  return lane_numbers() < static_cast<std::int32_t>(n) ? v : Vec{};
}

/// a < b ? a : b, so that b is taken where one of them is NaN; maximum likewise.
#if defined(__AVX512F__)
[[gnu::always_inline]] inline Vec minimum(Vec a, Vec b) {
  return _mm512_maskz_min_ps(all_lanes, a, b);
}
[[gnu::always_inline]] inline Vec maximum(Vec a, Vec b) {
  return _mm512_maskz_max_ps(all_lanes, a, b);
}
#elif defined(__AVX2__)
[[gnu::always_inline]] inline Vec minimum(Vec a, Vec b) { return _mm256_min_ps(a, b); }
[[gnu::always_inline]] inline Vec maximum(Vec a, Vec b) { return _mm256_max_ps(a, b); }
#elif defined(__SSE2__)
[[gnu::always_inline]] inline Vec minimum(Vec a, Vec b) { return _mm_min_ps(a, b); }
[[gnu::always_inline]] inline Vec maximum(Vec a, Vec b) { return _mm_max_ps(a, b); }
#else
[[gnu::always_inline]] inline Vec minimum(Vec a, Vec b) { return a < b ? a : b; }
[[gnu::always_inline]] inline Vec maximum(Vec a, Vec b) { return a > b ? a : b; }
#endif

/// Bits of floats as integers, and back.
[[gnu::always_inline]] inline IntVec bits(Vec v) { return reinterpret_cast<IntVec>(v); }
[[gnu::always_inline]] inline Vec from_bits(IntVec v) { return reinterpret_cast<Vec>(v); }
[[gnu::always_inline]] inline Vec absolute(Vec v) { return from_bits(bits(v) & 0x7fffffff); }

/// In a fixed order: pairs of halves.
[[gnu::always_inline]] inline float sum_lanes(Vec v) {
#if defined(__AVX512F__)
  const auto eight = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7) +
                     __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
#elif defined(__AVX2__)
  const Vec eight = v;
#endif
#if defined(__AVX2__)
  const auto four = __builtin_shufflevector(eight, eight, 0, 1, 2, 3) +
                    __builtin_shufflevector(eight, eight, 4, 5, 6, 7);
#else
  const Vec four = v;
#endif
  const auto two = four + __builtin_shufflevector(four, four, 2, 3, 0, 1);
  return two[0] + two[1];
}

/// 1 / v to about 1 unit in the last place, without the slow division.
[[gnu::always_inline]] inline Vec reciprocal(Vec v) {
#if defined(__AVX512F__)
  const Vec guess = _mm512_maskz_rcp14_ps(all_lanes, v);
  return guess + guess * (1.0F - v * guess);
#elif defined(__AVX2__)
  const Vec guess = reinterpret_cast<Vec>(_mm256_rcp_ps(reinterpret_cast<__m256>(v)));
  return guess + guess * (1.0F - v * guess);
#else
  return 1.0F / v;
#endif
}

/// Correctly rounded.
[[gnu::always_inline]] inline Vec square_root(Vec v) {
#if defined(__AVX512F__)
  return _mm512_maskz_sqrt_ps(all_lanes, v);
#elif defined(__AVX2__)
  return _mm256_sqrt_ps(v);
#elif defined(__SSE2__)
  return _mm_sqrt_ps(v);
#else
  for (Index i = 0; i < lanes; ++i) v[i] = __builtin_sqrtf(v[i]);
  return v;
#endif
}

template <std::size_t... I>
[[gnu::always_inline]] inline Vec interleave_low(Vec a, Vec b, std::index_sequence<I...>) {
  return __builtin_shufflevector(a, b, (I / 2 + I % 2 * sizeof...(I))...);
}

template <std::size_t... I>
[[gnu::always_inline]] inline Vec interleave_high(Vec a, Vec b, std::index_sequence<I...>) {
  return __builtin_shufflevector(a, b, (sizeof...(I) / 2 + I / 2 + I % 2 * sizeof...(I))...);
}

/// Number i is v[2 i] + v[2 i + 1], in both halves.
template <std::size_t... I>
[[gnu::always_inline]] inline Vec pair_sums(Vec v, std::index_sequence<I...>) {
  return __builtin_shufflevector(v, v, (2 * I)...) + __builtin_shufflevector(v, v, (2 * I + 1)...);
}

/// Number i is the sum of v[i]. Each round halves both the vectors and the terms still apart.
[[gnu::always_inline]] inline Vec lane_totals(Vec (&v)[lanes]) {
  constexpr auto all = std::make_index_sequence<static_cast<std::size_t>(lanes)>();
#pragma GCC unroll 4
  for (Index half = lanes / 2; half > 0; half /= 2) {
#pragma GCC unroll 8
    for (Index i = 0; i < half; ++i) {
      v[i] = interleave_low(v[i], v[i + half], all) + interleave_high(v[i], v[i + half], all);
    }
  }
  return v[0];
}

}  // namespace
}  // namespace rppg
