#include "base/random.h"

#include <cmath>
#include <numbers>

namespace rppg {
namespace {

std::uint64_t join(std::uint32_t high, std::uint32_t low) {
  return (std::uint64_t{high} << 32) | low;
}

double unit(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

/// FNV-1a, 64 bits.
std::uint64_t hash_name(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : name) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

}  // namespace

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter,
                                    std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53U} * counter[0];
    const std::uint64_t b = std::uint64_t{0xCD9E8D57U} * counter[2];
    counter = {
        static_cast<std::uint32_t>(b >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(b),
        static_cast<std::uint32_t>(a >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(a)};
    key[0] += 0x9E3779B9U;
    key[1] += 0xBB67AE85U;
  }
  return counter;
}

Random::Random(std::uint64_t seed, std::string_view stream) : Random(seed, hash_name(stream)) {}

std::array<std::uint32_t, 4> Random::words(std::uint64_t index) const {
  return philox({static_cast<std::uint32_t>(index), static_cast<std::uint32_t>(index >> 32),
                 static_cast<std::uint32_t>(stream_), static_cast<std::uint32_t>(stream_ >> 32)},
                {static_cast<std::uint32_t>(seed_), static_cast<std::uint32_t>(seed_ >> 32)});
}

std::uint64_t Random::bits(std::uint64_t index) const {
  const auto w = words(index);
  return join(w[0], w[1]);
}

double Random::uniform(std::uint64_t index) const { return unit(bits(index)); }

double Random::uniform(std::uint64_t index, double low, double high) const {
  return low + (high - low) * uniform(index);
}

std::uint64_t Random::integer(std::uint64_t index, std::uint64_t count) const {
  // Multiply-shift; the bias is below count / 2^64.
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((Wide{bits(index)} * count) >> 64);
}

double Random::normal(std::uint64_t index) const {
  const auto w = words(index);
  const double radius = std::sqrt(-2 * std::log1p(-unit(join(w[0], w[1]))));
  return radius * std::cos(2 * std::numbers::pi * unit(join(w[2], w[3])));
}

}  // namespace rppg
