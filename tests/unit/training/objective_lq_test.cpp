// Stage 2 of LQ-rPPG: what its losses look at, and that a network learns by them.
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.h"
#include "models/coarse_to_fine.h"
#include "models/network.h"
#include "support/allocation_count.h"
#include "support/resources.h"
#include "support/tiny_network.h"
#include "training/inference.h"
#include "training/trainer.h"
#include "unit/training/sample_videos.h"

namespace {

using namespace rppg;

models::Settings small(models::Settings changes = {}) {
  changes.insert({{"frame_size", 8}, {"clip_frames", 64}});
  return changes;
}

/// A training of the coarse-to-fine network on two short videos.
struct Training {
  Training(const std::string& loss, const models::Settings& changes, int threads = 1)
      : network(models::find_model("c2f"), small(changes), 1),
        format(training::video_format(network.model().input())),
        videos(folder.path(), format, 2),
        objective(training::make_lq(network.model(), loss)) {
    for (int v = 0; v < 2; ++v) {
      videos.set(static_cast<std::size_t>(v), test::sample_video(v, 140, format.frame_size));
    }
    training::TrainingOptions options;
    options.recipe.batch_size = 2;
    options.recipe.learning_rate = 3e-3;
    options.recipe.epochs = 40;
    options.threads = threads;
    trainer.emplace(network, *objective, videos, nullptr, options,
                    std::map<std::string, std::string>{}, folder.path());
  }

  /// Mean loss of the first and of the last steps of some.
  std::pair<double, double> learn(int steps) {
    std::vector<double> losses;
    for (int i = 0; i < steps; ++i) losses.push_back(trainer->step());
    return {(losses[0] + losses[1]) / 2, (losses[losses.size() - 2] + losses.back()) / 2};
  }

  test::TemporaryFolder folder;
  models::Network network;
  data::VideoFormat format;
  data::FaceVideos videos;
  std::unique_ptr<training::Objective> objective;
  std::optional<training::Trainer> trainer;
};

TEST_CASE("lq: the loss falls with quantised, band-passed and raw labels and in every ablation") {
  struct Case {
    std::string loss;
    models::Settings settings;
  };
  for (const auto& [loss, settings] :
       std::vector<Case>{{"quantized", {}},
                         {"quantized", {{"soft_codes", 0}}},
                         {"quantized", {{"bits1", 0}, {"bits2", 0}, {"bits3", 0}, {"bits4", 0}}},
                         {"quantized", {{"bits1", 5}, {"bits2", 4}, {"bits4", 2}, {"bits5", 1}}},
                         {"band-passed", {{"soft_codes", 0}}},
                         {"raw", {{"soft_codes", 0}}}}) {
    CAPTURE(loss);
    Training training(loss, settings);
    const auto [first, last] = training.learn(24);
    CHECK(last < first - 0.05);
  }
}

TEST_CASE("lq: band-passing and scale of labels do not matter where they should not") {
  // A drift and a gain are in no loss but that of raw labels.
  for (const char* loss : {"band-passed", "raw"}) {
    Training training(loss, {{"soft_codes", 0}});
    const models::InputFormat& input = training.network.model().input();
    const std::vector<float> frames(static_cast<std::size_t>(3 * 64 * 64), 0.5F);
    const double rate_hz = 25;
    const auto loss_of = [&](double gain, double drift) {
      std::vector<float> labels(64);
      for (std::size_t t = 0; t < labels.size(); ++t) {
        const double time_s = static_cast<double>(t) / rate_hz;
        labels[t] = static_cast<float>(gain * test::sample_pulse(1, time_s) +
                                       drift * std::sin(0.2 * time_s));
      }
      Arena arena;
      Tape tape(arena, {});
      const Tensor clips =
          tape.input(frames, {1, input.clip_frames, input.frame_size, input.frame_size, 3});
      const Tensor target = tape.input(labels, {1, input.clip_frames});
      return (*training.objective)(clips, {target, {&rate_hz, 1}}).loss.values()[0];
    };
    CHECK(loss_of(7, 0) == doctest::Approx(loss_of(1, 0)).epsilon(1e-5));
    const double change = std::abs(loss_of(1, 5) - loss_of(1, 0));
    if (std::string(loss) == "raw") {
      CHECK(change > 0.02);
    } else {
      CHECK(change < 0.02);
    }
  }
}

TEST_CASE("lq: levels without a head have no parameters; their block stays") {
  const models::Network whole(models::find_model("c2f"), small(), 1);
  const models::Network single(models::find_model("c2f"),
                               small({{"bits1", 0}, {"bits2", 0}, {"bits3", 0}, {"bits4", 0}}), 1);
  CHECK(whole.parameters().trained_count() - single.parameters().trained_count() == 4 * (65 + 128));
  CHECK(single.parameters().find("mamba1_token_head.weight") == nullptr);
  CHECK(single.parameters().find("quantizer1.quantizer.embeddings.weight") == nullptr);
  CHECK(single.parameters().find("quantizer5.quantizer.embeddings.weight") != nullptr);
  CHECK_THROWS_AS(models::Network(models::find_model("c2f"), small({{"bits5", 0}}), 1), Error);
}

TEST_CASE("lq: what cannot be trained is said") {
  const models::Network other(test::tiny_entry(), {}, 1);
  CHECK_THROWS_WITH(training::make_lq(other.model(), "quantized"),
                    "objective lq trains model c2f only");
  const models::Network soft(models::find_model("c2f"), small(), 1);
  CHECK_THROWS_AS(training::make_lq(soft.model(), "raw"), Error);
}

TEST_CASE("lq: no step allocates") {
  if (!test::allocations_are_counted()) return;
  for (const int threads : {1, 2}) {
    Training training("quantized", {}, threads);
    for (int step = 0; step < 6; ++step) training.trainer->step();
    const std::size_t before = test::allocations();
    for (int step = 0; step < 4; ++step) training.trainer->step();
    CHECK(test::allocations() == before);
  }
}

}  // namespace
