#include "training/quantizer_training.h"

#include <cmath>
#include <numbers>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.h"
#include "base/random.h"
#include "signal/pulse_label.h"

using namespace rppg;
using namespace rppg::training;

namespace {

signal::LabelClips clips(std::size_t count, std::uint64_t seed) {
  signal::LabelClips all{.rate_hz = 30};
  const Random random(seed, "clips");
  for (std::size_t c = 0; c < count; ++c) {
    const double bpm = random.uniform(c, 55, 110), start = random.uniform(100 + c, 0, 6);
    std::vector<double> clip(160);
    for (std::size_t i = 0; i < clip.size(); ++i) {
      clip[i] = std::sin(2 * std::numbers::pi * bpm / 60 * static_cast<double>(i) / 30 + start);
    }
    all.raw.push_back(clip);
    all.prepared.push_back(signal::prepare_label(clip, 30));
  }
  return all;
}

QuantizerRecipe short_recipe(std::string_view name, int epochs) {
  QuantizerRecipe recipe = find_quantizer_recipe(name);
  recipe.epochs = epochs;
  recipe.batch_size = 8;
  return recipe;
}

}  // namespace

TEST_CASE("a quantiser learns codes that keep the wave and its rate") {
  const signal::LabelClips train = clips(24, 1), held_out = clips(6, 2);
  const TrainedQuantizer trained =
      train_quantizer(2, train, held_out, short_recipe("default", 8), 1);
  REQUIRE(trained.history.size() == 8);
  CHECK(trained.history.back().loss < trained.history.front().loss);
  CHECK(trained.history[trained.best].mae_bpm < 2);

  const Quantizer quantizer(trained.record, "made");
  CHECK(quantizer.codes() == 4);
  CHECK(quantizer.bits() == 2);
  const Quantizer::Result result = quantizer(held_out.prepared.front());
  REQUIRE(result.tokens.size() == 160);
  const std::vector<double> codes = quantizer.codebook();
  for (std::size_t i = 0; i < result.tokens.size(); ++i) {
    CHECK(result.values[i] ==
          doctest::Approx(codes[static_cast<std::size_t>(result.tokens[i])]).epsilon(1e-6));
  }
}

TEST_CASE("the same labels and seed give the same quantiser") {
  const signal::LabelClips train = clips(10, 1);
  const auto weights = [&](std::uint64_t seed) {
    const auto trained = train_quantizer(1, train, {}, short_recipe("paper", 7), seed);
    CHECK(trained.best >= 5);  // the published rule looks at the sixth epoch first
    return trained.record.tensors;
  };
  const auto first = weights(3), again = weights(3), other = weights(4);
  bool differs = false;
  for (std::size_t i = 0; i < first.size(); ++i) {
    CHECK(first[i].values == again[i].values);
    differs = differs || first[i].values != other[i].values;
  }
  CHECK(differs);
}

TEST_CASE("a record that is no label quantiser is refused") {
  nn::NetworkRecord record{.model = "physnet"};
  CHECK_THROWS_AS(Quantizer(record, "file.h5"), Error);
  record = train_quantizer(1, clips(4, 1), {}, short_recipe("default", 1), 1).record;
  record.tensors.pop_back();
  CHECK_THROWS_AS(Quantizer(record, "file.h5"), Error);
  CHECK_THROWS_AS(find_quantizer_recipe("other"), Error);
}
