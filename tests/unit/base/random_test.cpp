#include "base/random.h"

#include <cmath>

#include <doctest/doctest.h>

using namespace rppg;

TEST_CASE("Philox gives the published vectors") {
  // Known answers of Random123 (Salmon et al., SC 2011) for philox4x32-10.
  const auto zero = philox({0, 0, 0, 0}, {0, 0});
  CHECK(zero == std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  const auto ones =
      philox({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff});
  CHECK(ones == std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  const auto pi =
      philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0});
  CHECK(pi == std::array<std::uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("numbers depend on seed, stream and index, and on nothing else") {
  const Random a(1, 2), b(1, 2), other_stream(1, 3), other_seed(2, 2);
  CHECK(a.bits(7) == b.bits(7));
  CHECK(a.bits(7) != a.bits(8));
  CHECK(a.bits(7) != other_stream.bits(7));
  CHECK(a.bits(7) != other_seed.bits(7));
  CHECK(Random(1, "x").bits(0) != Random(1, "y").bits(0));
}

TEST_CASE("moments") {
  const Random random(42, 0);
  constexpr int n = 100000;
  double sum = 0, square = 0, uniform = 0;
  int low = 0;
  for (int i = 0; i < n; ++i) {
    const auto index = static_cast<std::uint64_t>(i);
    const double value = random.normal(index);
    sum += value;
    square += value * value;
    uniform += random.uniform(index);
    low += random.integer(index, 10) == 0 ? 1 : 0;
  }
  CHECK(std::abs(sum / n) < 0.01);
  CHECK(std::abs(square / n - 1) < 0.02);
  CHECK(std::abs(uniform / n - 0.5) < 0.005);
  CHECK(std::abs(low - n / 10) < 400);
}
