// The kernels at every length up to a few of the widest vectors, and at the ends of buffers.
#include <algorithm>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "kernels/kernels.h"

using namespace rppg;

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes random_bytes(std::size_t n, std::string_view stream) {
  const Random random(1, stream);
  Bytes bytes(n);
  for (std::size_t i = 0; i < n; ++i) bytes[i] = static_cast<std::uint8_t>(random.bits(i));
  return bytes;
}

/// Sum of every stride-th byte, n of them: the definition.
std::uint64_t plain_sum(const std::uint8_t* values, std::size_t n, std::size_t stride = 1) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += values[i * stride];
  return sum;
}

/// Lengths 0 to a few of the widest vectors, and random longer ones.
std::vector<std::size_t> lengths() {
  std::vector<std::size_t> all;
  for (std::size_t n = 0; n <= 300; ++n) all.push_back(n);
  const Random random(1, "lengths");
  for (std::uint64_t i = 0; i < 40; ++i) all.push_back(301 + random.integer(i, 20000));
  return all;
}

void check_sum_rgb(const Kernels& table, const std::uint8_t* pixels, std::size_t n) {
  std::uint64_t sums[3] = {7, 7, 7};  // what stood there before does not count
  table.reduction.sum_rgb(pixels, n, sums);
  for (std::size_t c = 0; c < 3; ++c) REQUIRE(sums[c] == plain_sum(pixels + c, n, 3));
}

}  // namespace

TEST_CASE("sum_bytes is exact at every length up to 300 and at random ones") {
  const Bytes bytes = random_bytes(20400, "bytes");
  for (const Kernels* table : available_kernels()) {
    CAPTURE(table->isa);
    for (const std::size_t n : lengths()) {
      for (const std::size_t offset : {0, 1, 3, 8, 31, 63}) {
        CAPTURE(n);
        CAPTURE(offset);
        REQUIRE(table->reduction.sum_bytes(bytes.data() + offset, n) ==
                plain_sum(bytes.data() + offset, n));
      }
    }
  }
}

TEST_CASE("sum_rgb is exact at every length up to 300 and at random ones") {
  const Bytes bytes = random_bytes(3 * 20400, "pixels");
  for (const Kernels* table : available_kernels()) {
    CAPTURE(table->isa);
    for (const std::size_t n : lengths()) {
      for (const std::size_t offset : {0, 1, 2, 17, 63}) {
        CAPTURE(n);
        CAPTURE(offset);
        check_sum_rgb(*table, bytes.data() + offset, n);
      }
    }
  }
}

TEST_CASE("no byte beyond the end counts") {
  // A buffer without room behind it shows a look beyond to a sanitizer, white neighbours to a sum.
  for (const Kernels* table : available_kernels()) {
    for (const std::size_t n : {1, 15, 33, 63, 64, 65, 129, 257}) {
      const Bytes ones(n, 1);
      CHECK(table->reduction.sum_bytes(ones.data(), n) == n);
      Bytes within(3 * n + 200, 255);
      std::fill(within.begin() + 100, within.end() - 100, std::uint8_t{1});
      CHECK(table->reduction.sum_bytes(within.data() + 100, 3 * n) == 3 * n);
      check_sum_rgb(*table, within.data() + 100, n);
    }
  }
}
