// Ops along the frames of a clip, and convolutions over pairs of frames, against their parts.
#include <algorithm>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "kernels/kernels.h"
#include "ops/convolution.h"
#include "ops/frames.h"
#include "ops/positions.h"
#include "ops/standardize.h"
#include "tensor/tape.h"

using namespace rppg;

namespace {

std::vector<float> random_numbers(Index count, std::uint64_t stream) {
  const Random random(7, stream);
  std::vector<float> numbers(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = static_cast<float>(random.uniform(i, -1, 1));
  }
  return numbers;
}

/// Convolution over pairs is every other frame of that with a kernel of three frames, the first of
/// which is zero.
void check_pairs(Index in, Index out, Index kernel, Index stride) {
  const Index taps = kernel * kernel, frames = 6, side = 9;
  const std::vector<float> weight = random_numbers(out * in * 2 * taps, 1);
  std::vector<float> of_three(static_cast<std::size_t>(out * in * 3 * taps), 0.0F);
  for (Index i = 0; i < out * in; ++i) {
    std::copy_n(weight.begin() + i * 2 * taps, 2 * taps, of_three.begin() + (i * 3 + 1) * taps);
  }
  const std::vector<float> bias = random_numbers(out, 2);
  const std::vector<float> clip = random_numbers(frames * side * side * in, 3);
  Arena arena;
  Tape tape(arena, {.threads = 2});
  const Tensor x = tape.input(clip, {1, frames, side, side, in});
  const Tensor b = tape.input(bias, {out});
  const ops::ConvolutionOptions pair{
      .stride = stride, .padding = kernel / 2, .reach = ops::TimeReach::pair};
  ops::ConvolutionOptions three = pair;
  three.reach = ops::TimeReach::kernel;
  const Tensor y = ops::convolution(ops::pair_frames(x),
                                    tape.input(weight, {out, in, 2, kernel, kernel}), b, pair);
  const Tensor all =
      ops::convolution(x, tape.input(of_three, {out, in, 3, kernel, kernel}), b, three);
  const Index size = y.count() / (frames / 2);
  for (Index i = 0; i < y.count(); ++i) {
    const Index frame = i / size;
    REQUIRE(std::abs(y.values()[static_cast<std::size_t>(i)] -
                     all.values()[static_cast<std::size_t>(i + frame * size)]) < 5e-5F);
  }
}

}  // namespace

TEST_CASE("a convolution over pairs of frames is one over frames that takes steps of two") {
  for (const Kernels* table : available_kernels()) {
    CAPTURE(table->isa);
    const KernelsOverride chosen(*table);
    check_pairs(8, 9, 5, 1);   // tiles
    check_pairs(3, 5, 3, 1);   // rows
    check_pairs(4, 18, 7, 2);  // rows and tiles, with a stride
  }
}

TEST_CASE("frames are paired and repeated") {
  const std::vector<float> clip{0, 1, 2, 3, 4, 5, 6, 7};
  Arena arena;
  Tape tape(arena, {});
  const Tensor pairs = ops::pair_frames(tape.input(clip, {1, 4, 1, 2, 1}));
  const std::vector<float> paired{0, 2, 1, 3, 4, 6, 5, 7};
  CHECK(pairs.shape() == Shape{1, 2, 1, 2, 2});
  CHECK(std::equal(paired.begin(), paired.end(), pairs.values().begin()));
  CHECK_THROWS_AS(ops::pair_frames(tape.input(clip, {1, 1, 2, 2, 2})), std::logic_error);
  const Tensor twice = ops::repeat_frames(tape.input(clip, {2, 2, 2}));
  const std::vector<float> repeated{0, 1, 0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 7, 6, 7};
  CHECK(twice.shape() == Shape{2, 4, 2});
  CHECK(std::equal(repeated.begin(), repeated.end(), twice.values().begin()));
}

TEST_CASE("positions are those of a clip's first frames") {
  const std::vector<float> clip{1, 2, 3, 4}, positions{10, 20, 30};
  Arena arena;
  Tape tape(arena, {});
  const Tensor p = tape.input(positions, {1, 3, 1});
  const Tensor y = ops::add_positions(tape.input(clip, {2, 2, 1}), p);
  const std::vector<float> wanted{11, 22, 13, 24};
  CHECK(std::equal(wanted.begin(), wanted.end(), y.values().begin()));
  CHECK_THROWS_AS(ops::add_positions(tape.input(clip, {1, 4, 1}), p), std::logic_error);
}

TEST_CASE("waves are standardised clip by clip; a constant one becomes zero") {
  const std::vector<float> clips{1, 3, 5, 7, 7, 7};
  Arena arena;
  Tape tape(arena, {});
  const Tensor y = ops::standardize(tape.input(clips, {2, 3}), 1e-6);
  const std::vector<float> wanted{-1, 0, 1, 0, 0, 0};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    CHECK(y.values()[i] == doctest::Approx(wanted[i]).epsilon(1e-5));
  }
  CHECK_THROWS_AS(ops::standardize(tape.input(clips, {6, 1}), 1e-6), std::logic_error);
}
