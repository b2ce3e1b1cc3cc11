#include "kernels/kernels.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"

namespace rppg {
namespace {

std::vector<std::uint8_t> random_bytes(std::size_t count) {
  const Random random(11, "bytes");
  std::vector<std::uint8_t> bytes(count);
  for (std::size_t i = 0; i < count; ++i) {
    bytes[i] = static_cast<std::uint8_t>(random.integer(i, 256));
  }
  return bytes;
}

TEST_CASE("sums of bytes are exact under every instruction set, for any length and offset") {
  const std::vector<std::uint8_t> bytes = random_bytes(5000);
  for (const Kernels* table : available_kernels()) {
    CAPTURE(std::string(table->isa));
    for (std::size_t offset = 0; offset < 70; offset += 3) {
      for (const std::size_t n : {0, 1, 2, 15, 16, 31, 33, 63, 64, 65, 127, 1000, 4097}) {
        std::uint64_t wanted = 0;
        for (std::size_t i = 0; i < n; ++i) wanted += bytes[offset + i];
        CHECK(table->reduction.sum_bytes(bytes.data() + offset, n) == wanted);
      }
    }
  }
}

TEST_CASE("sums of colours are exact under every instruction set") {
  const std::vector<std::uint8_t> bytes = random_bytes(5000);
  for (const Kernels* table : available_kernels()) {
    CAPTURE(std::string(table->isa));
    for (std::size_t offset = 0; offset < 40; offset += 7) {
      for (const std::size_t n : {0, 1, 2, 5, 16, 17, 21, 22, 64, 1001}) {
        std::array<std::uint64_t, 3> wanted{};
        for (std::size_t i = 0; i < 3 * n; ++i) wanted[i % 3] += bytes[offset + i];
        std::array<std::uint64_t, 3> sums{9, 9, 9};
        table->reduction.sum_rgb(bytes.data() + offset, n, sums.data());
        CHECK(sums == wanted);
      }
    }
  }
}

TEST_CASE("sums do not overflow") {
  const std::vector<std::uint8_t> white(std::size_t{20} << 20, 255);
  for (const Kernels* table : available_kernels()) {
    CHECK(table->reduction.sum_bytes(white.data(), white.size()) == 255ULL * white.size());
    std::array<std::uint64_t, 3> sums{};
    table->reduction.sum_rgb(white.data(), white.size() / 3, sums.data());
    CHECK(sums == std::array<std::uint64_t, 3>{255ULL * (white.size() / 3),
                                               255ULL * (white.size() / 3),
                                               255ULL * (white.size() / 3)});
  }
}

TEST_CASE("tables name their instruction set, and the chosen one is among them") {
  const std::vector<const Kernels*> tables = available_kernels();
  REQUIRE(!tables.empty());
  CHECK(std::string(tables.front()->isa) == "baseline");
  const char* forced = std::getenv("RPPG_ISA");
  const std::string wanted = forced != nullptr ? forced : tables.back()->isa;
  CHECK(std::string(kernels().isa) == wanted);
}

}  // namespace
}  // namespace rppg
