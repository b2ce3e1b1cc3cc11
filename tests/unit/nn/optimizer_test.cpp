#include "nn/optimizer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "kernels/kernels.h"

namespace rppg::nn {
namespace {

using Kind = OptimizerOptions::Kind;

constexpr Initialization at_random{.kind = Initialization::Kind::uniform, .a = 1};
constexpr StepRates rates{.learning_rate = 0.01, .beta1 = 0.9};

void fill_store(ParameterStore& store, Index large = 40'000) {
  store.add("large", {large}, Role::trained, at_random);
  store.add("small", {3, 1}, Role::trained, at_random);
  store.add("average", {5}, Role::buffer, at_random);
  store.initialize(1);
}

void set_gradients(ParameterStore& store, std::uint64_t stream, double scale = 1) {
  const Random random(2, stream);
  for (const Parameter& parameter : store.parameters()) {
    if (parameter.role != Role::trained) continue;
    std::uint64_t i = 0;
    for (float& g : parameter.tensor.gradient()) g = static_cast<float>(scale * random.normal(i++));
  }
}

double wide(float x) { return static_cast<double>(x); }

std::vector<float> copy(std::span<const float> values) { return {values.begin(), values.end()}; }

/// Parameters after some steps.
std::vector<float> after_steps(const OptimizerOptions& options, int threads, int steps = 3) {
  ParameterStore store;
  fill_store(store);
  Optimizer optimizer(store, options, threads);
  for (int k = 0; k < steps; ++k) {
    set_gradients(store, static_cast<std::uint64_t>(k));
    optimizer.step(rates);
  }
  return copy(store.values());
}

}  // namespace

TEST_CASE("steps have the same bits for any number of threads") {
  for (const Kernels* table : available_kernels()) {
    const KernelsOverride in_use(*table);
    for (const Kind kind : {Kind::adamw, Kind::adam, Kind::descent}) {
      const OptimizerOptions options{.kind = kind, .weight_decay = 0.1, .max_gradient_norm = 1};
      const std::vector<float> wanted = after_steps(options, 1);
      CHECK(after_steps(options, 2) == wanted);
      CHECK(after_steps(options, 3) == wanted);
    }
  }
}

TEST_CASE("a step clears the gradients and leaves buffers and padding alone") {
  for (const Kind kind : {Kind::adamw, Kind::adam, Kind::descent}) {
    ParameterStore store;
    fill_store(store);
    const std::vector<float> buffers = copy(store.buffers());
    Optimizer optimizer(store, {.kind = kind, .weight_decay = 0.1});
    set_gradients(store, 1);
    optimizer.step(rates);
    CHECK(std::all_of(store.gradients().begin(), store.gradients().end(),
                      [](float g) { return g == 0; }));
    CHECK(copy(store.buffers()) == buffers);
    CHECK(store.values().back() == 0);  // behind the three numbers of "small"
  }
}

TEST_CASE("the norm of the gradient is returned, and long gradients are shortened") {
  const auto moved = [](double max_norm, double gradient_scale) {
    ParameterStore store;
    fill_store(store, 400);
    const std::vector<float> before = copy(store.values());
    Optimizer optimizer(store, {.kind = Kind::descent, .max_gradient_norm = max_norm});
    set_gradients(store, 1, gradient_scale);
    double squares = 0;
    for (const float g : store.gradients()) squares += wide(g) * wide(g);
    const double norm = optimizer.step({.learning_rate = 1, .beta1 = 0});
    CHECK(norm == doctest::Approx(std::sqrt(squares)).epsilon(1e-12));
    double distance = 0;
    for (std::size_t i = 0; i < before.size(); ++i) {
      const double d = wide(store.values()[i]) - wide(before[i]);
      distance += d * d;
    }
    return std::pair(norm, std::sqrt(distance));
  };
  const auto [norm, distance] = moved(0, 1);
  CHECK(distance == doctest::Approx(norm).epsilon(1e-5));
  CHECK(moved(2, 1).second == doctest::Approx(2).epsilon(1e-5));
  const auto [short_norm, short_distance] = moved(2, 0.01);
  CHECK(short_norm < 2);
  CHECK(short_distance == doctest::Approx(short_norm).epsilon(1e-4));
}

TEST_CASE("gradients that are not finite change nothing") {
  for (const float broken :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    ParameterStore store;
    fill_store(store, 400);
    Optimizer optimizer(store, {.weight_decay = 0.1});
    set_gradients(store, 1);
    optimizer.step(rates);
    const std::vector<float> values = copy(store.values());
    const std::vector<float> moments = copy(optimizer.second_moments());
    set_gradients(store, 2);
    store.gradients()[17] = broken;
    CHECK(!std::isfinite(optimizer.step(rates)));
    CHECK(copy(store.values()) == values);
    CHECK(copy(optimizer.second_moments()) == moments);
    CHECK(optimizer.steps() == 1);
    CHECK(store.gradients()[3] == 0);
  }
}

TEST_CASE("weight decay: apart from the gradient for AdamW, within it for the others") {
  const auto first_value = [](Kind kind, double start) {
    ParameterStore store;
    store.add("x", {1}, Role::trained, {.a = start});
    store.initialize(1);
    Optimizer optimizer(store, {.kind = kind, .weight_decay = 0.1});
    optimizer.step(rates);  // the gradient is zero
    return wide(store.values()[0]);
  };
  CHECK(first_value(Kind::adamw, 2) == doctest::Approx(2 * (1 - 0.01 * 0.1)));
  CHECK(first_value(Kind::adam, 2) == doctest::Approx(2 - 0.01));  // its first steps have one size
  CHECK(first_value(Kind::descent, 2) == doctest::Approx(2 * (1 - 0.01 * 0.1)));
}

TEST_CASE("a restored optimizer goes on as if nothing had happened") {
  for (const Kind kind : {Kind::adamw, Kind::descent}) {
    const OptimizerOptions options{.kind = kind, .weight_decay = 0.01};
    const std::vector<float> wanted = after_steps(options, 1, 4);
    ParameterStore store;
    fill_store(store);
    Optimizer first(store, options);
    for (std::uint64_t k = 0; k < 2; ++k) {
      set_gradients(store, k);
      first.step(rates);
    }
    Optimizer second(store, options);
    second.restore(first.first_moments(), first.second_moments(), first.steps());
    for (std::uint64_t k = 2; k < 4; ++k) {
      set_gradients(store, k);
      second.step(rates);
    }
    CHECK(copy(store.values()) == wanted);
    CHECK(second.steps() == 4);
    CHECK_THROWS_AS(second.restore(first.first_moments().first(3), first.second_moments(), 2),
                    std::logic_error);
  }
}

}  // namespace rppg::nn
