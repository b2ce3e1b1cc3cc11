/// Counter-based random numbers: (seed, stream, index) -> value, with no hidden state.
///
/// Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). The
/// same triple gives the same number on every machine, in any order and on any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace rppg {

/// Four random 32-bit words for a counter and a key.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key);

/// One stream of random numbers that can be read at any index.
class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t stream) : seed_(seed), stream_(stream) {}
  /// A stream named by a text, for example a recording id.
  Random(std::uint64_t seed, std::string_view stream);

  std::uint64_t bits(std::uint64_t index) const;
  /// Uniform in [0, 1), 53 random bits.
  double uniform(std::uint64_t index) const;
  double uniform(std::uint64_t index, double low, double high) const;
  /// Uniform integer in [0, count), count > 0.
  std::uint64_t integer(std::uint64_t index, std::uint64_t count) const;
  /// Standard normal (Box-Muller on two numbers of this index).
  double normal(std::uint64_t index) const;

 private:
  std::array<std::uint32_t, 4> words(std::uint64_t index) const;

  std::uint64_t seed_;
  std::uint64_t stream_;
};

}  // namespace rppg
