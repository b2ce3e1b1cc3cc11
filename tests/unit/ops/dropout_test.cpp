#include "ops/dropout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "kernels/kernels.h"

namespace rppg::ops {
namespace {

constexpr Index count = 100000;

/// Ones after dropout, `calls` times in one step; the last of them.
std::vector<float> dropped(const TapeOptions& options, double probability, int calls = 1) {
  const std::vector<float> ones(static_cast<std::size_t>(count), 1);
  Arena arena;
  Tape tape(arena, options);
  Tensor y;
  for (int i = 0; i < calls; ++i) y = dropout(tape.input(ones, {count}), probability);
  return {y.values().begin(), y.values().end()};
}

TEST_CASE("dropout keeps the stated share and its sum") {
  for (const double probability : {0.1, 0.5, 0.75}) {
    const std::vector<float> y = dropped({.training = true, .seed = 1}, probability);
    const auto zeros = static_cast<double>(std::count(y.begin(), y.end(), 0.0F));
    const double deviation = std::sqrt(probability * (1 - probability) * double{count});
    CHECK(std::abs(zeros - probability * double{count}) < 4 * deviation);
    const auto factor = static_cast<float>(1 / (1 - probability));
    CHECK(std::all_of(y.begin(), y.end(), [&](float v) { return v == 0 || v == factor; }));
  }
}

TEST_CASE("dropout depends on seed, step and call, not on threads or the instruction set") {
  const TapeOptions options{.training = true, .seed = 1, .step = 2};
  const std::vector<float> y = dropped(options, 0.5);
  CHECK((dropped(options, 0.5) == y));
  TapeOptions other = options;
  other.threads = 3;
  CHECK((dropped(other, 0.5) == y));
  other.seed = 5;
  CHECK((dropped(other, 0.5) != y));
  other = options;
  other.step = 3;
  CHECK((dropped(other, 0.5) != y));
  CHECK((dropped(options, 0.5, 2) != y));
  for (const Kernels* table : available_kernels()) {
    const KernelsOverride override(*table);
    CHECK((dropped(options, 0.5) == y));
  }
}

TEST_CASE("without training nothing is dropped") {
  const std::vector<float> ones(static_cast<std::size_t>(count), 1);
  CHECK((dropped({}, 0.5) == ones));
  CHECK((dropped({.training = true}, 0) == ones));
}

TEST_CASE("dropout with a given choice") {
  const std::array<float, 4> x{1, 2, 3, 4};
  const std::array<std::uint8_t, 4> keep{1, 0, 0, 1};
  Arena arena;
  Tape tape(arena, {.training = true});
  const Tensor y = dropout(tape.input(x, {4}), 0.75, keep);
  CHECK((std::vector<float>(y.values().begin(), y.values().end()) ==
         std::vector<float>{4, 0, 0, 16}));
  CHECK_THROWS_AS(dropout(tape.input(x, {2, 2}), 0.5, std::span(keep).first(3)), std::logic_error);
  CHECK_THROWS_AS(dropout(tape.input(x, {4}), 1.0), std::logic_error);
}

}  // namespace
}  // namespace rppg::ops
