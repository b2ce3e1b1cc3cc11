#include "ops/arithmetic.h"

#include <array>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "ops/activation.h"
#include "ops/softmax.h"

namespace rppg::ops {
namespace {

std::vector<float> list(Tensor x) { return {x.values().begin(), x.values().end()}; }

struct Fixture {
  Arena arena;
  Tape tape{arena, {}};
  const std::array<float, 12> a{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  const std::array<float, 4> b{10, 20, 30, 40};
  const Tensor clip = tape.input(a, {2, 3, 2});  ///< (B, T, C)
};

TEST_CASE_FIXTURE(Fixture, "sums and products number by number") {
  const Tensor x = tape.input(b, {4});
  CHECK(list(add(x, x)) == std::vector<float>{20, 40, 60, 80});
  CHECK(list(subtract(x, scale(x, 0.5F))) == std::vector<float>{5, 10, 15, 20});
  CHECK(list(multiply(x, x)) == std::vector<float>{100, 400, 900, 1600});
  CHECK_THROWS_AS(add(x, tape.input(b, {2, 2})), std::logic_error);
}

TEST_CASE_FIXTURE(Fixture, "a bias is that of the last axes") {
  CHECK(list(add_bias(clip, tape.input(std::span(b).first(2), {2}))) ==
        std::vector<float>{11, 22, 13, 24, 15, 26, 17, 28, 19, 30, 21, 32});
  CHECK(list(add_bias(clip, tape.input(std::span(a).first(6), {3, 2}))) ==
        std::vector<float>{2, 4, 6, 8, 10, 12, 8, 10, 12, 14, 16, 18});
  CHECK_THROWS_AS(add_bias(clip, tape.input(std::span(b).first(3), {3})), std::logic_error);
  CHECK_THROWS_AS(add_bias(tape.input(b, {4}), clip), std::logic_error);
}

TEST_CASE_FIXTURE(Fixture, "slices, joins and turns") {
  CHECK(list(slice(clip, 1, 2)) == std::vector<float>{2, 4, 6, 8, 10, 12});
  CHECK(slice(clip, 1, 2).shape() == Shape{2, 3, 1});
  CHECK(list(concatenate(slice(clip, 1, 2), slice(clip, 0, 1))) ==
        std::vector<float>{2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11});
  CHECK(list(flip_time(clip)) == std::vector<float>{5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8});
  CHECK_THROWS_AS(slice(clip, 1, 3), std::logic_error);
  CHECK_THROWS_AS(concatenate(clip, tape.input(b, {2, 2})), std::logic_error);
  CHECK_THROWS_AS(flip_time(tape.input(b, {4})), std::logic_error);
}

TEST_CASE_FIXTURE(Fixture, "no activation is no op, and rows of softmax sum to one") {
  CHECK(activate(clip, Activation::none).node() == clip.node());
  CHECK(list(relu(scale(clip, -1))) == std::vector<float>(12, 0));
  CHECK(list(softmax(tape.input(std::vector<float>(4, 3), {2, 2}))) == std::vector<float>(4, 0.5F));
}

}  // namespace
}  // namespace rppg::ops
