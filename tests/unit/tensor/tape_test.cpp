#include "tensor/tape.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace rppg;

namespace {

Tensor doubled(Tensor x) {
  const Tensor y = x.tape().output(x.shape(), {x});
  for (std::size_t i = 0; i < x.values().size(); ++i) y.mutable_values()[i] = 2 * x.values()[i];
  return x.tape().record("doubled", y, [x, y] {
    for (std::size_t i = 0; i < x.values().size(); ++i) x.gradient()[i] += 2 * y.gradient()[i];
  });
}

Tensor sum(Tensor a, Tensor b) {
  const Tensor y = a.tape().output(a.shape(), {a, b});
  for (std::size_t i = 0; i < a.values().size(); ++i) {
    y.mutable_values()[i] = a.values()[i] + b.values()[i];
  }
  return a.tape().record("sum", y, [a, b, y] {
    for (const Tensor& parent : {a, b}) {
      if (!parent.wants_gradient()) continue;
      for (std::size_t i = 0; i < y.values().size(); ++i) parent.gradient()[i] += y.gradient()[i];
    }
  });
}

std::vector<std::string> ops_of(const Tape& tape) {
  std::vector<std::string> names;
  tape.for_each_op([&](const char* name) { names.emplace_back(name); });
  return names;
}

}  // namespace

TEST_CASE("gradients of all uses of a tensor are added") {
  Arena arena;
  Tape tape(arena, {.gradients = true});
  const std::vector<float> numbers{1, 2, 3};
  const Tensor x = tape.input(numbers, {3}, true);
  const Tensor y = sum(doubled(x), sum(x, doubled(doubled(x))));  // 7 x
  CHECK(y.values()[2] == 21);
  tape.backward(y, std::vector<float>{1, 10, 100});
  CHECK(x.gradient()[0] == 7);
  CHECK(x.gradient()[1] == 70);
  CHECK(x.gradient()[2] == 700);
  std::vector<std::string> ops = ops_of(tape);
  CHECK(ops.front() == "sum");  // the last one first
  std::sort(ops.begin(), ops.end());
  CHECK(ops == std::vector<std::string>{"doubled", "doubled", "doubled", "sum", "sum"});
}

TEST_CASE("a view shares numbers and gradient") {
  Arena arena;
  Tape tape(arena, {.gradients = true});
  const std::vector<float> numbers{1, 2, 3, 4, 5, 6};
  const Tensor x = tape.input(numbers, {6}, true);
  const Tensor rows = tape.view(doubled(x), {2, 3});
  const Tensor y = tape.view(doubled(rows), {3, 2});
  CHECK(y.shape() == Shape{3, 2});
  CHECK(y.values()[5] == 24);
  tape.backward(y, std::vector<float>(6, 1));
  CHECK(x.gradient()[4] == 4);
  CHECK_THROWS_AS(tape.view(y, {4}), std::logic_error);
}

TEST_CASE("what wants no gradient is not recorded") {
  Arena arena;
  const std::vector<float> numbers{1};
  {
    Tape tape(arena, {.gradients = true});
    const Tensor constant = doubled(tape.input(numbers, Shape()));
    CHECK(ops_of(tape).empty());
    CHECK_THROWS_AS(tape.backward(constant), std::logic_error);
  }
  Tape tape(arena, {.gradients = false});
  doubled(tape.input(numbers, Shape(), true));
  CHECK(ops_of(tape).empty());
}

TEST_CASE("a loss is one number, and inputs have the count of their shape") {
  Arena arena;
  Tape tape(arena, {.gradients = true});
  const std::vector<float> numbers{1, 2};
  CHECK_THROWS_AS(tape.input(numbers, {3}), std::logic_error);
  const Tensor x = tape.input(numbers, {2}, true);
  CHECK_THROWS_AS(tape.backward(doubled(x)), std::logic_error);
}

TEST_CASE("costs are written down where that is wanted") {
  Arena arena;
  CostLog costs;
  Tape tape(arena, {.costs = &costs});
  const Tensor y = tape.output({4, 5}, {});
  tape.count_cost("some op", y, y, 7);
  REQUIRE(costs.size() == 1);
  CHECK(costs[0].multiplications == 140);
  CHECK(costs[0].outputs == 20);
}
