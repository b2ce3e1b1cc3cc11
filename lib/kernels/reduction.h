/// Sums over bytes of pictures.
#pragma once

#include <cstddef>
#include <cstdint>

namespace rppg {

/// Integer arithmetic: every instruction set gives the same result.
struct ReductionKernels {
  /// Sum of n bytes.
  std::uint64_t (*sum_bytes)(const std::uint8_t* values, std::size_t n);
  /// Sums of each of the three interleaved channels of n pixels (3 n bytes), into sums[3].
  void (*sum_rgb)(const std::uint8_t* pixels, std::size_t n, std::uint64_t* sums);
};

}  // namespace rppg
