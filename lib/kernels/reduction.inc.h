// Sums over bytes. Integer arithmetic: every instruction set gives the same result.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rppg {
namespace {

std::uint64_t sum_bytes(const std::uint8_t* values, std::size_t n) {
  // Blocks whose sum fits 32 bits, so that the inner loop vectorizes to wide lanes.
  constexpr std::size_t block = std::size_t{1} << 20;
  std::uint64_t total = 0;
  for (std::size_t start = 0; start < n; start += block) {
    const std::size_t end = n - start < block ? n : start + block;
    std::uint32_t sum = 0;
    for (std::size_t i = start; i < end; ++i) sum += values[i];
    total += sum;
  }
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

}  // namespace
}  // namespace rppg
