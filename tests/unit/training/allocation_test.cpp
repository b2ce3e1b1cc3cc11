// A training step takes nothing from the heap once the arena has grown.
#include <cstdlib>
#include <map>
#include <string>

#include <doctest/doctest.h>

#include "models/registry.h"
#include "support/allocation_count.h"
#include "support/resources.h"
#include "support/tiny_network.h"
#include "training/inference.h"
#include "training/trainer.h"
#include "unit/training/sample_videos.h"

namespace {

using namespace rppg;

/// Allocations in ten steps, after two epochs; the last batch of each epoch is a short one.
std::size_t allocations_per_step(const models::ModelEntry& entry, const models::Settings& settings,
                                 const char* loss, int threads) {
  const test::TemporaryFolder folder;
  models::Network network(entry, settings, 1);
  const data::VideoFormat format = training::video_format(network.model().input());
  data::FaceVideos videos(folder.path(), format, 2);
  for (int v = 0; v < 2; ++v) {
    videos.set(static_cast<std::size_t>(v), test::sample_video(v, 110, format.frame_size));
  }
  const auto objective = training::make_supervised(network.model(), loss);
  training::TrainingOptions options;
  options.recipe.batch_size = 2;
  options.threads = threads;
  training::Trainer trainer(network, *objective, videos, nullptr, options, {}, folder.path());
  for (int step = 0; step < 12; ++step) trainer.step();
  const std::size_t before = test::allocations();
  for (int step = 0; step < 10; ++step) trainer.step();
  return test::allocations() - before;
}

TEST_CASE("the counter sees the heap, through new and without") {
  if (!test::allocations_are_counted()) return;
  std::size_t before = test::allocations();
  char* volatile kept = new char[100];  // volatile: or the compiler takes both calls away
  CHECK(test::allocations() == before + 1);
  delete[] kept;
  before = test::allocations();
  void* volatile aligned = std::aligned_alloc(64, 128);
  CHECK(test::allocations() == before + 1);
  std::free(aligned);
}

TEST_CASE("no step of the trainer allocates") {
  if (!test::allocations_are_counted()) return;
  CHECK(allocations_per_step(test::tiny_entry(), {}, "negative-pearson", 1) == 0);
}

TEST_CASE("no step of a network allocates, on one thread or two") {
  if (!test::allocations_are_counted()) return;
  const models::Settings small{{"frame_size", 12}, {"clip_frames", 20}};
  for (const int threads : {1, 2}) {
    CAPTURE(threads);
    CHECK(allocations_per_step(models::find_model("efficientphys"), small, "mse", threads) == 0);
  }
}

}  // namespace
