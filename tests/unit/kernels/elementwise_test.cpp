// Sums and products against plain loops, at every length up to a few of the widest vectors; dropout
// against the generator that it is made of.
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "kernels/kernels.h"
#include "support/framed_floats.h"

namespace rppg {
namespace {

using test::FramedFloats;

TEST_CASE("sums and products at every length up to 67") {
  for (const Kernels* table : available_kernels()) {
    const ElementwiseKernels& kernels = table->elementwise;
    for (Index n = 0; n <= 67; ++n) {
      CAPTURE(n);
      FramedFloats a(n, "a", -1, 1);
      FramedFloats b(n, "b", -1, 1);
      FramedFloats y(n);
      const auto check = [&](auto wanted) {
        for (Index i = 0; i < n; ++i) {
          REQUIRE(std::abs(double{y[i]} - wanted(double{a[i]}, double{b[i]})) < 3e-7);
        }
        REQUIRE(y.frame_is_whole());
      };
      kernels.add(a.begin(), b.begin(), n, y.begin());
      check([](double u, double v) { return u + v; });
      kernels.add_scaled(a.begin(), 0.5F, n, y.begin());
      check([](double u, double v) { return 1.5 * u + v; });
      kernels.subtract(a.begin(), b.begin(), n, y.begin());
      check([](double u, double v) { return u - v; });
      kernels.add_product(a.begin(), b.begin(), n, y.begin());
      check([](double u, double v) { return u - v + u * v; });
      kernels.multiply(a.begin(), b.begin(), n, y.begin());
      check([](double u, double v) { return u * v; });
      kernels.scale(a.begin(), -3, n, y.begin());
      check([](double u, double) { return -3 * u; });
    }
  }
}

TEST_CASE("periods of any length are added and summed") {
  for (const Kernels* table : available_kernels()) {
    for (const Index length : {1, 3, 16, 21, 48, 64}) {
      for (const Index n : {Index{0}, Index{5}, length, 5 * length, 70 * length + length / 2}) {
        CAPTURE(length);
        CAPTURE(n);
        FramedFloats x(n, "x", -1, 1);
        FramedFloats period(length, "period", -1, 1);
        FramedFloats y(n);
        table->elementwise.add_periodic(x.begin(), period.begin(), length, n, y.begin());
        std::vector<double> sums(static_cast<std::size_t>(length), 1);
        table->elementwise.sum_periodic(x.begin(), length, n, sums.data());
        std::vector<double> wanted(static_cast<std::size_t>(length), 1);
        for (Index i = 0; i < n; ++i) {
          REQUIRE(y[i] == x[i] + period[i % length]);
          wanted[static_cast<std::size_t>(i % length)] += double{x[i]};
        }
        for (std::size_t p = 0; p < sums.size(); ++p) {
          REQUIRE(std::abs(sums[p] - wanted[p]) < 2e-5);
        }
        REQUIRE(y.frame_is_whole());
      }
    }
  }
}

/// Whether number i of the whole is kept, from the definition.
bool kept(const DropoutPattern& pattern, Index i) {
  const Index lane = i % 16;
  const Index half = i / 16 % 8;
  const auto words = philox(
      {static_cast<std::uint32_t>(i / dropout_group * 16 + lane), pattern.stream,
       static_cast<std::uint32_t>(pattern.step), static_cast<std::uint32_t>(pattern.step >> 32)},
      {static_cast<std::uint32_t>(pattern.seed), static_cast<std::uint32_t>(pattern.seed >> 32)});
  const std::uint32_t word = words[static_cast<std::size_t>(half / 2)];
  return static_cast<std::int32_t>(half % 2 == 0 ? word & 0xffffU : word >> 16) >=
         pattern.threshold;
}

TEST_CASE("dropout draws the same numbers under every instruction set, wherever it starts") {
  const DropoutPattern pattern{.seed = 0x123456789abcdefU,
                               .step = 0xfedcba987U,
                               .stream = 5,
                               .threshold = 20000,
                               .factor = 2};
  for (const Kernels* table : available_kernels()) {
    CAPTURE(std::string(table->isa));
    for (Index n = 0; n <= 300; ++n) {
      for (const Index first : {Index{0}, 7 * dropout_group}) {
        FramedFloats x(n, "x", -1, 1);
        FramedFloats y(n);
        FramedFloats sum(n, 0.5F);
        table->elementwise.dropout(pattern, x.begin(), first, n, y.begin());
        table->elementwise.add_dropout(pattern, x.begin(), first, n, sum.begin());
        for (Index i = 0; i < n; ++i) {
          const float wanted = kept(pattern, first + i) ? 2 * x[i] : 0;
          REQUIRE(y[i] == wanted);
          REQUIRE(sum[i] == 0.5F + wanted);
        }
        REQUIRE((y.frame_is_whole() && sum.frame_is_whole()));
      }
    }
  }
}

}  // namespace
}  // namespace rppg
