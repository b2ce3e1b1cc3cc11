// Counter-based random bits, a vector of counters at a time: what philox() of base/random.h draws.
#pragma once

#include "kernels/simd.inc.h"

namespace rppg {
namespace {

using WideVec = std::uint64_t __attribute__((vector_size(lanes * sizeof(std::uint32_t))));

struct PhiloxKey {
  std::uint32_t low;
  std::uint32_t high;
};

[[gnu::always_inline]] inline PhiloxKey philox_key(std::uint64_t seed) {
  return {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)};
}

/// Products of the low halves of a's and b's 64-bit numbers.
[[gnu::always_inline]] inline WideVec multiply_low_halves(WideVec a, WideVec b) {
#if defined(__AVX512F__)
  return reinterpret_cast<WideVec>(
      _mm512_maskz_mul_epu32(0xff, reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
#elif defined(__AVX2__)
  return reinterpret_cast<WideVec>(
      _mm256_mul_epu32(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
#elif defined(__SSE2__)
  return reinterpret_cast<WideVec>(
      _mm_mul_epu32(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
#else
  return (a & 0xffffffffU) * (b & 0xffffffffU);
#endif
}

/// Both halves of the 64-bit products of each word and the factor.
[[gnu::always_inline]] inline void multiply_words(WordVec words, std::uint32_t factor,
                                                  WordVec& high, WordVec& low) {
  constexpr std::uint64_t low_half = 0xffffffffU;
  const WideVec wide = reinterpret_cast<WideVec>(words);
  const WideVec factors = WideVec{} + factor;
  const WideVec even = multiply_low_halves(wide, factors);
  const WideVec odd = multiply_low_halves(wide >> 32, factors);
  high = reinterpret_cast<WordVec>((even >> 32) | (odd & ~low_half));
  low = reinterpret_cast<WordVec>((even & low_half) | (odd << 32));
}

/// Philox 4x32-10 of each counter: words[0..3] are replaced.
[[gnu::always_inline]] inline void philox_rounds(WordVec* words, PhiloxKey key) {
  for (int round = 0; round < 10; ++round) {
    WordVec high_a, low_a, high_b, low_b;
    multiply_words(words[0], 0xD2511F53U, high_a, low_a);
    multiply_words(words[2], 0xCD9E8D57U, high_b, low_b);
    words[0] = high_b ^ words[1] ^ key.low;
    words[1] = low_b;
    words[2] = high_a ^ words[3] ^ key.high;
    words[3] = low_a;
    key.low += 0x9E3779B9U;
    key.high += 0xBB67AE85U;
  }
}

}  // namespace
}  // namespace rppg
