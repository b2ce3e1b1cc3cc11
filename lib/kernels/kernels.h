/// The only code that is compiled once per instruction set: a table of function pointers.
///
/// Kernels are single-threaded functions on raw arrays. They never throw, never allocate, and give
/// the same result under every instruction set unless their comment states a tolerance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace rppg {

struct Kernels {
  /// "baseline", "avx2" or "avx512".
  const char* isa;

  /// Sum of n bytes.
  std::uint64_t (*sum_bytes)(const std::uint8_t* values, std::size_t n);
  /// Sums of each of the three interleaved channels of n pixels (3 n bytes), into sums[3].
  void (*sum_rgb)(const std::uint8_t* pixels, std::size_t n, std::uint64_t* sums);
};

/// The table for this machine: the best that CPU and operating system support, or the one that the
/// environment variable RPPG_ISA names. Throws Error(usage) for a name that does not exist and
/// Error(unavailable) for one that this machine lacks.
const Kernels& kernels();

/// The tables that this machine can run, slowest first; for tests.
std::vector<const Kernels*> available_kernels();

}  // namespace rppg
