#include "nn/parameters.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

using namespace rppg;
using nn::Initialization;

namespace {

std::vector<float> drawn(const Initialization& start, std::uint64_t seed, const char* name = "w") {
  nn::ParameterStore store;
  const Tensor w = store.add(name, {200, 50}, nn::Role::trained, start);
  store.initialize(seed);
  return {w.values().begin(), w.values().end()};
}

}  // namespace

TEST_CASE("names are paths, and each exists once") {
  nn::ParameterStore store;
  const nn::Scope scope(store);
  (scope / "blocks" / 0 / "norm").parameter("weight", {4}, {.a = 1});
  (scope / "blocks").buffer("mean", {4}, 0);
  CHECK(store.find("blocks.0.norm.weight") != nullptr);
  CHECK(store.find("blocks.mean")->role == nn::Role::buffer);
  CHECK(store.find("blocks") == nullptr);
  CHECK_THROWS_AS((scope / "blocks").counter("mean"), std::logic_error);
  store.initialize(1);
  CHECK_THROWS_AS(scope.counter("late"), std::logic_error);
  CHECK(store.trained_count() == 4);
}

TEST_CASE("what is made in a frozen scope is kept and drawn alike, but not trained") {
  const Initialization start{Initialization::Kind::uniform, 0.5};
  nn::ParameterStore frozen, trained;
  const Tensor a = (nn::Scope(frozen).frozen() / "part").parameter("weight", {3}, start);
  const Tensor b = (nn::Scope(trained) / "part").parameter("weight", {3}, start);
  frozen.initialize(1);
  trained.initialize(1);
  CHECK(frozen.find("part.weight")->role == nn::Role::buffer);
  CHECK(frozen.trained_count() == 0);
  CHECK(!a.wants_gradient());
  CHECK(std::equal(a.values().begin(), a.values().end(), b.values().begin()));
}

TEST_CASE("values depend on the seed and the name only") {
  const Initialization start{Initialization::Kind::uniform, 0.5};
  CHECK(drawn(start, 1) == drawn(start, 1));
  CHECK(drawn(start, 1) != drawn(start, 2));
  CHECK(drawn(start, 1) != drawn(start, 1, "v"));
}

TEST_CASE("values start as they are told to") {
  const auto uniform = drawn({Initialization::Kind::uniform, 0.5}, 1);
  const auto [low, high] = std::minmax_element(uniform.begin(), uniform.end());
  CHECK(*low >= -0.5F);
  CHECK(*low < -0.49F);
  CHECK(*high < 0.5F);
  CHECK(*high > 0.49F);

  const auto normal = drawn({Initialization::Kind::truncated_normal, 0.02, 2}, 1);
  double square = 0;
  for (const float x : normal) {
    REQUIRE(std::abs(x) <= 0.04F);
    square += static_cast<double>(x) * static_cast<double>(x);
  }
  CHECK(std::sqrt(square / 10'000) == doctest::Approx(0.02 * 0.8796).epsilon(0.03));

  const auto ranks = drawn({Initialization::Kind::log_ranks}, 1);
  CHECK(ranks[0] == 0);
  CHECK(ranks[49] == doctest::Approx(std::log(50.0)));
  CHECK(ranks[50] == 0);
}

TEST_CASE("gradients lie in one slab, and a frozen store wants none") {
  nn::ParameterStore store;
  const Tensor a = store.add("a", {3}, nn::Role::trained, {});
  const Tensor b = store.add("b", {5}, nn::Role::trained, {});
  store.initialize(1);
  a.gradient()[2] = 1;
  b.gradient()[4] = 2;
  CHECK(std::count(store.gradients().begin(), store.gradients().end(), 0.0F) ==
        static_cast<std::ptrdiff_t>(store.gradients().size()) - 2);
  store.clear_gradients();
  CHECK(b.gradient()[4] == 0);
  CHECK(a.wants_gradient());
  store.freeze();
  CHECK(!a.wants_gradient());
}
