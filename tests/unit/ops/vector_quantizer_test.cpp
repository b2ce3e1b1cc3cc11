// Nearest codes, straight-through gradients, and code books that follow or are revived.
#include "ops/vector_quantizer.h"

#include <algorithm>
#include <array>
#include <vector>

#include <doctest/doctest.h>

#include "tensor/tape.h"

using namespace rppg;

namespace {

/// A parameter outside of any store.
struct Numbers {
  std::vector<float> values;
  TensorNode node;

  explicit Numbers(std::vector<float> numbers) : values(std::move(numbers)) {
    node.shape = {static_cast<Index>(values.size())};
    node.values = values.data();
  }
  Tensor tensor() { return Tensor(&node); }
};

}  // namespace

TEST_CASE("the nearest code is the first of equally near ones") {
  const std::array<double, 3> codes{1, -1, 1};
  CHECK(ops::nearest_code(0.1, codes) == 0);
  CHECK(ops::nearest_code(0, codes) == 0);
  CHECK(ops::nearest_code(-0.1, codes) == 1);
}

TEST_CASE("numbers become codes, gradients go straight through") {
  Numbers codes({0.5F, -2, 3});
  const std::vector<float> z{0, 2, -7, 0.6F};
  Arena arena;
  Tape tape(arena, {.gradients = true});
  const Tensor x = tape.input(z, {2, 2}, true);
  const ops::Quantized quantized = ops::quantize(x, codes.tensor());
  const std::vector<float> wanted{0.5F, 3, -2, 0.5F};
  CHECK(std::equal(wanted.begin(), wanted.end(), quantized.values.values().begin()));
  CHECK(std::vector(quantized.tokens.begin(), quantized.tokens.end()) ==
        std::vector<std::int32_t>{0, 2, 1, 0});
  const std::vector<float> upstream{1, -2, 3, -4};
  x.gradient()[0] = 10;
  tape.backward(quantized.values, upstream);
  const std::vector<float> gradient{11, -2, 3, -4};
  CHECK(std::equal(gradient.begin(), gradient.end(), x.gradient().begin()));
}

TEST_CASE("a code book takes a step towards its numbers") {
  Numbers codes({1, -1}), sums({2, -3}), counts({2, 3});
  const std::vector<float> z{1.5F, 0.5F, -2};
  Arena arena;
  Tape tape(arena, {.training = true});
  const Tensor x = tape.input(z, {3});
  const ops::CodeBookRule rule{.decay = 0.5, .epsilon = 0};
  ops::follow(codes.tensor(), sums.tensor(), counts.tensor(), x, std::array{0, 0, 1}, rule);
  CHECK(counts.values == std::vector<float>{2, 2});
  CHECK(sums.values == std::vector<float>{2, -2.5F});
  CHECK(codes.values == std::vector<float>{1, -1.25F});
}

TEST_CASE("an unused code is put on a number of the batch, where that is wanted") {
  const std::vector<float> z{0.9F, 1.1F, 1.0F, 1.2F};
  const std::array<std::int32_t, 4> tokens{0, 0, 0, 0};
  for (const double below : {0.0, 0.05}) {
    CAPTURE(below);
    Numbers codes({1, -100}), sums({100, 0}), counts({100, 0});
    Arena arena;
    Tape tape(arena, {.training = true});
    ops::follow(codes.tensor(), sums.tensor(), counts.tensor(), tape.input(z, {4}), tokens,
                {.revive_below = below});
    const bool on_a_number = std::find(z.begin(), z.end(), codes.values[1]) != z.end();
    CHECK(on_a_number == (below > 0));
    CHECK((counts.values[1] > 1) == (below > 0));
    CHECK(codes.values[0] == doctest::Approx(1).epsilon(0.01));
  }
}
