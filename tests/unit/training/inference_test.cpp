#include "training/inference.h"

#include <cmath>

#include <doctest/doctest.h>

#include "models/network.h"
#include "support/resources.h"
#include "support/tiny_network.h"
#include "unit/training/sample_videos.h"

namespace {

using namespace rppg;

/// A network that works frame by frame, so that any cut into chunks must give the same.
struct Sample {
  Sample() : network(test::tiny_entry(), {}, 3) { network.parameters().freeze(); }
  models::Network network;
  Arena arena;
};

TEST_CASE("every frame gets its output, whatever the length of the recording") {
  Sample sample;
  const data::FaceVideo whole = test::sample_video(1, 160);
  const auto all = training::run(sample.network.model(), whole, sample.arena, 1);
  REQUIRE(all.size() == 160);
  const test::TemporaryFolder folder;
  for (const std::size_t frames : {1U, 3U, 31U, 32U, 33U, 63U, 64U, 101U}) {
    CAPTURE(frames);
    // The frames of a longer recording, with the scale of the whole, read as from disk.
    const auto read = [&](std::size_t first, std::span<float> scaled) {
      const data::FrameScale scale =
          data::measure_scale(data::VideoScale::standardized, whole.frames, whole.frame_bytes());
      REQUIRE(first + scaled.size() / whole.frame_bytes() <= frames);
      data::scale_frames(scale, std::span(whole.frames).subspan(first * whole.frame_bytes()),
                         whole.frame_bytes(), scaled);
    };
    const auto part = training::run(sample.network.model(), frames, read, sample.arena, 1);
    CHECK(part.size() == frames);
    CHECK(std::equal(part.begin(), part.end(), all.begin()));
  }
  CHECK(training::run(sample.network.model(), 0, {}, sample.arena, 1).empty());
}

TEST_CASE("frames in memory and on disk give the same") {
  Sample sample;
  const data::FaceVideo video = test::sample_video(2, 75);
  const test::TemporaryFolder folder;
  data::FaceVideos videos(folder.path(), training::video_format(sample.network.model().input()), 1);
  videos.set(0, video);
  CHECK(training::run(sample.network.model(), video, sample.arena, 1) ==
        training::run(sample.network.model(), videos, videos.entries()[0], sample.arena, 1));
}

TEST_CASE("differences are summed up to the wave at their frames, and put on the grid") {
  const std::vector<float> differences{1, 2, -1, 4, 100};
  const std::vector<double> time_s{0, 1, 2, 3, 4};
  const auto wave = [&](models::LabelScale scale, const training::Grid& grid) {
    return training::pulse_wave(differences, scale, time_s, grid, false).samples;
  };
  const auto differenced = models::LabelScale::diff_normalized;
  CHECK(wave(differenced, {0, 1, 5}) == std::vector<double>{0, 1, 3, 2, 6});
  CHECK(wave(differenced, {0.5, 1, 4}) == std::vector<double>{0.5, 2, 2.5, 4});
  CHECK(wave(models::LabelScale::standardized, {1, 2, 3}) == std::vector<double>{2, 0.5, -1});
  // A wave, differenced as labels are, comes back without lag.
  std::vector<double> pulse;
  for (int t = 0; t < 50; ++t) pulse.push_back(std::sin(0.3 * t));
  const std::vector<float> labels = data::scale_labels(data::LabelScale::diff_normalized, pulse);
  std::vector<double> times;
  for (int t = 0; t < 50; ++t) times.push_back(t);
  const auto back = training::pulse_wave(labels, differenced, times, {0, 1, 50}, true).samples;
  const double scale = (back[5] - back[0]) / (pulse[5] - pulse[0]);
  for (std::size_t t = 0; t < 50; ++t) {
    CHECK(back[t] / scale == doctest::Approx(pulse[t] - pulse[0]).epsilon(1e-4).scale(1));
  }
}

}  // namespace
