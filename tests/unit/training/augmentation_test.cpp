#include "training/augmentation.h"

#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include <doctest/doctest.h>

namespace {

using namespace rppg;
using training::Augmentation;

constexpr std::size_t clip_frames = 160;
constexpr double rate_hz = 30;

/// Clips of one row of two pixels, whose numbers say clip, frame and side, with pulses of these
/// rates.
struct Sample {
  explicit Sample(const std::vector<double>& bpm) : rates(bpm.size(), rate_hz) {
    for (std::size_t i = 0; i < bpm.size(); ++i) {
      for (std::size_t t = 0; t < clip_frames; ++t) {
        const double phase = 2 * std::numbers::pi * bpm[i] / 60 * static_cast<double>(t) / rate_hz;
        labels.push_back(static_cast<float>(std::sin(phase)));
        for (const float side : {0.0F, 0.25F, 0.0F, 0.25F}) {
          for (int c = 0; c < 3; ++c) {
            frames.push_back(static_cast<float>(1000 * i + t) + side);
          }
        }
      }
    }
  }
  data::MutableBatch batch() { return {rates.size(), frames, labels, rates}; }
  /// First number of a frame.
  float at(std::size_t clip, std::size_t frame) const {
    return frames[(clip * clip_frames + frame) * 12];
  }
  bool mirrored(std::size_t clip) const {
    const float first = at(clip, 0);
    return first != std::floor(first) && frames[clip * clip_frames * 12 + 3] == first - 0.25F;
  }
  enum class Speed { same, half, twice };
  Speed speed(std::size_t clip) const {
    const float step = at(clip, 2) - at(clip, 0);
    return step == 2 ? Speed::same : step == 1 ? Speed::half : Speed::twice;
  }

  std::vector<float> frames;
  std::vector<float> labels;
  std::vector<double> rates;
};
using Speed = Sample::Speed;

TEST_CASE("nothing happens without augmentation") {
  Sample sample({60, 120}), before({60, 120});
  training::Augmenter(Augmentation::none, 1, 2)(0, sample.batch());
  CHECK(sample.frames == before.frames);
  CHECK(sample.labels == before.labels);
}

TEST_CASE("per clip: slow pulses are sped up, fast ones slowed down, others stay, all mirrored") {
  training::Augmenter augment(Augmentation::per_clip, 3, 2);
  int twice = 0, half = 0, mirrored = 0;
  constexpr int steps = 200;
  for (std::uint64_t step = 0; step < steps; ++step) {
    Sample sample({60, 120, 82});
    augment(step, sample.batch());
    CHECK(sample.speed(0) != Speed::half);
    CHECK(sample.speed(1) != Speed::twice);
    CHECK(sample.speed(2) == Speed::same);
    twice += sample.speed(0) == Speed::twice ? 1 : 0;
    half += sample.speed(1) == Speed::half ? 1 : 0;
    mirrored += sample.mirrored(2) ? 1 : 0;
    if (sample.speed(0) == Speed::twice) {  // frames 0, 2, ..., 158, and the same again
      CHECK(sample.at(0, 79) - sample.at(0, 0) == 158);
      CHECK(sample.at(0, 80) == sample.at(0, 0));
      CHECK(sample.labels[80] == sample.labels[0]);
    }
    if (sample.speed(1) == Speed::half) {  // frame s + j, then the mean of it and the next
      CHECK(sample.at(1, 1) - sample.at(1, 0) == 0.5F);
      CHECK(sample.at(1, 158) - sample.at(1, 0) == 79);
      CHECK(sample.at(1, 0) < 1080);
    }
  }
  for (const int count : {twice, half, mirrored}) CHECK(std::abs(count - steps / 2) < 45);
}

TEST_CASE("whole batch: clips up to the last changed one share its change, the last decides") {
  training::Augmenter alone(Augmentation::per_clip, 3, 2),
      together(Augmentation::whole_batch, 3, 2);
  bool all = false, some = false;
  for (std::uint64_t step = 0; step < 40; ++step) {
    Sample each({60, 120, 82, 60}), shared({60, 120, 82, 60});
    alone(step, each.batch());
    together(step, shared.batch());
    std::size_t last = 4;  // the last clip that changes speed
    for (std::size_t i = 0; i < 4; ++i) last = each.speed(i) != Speed::same ? i : last;
    for (std::size_t i = 0; i < 4; ++i) {
      CHECK(shared.speed(i) == (last < 4 && i <= last ? each.speed(last) : Speed::same));
      CHECK(shared.mirrored(i) == each.mirrored(3));
    }
    all = all || last == 3;
    some = some || last == 1;
  }
  CHECK(all);
  CHECK(some);
}

TEST_CASE("the same step changes the same clips in the same way") {
  Sample a({60, 120}), b({60, 120}), other({60, 120});
  training::Augmenter augment(Augmentation::per_clip, 3, 2);
  augment(7, a.batch());
  augment(8, other.batch());
  augment(7, b.batch());
  CHECK(a.frames == b.frames);
  CHECK(a.labels == b.labels);
}

}  // namespace
