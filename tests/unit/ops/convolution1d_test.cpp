// Convolutions along time against their definition.
#include "ops/convolution1d.h"

#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "kernels/kernels.h"
#include "ops/depthwise_convolution.h"
#include "support/compare.h"

namespace rppg::ops {
namespace {

std::vector<float> numbers(Index count, std::string_view stream) {
  const Random random(3, stream);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(random.uniform(i, -1, 1));
  }
  return values;
}

struct Sizes {
  Index batch, length, in, out, taps;
  Convolution1dOptions options;
};

std::vector<double> expect(const Sizes& n, const std::vector<float>& x, const std::vector<float>& w,
                           const std::vector<float>& b) {
  const auto at = [](const std::vector<float>& v, Index i) {
    return static_cast<double>(v[static_cast<std::size_t>(i)]);
  };
  const Index to = n.length + 2 * n.options.padding - n.options.dilation * (n.taps - 1);
  std::vector<double> y;
  for (Index batch = 0; batch < n.batch; ++batch) {
    for (Index t = 0; t < to; ++t) {
      for (Index co = 0; co < n.out; ++co) {
        double sum = at(b, co);
        for (Index j = 0; j < n.taps; ++j) {
          const Index from = t + j * n.options.dilation - n.options.padding;
          if (from < 0 || from >= n.length) continue;
          for (Index ci = 0; ci < n.in; ++ci) {
            sum +=
                at(x, (batch * n.length + from) * n.in + ci) * at(w, (co * n.in + ci) * n.taps + j);
          }
        }
        y.push_back(sum);
      }
    }
  }
  return y;
}

}  // namespace

TEST_CASE("convolution1d agrees with its definition") {
  const std::vector<Sizes> all{
      {2, 9, 3, 5, 3, {.padding = 1}},
      {1, 40, 20, 17, 3, {.padding = 1}},
      {3, 60, 1, 1, 5, {.dilation = 16, .padding = 32}},
      {1, 6, 1, 1, 5, {.dilation = 16, .padding = 32}},  // most taps meet nothing
      {2, 9, 2, 3, 4, {}},
      {1, 5, 2, 2, 1, {.padding = 3}},  // rows that meet nothing at all
      {1, 4, 2, 2, 5, {}},              // no output
  };
  for (const Sizes& n : all) {
    const std::vector<float> x = numbers(n.batch * n.length * n.in, "x");
    const std::vector<float> w = numbers(n.out * n.in * n.taps, "w"), b = numbers(n.out, "b");
    const std::vector<double> expected = expect(n, x, w, b);
    for (const Kernels* table : available_kernels()) {
      const KernelsOverride override(*table);
      CAPTURE(table->isa);
      CAPTURE(n.length);
      CAPTURE(n.taps);
      Arena arena;
      Tape tape(arena, {});
      const Tensor y =
          convolution1d(tape.input(x, {n.batch, n.length, n.in}),
                        tape.input(w, {n.out, n.in, n.taps}), tape.input(b, {n.out}), n.options);
      const std::vector<double> got(y.values().begin(), y.values().end());
      CHECK(test::relative_difference(got, expected) < 2e-6);
    }
  }
}

TEST_CASE("convolutions along time: wrong shapes, and what they cost") {
  const std::vector<float> values = numbers(64, "v");
  const auto some = [&](Index n) { return std::span(values).first(static_cast<std::size_t>(n)); };
  CostLog costs;
  Arena arena;
  Tape tape(arena, {.costs = &costs});
  const Tensor x = tape.input(some(12), {2, 3, 2});
  convolution1d(x, tape.input(some(30), {5, 2, 3}), {}, {.padding = 1});
  depthwise_convolution(x, tape.input(some(8), {2, 1, 4}), tape.input(some(2), {2}), {});
  REQUIRE(costs.size() == 2);
  CHECK(costs[0].multiplications == 2 * 3 * 5 * 6);
  CHECK(costs[1].multiplications == 2 * 3 * 2 * 4);

  CHECK_THROWS_AS(convolution1d(x, tape.input(some(9), {1, 3, 3}), {}, {}), std::logic_error);
  CHECK_THROWS_AS(convolution1d(x, tape.input(some(6), {1, 2, 3}), x, {}), std::logic_error);
  CHECK_THROWS_AS(convolution1d(x, tape.input(some(10), {1, 2, 5}), {}, {}), std::logic_error);
  CHECK_THROWS_AS(
      depthwise_convolution(x, tape.input(some(6), {2, 1, 3}), tape.input(some(2), {2}), {}),
      std::logic_error);
}

}  // namespace rppg::ops
