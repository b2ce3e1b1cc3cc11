// Sums over bytes. Integer arithmetic: every instruction set gives the same result.
#pragma once

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "kernels/reduction.h"

namespace rppg {
namespace {

// Sums of eight bytes each, by the instruction for sums of absolute differences, in vectors of
// 64-bit numbers that cannot overflow.
#if defined(__AVX512BW__)
struct ByteSum {
  static constexpr std::size_t width = 64;
  __m512i total = _mm512_setzero_si512();

  void add(const std::uint8_t* bytes) {
    const __m512i values = _mm512_loadu_si512(bytes);
    total = _mm512_add_epi64(total, _mm512_sad_epu8(values, _mm512_setzero_si512()));
  }
  void store(std::uint64_t* parts) const { _mm512_storeu_si512(parts, total); }
};
#elif defined(__AVX2__)
struct ByteSum {
  static constexpr std::size_t width = 32;
  __m256i total = _mm256_setzero_si256();

  void add(const std::uint8_t* bytes) {
    const __m256i values = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
    total = _mm256_add_epi64(total, _mm256_sad_epu8(values, _mm256_setzero_si256()));
  }
  void store(std::uint64_t* parts) const {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(parts), total);
  }
};
#elif defined(__SSE2__)
struct ByteSum {
  static constexpr std::size_t width = 16;
  __m128i total = _mm_setzero_si128();

  void add(const std::uint8_t* bytes) {
    const __m128i values = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes));
    total = _mm_add_epi64(total, _mm_sad_epu8(values, _mm_setzero_si128()));
  }
  void store(std::uint64_t* parts) const {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(parts), total);
  }
};
#else
struct ByteSum {
  static constexpr std::size_t width = 8;
  std::uint64_t total = 0;

  void add(const std::uint8_t* bytes) {
    for (std::size_t i = 0; i < width; ++i) total += bytes[i];
  }
  void store(std::uint64_t* parts) const { *parts = total; }
};
#endif

std::uint64_t sum_bytes(const std::uint8_t* values, std::size_t n) {
  ByteSum even;
  ByteSum odd;  // two chains of additions, so that loads and not latencies set the pace
  std::size_t i = 0;
  for (; i + 2 * ByteSum::width <= n; i += 2 * ByteSum::width) {
    even.add(values + i);
    odd.add(values + i + ByteSum::width);
  }
  std::uint64_t parts[2][8] = {};
  even.store(parts[0]);
  odd.store(parts[1]);
  std::uint64_t total = 0;
  for (std::size_t lane = 0; lane < 8; ++lane) total += parts[0][lane] + parts[1][lane];
  for (; i < n; ++i) total += values[i];
  return total;
}

void sum_rgb(const std::uint8_t* pixels, std::size_t n, std::uint64_t* sums) {
  constexpr std::size_t block = std::size_t{1} << 20;
  for (int c = 0; c < 3; ++c) sums[c] = 0;
  for (std::size_t start = 0; start < n; start += block) {
    const std::size_t end = n - start < block ? n : start + block;
    std::uint32_t r = 0, g = 0, b = 0;
    for (std::size_t i = start; i < end; ++i) {
      r += pixels[3 * i];
      g += pixels[3 * i + 1];
      b += pixels[3 * i + 2];
    }
    sums[0] += r;
    sums[1] += g;
    sums[2] += b;
  }
}

constexpr ReductionKernels reduction_kernels{.sum_bytes = sum_bytes, .sum_rgb = sum_rgb};

}  // namespace
}  // namespace rppg
