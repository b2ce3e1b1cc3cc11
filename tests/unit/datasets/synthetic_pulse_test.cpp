#include "datasets/synthetic/pulse.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include <doctest/doctest.h>

#include "datasets/synthetic/camera.h"
#include "datasets/synthetic/frame_clock.h"
#include "datasets/synthetic/session.h"

namespace rppg::datasets {
namespace {

const Difficulty& easy() { return find_difficulty("easy"); }

Session session(std::uint64_t seed) {
  return Session({.seed = seed, .subject = "a", .session = "rest", .mean_rate_bpm = 72}, easy());
}

TEST_CASE("beats are the integral of the rate") {
  const HeartRhythm rhythm(72, easy().heart.rate_swing_bpm, Random(3, "rhythm"));
  constexpr double step_s = 0.01;
  double beats = rhythm.cycles(0);
  for (int i = 0; i < 3000; ++i) beats += rhythm.rate_bpm((i + 0.5) * step_s) / 60 * step_s;
  CHECK(rhythm.cycles(30) == doctest::Approx(beats).epsilon(1e-7));
  CHECK(rhythm.mean_rate_bpm(0, 30) ==
        doctest::Approx(2 * (rhythm.cycles(30) - rhythm.cycles(0))).epsilon(1e-12));
}

TEST_CASE("the rate swings around its mean, no further than the preset says") {
  const HeartRhythm rhythm(72, easy().heart.rate_swing_bpm, Random(3, "rhythm"));
  double low = 72, high = 72;
  for (int i = 0; i < 6000; ++i) {
    low = std::min(low, rhythm.rate_bpm(0.05 * i));
    high = std::max(high, rhythm.rate_bpm(0.05 * i));
  }
  const double largest = 3 * easy().heart.rate_swing_bpm.high;
  CHECK(low > 72 - largest);
  CHECK(high < 72 + largest);
  CHECK(high - low > 2 * easy().heart.rate_swing_bpm.low);
}

TEST_CASE("a beat has zero mean, unit height, and no step where the next one starts") {
  for (const PulseShape& shape : {face_pulse_shape(), finger_pulse_shape(Random(1, "finger"))}) {
    double sum = 0, low = 0, high = 0;
    for (int i = 0; i < 1000; ++i) {
      const double value = shape.at(i / 1000.0);
      sum += value;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    CHECK(std::abs(sum / 1000) < 1e-9);
    CHECK(high - low == doctest::Approx(1).epsilon(1e-9));
    CHECK(std::abs(shape.at(0.999999) - shape.at(0)) < 1e-3);
    CHECK(shape.at(-2.75) == doctest::Approx(shape.at(0.25)).epsilon(1e-9));
  }
}

TEST_CASE("the finger follows the face") {
  const Session subject = session(1);
  double best = -1, best_delay_s = 0;
  for (int d = 0; d <= 50; ++d) {
    double product = 0, squares = 0;
    for (int i = 0; i < 2000; ++i) {
      const double finger = subject.finger_pulse(0.01 * i, static_cast<std::uint64_t>(i));
      product += finger * subject.face_pulse(0.01 * i - 0.01 * d);
      squares += finger * finger;
    }
    if (product / squares > best) {
      best = product / squares;
      best_delay_s = 0.01 * d;
    }
  }
  // The bells of the finger stand a twentieth of a beat earlier.
  CHECK(std::abs(best_delay_s - subject.finger_delay_s()) < 0.08);
}

TEST_CASE("a sitting depends on its seed alone") {
  const Session one = session(1), same = session(1), other = session(2);
  CHECK(one.face_pulse(3.7) == same.face_pulse(3.7));
  CHECK(one.finger_pulse(3.7, 9) == same.finger_pulse(3.7, 9));
  CHECK(one.face_pulse(3.7) != other.face_pulse(3.7));
  CHECK(one.finger_pulse(3.7, 9) != other.finger_pulse(3.7, 9));
  CHECK(one.pulse_amplitude() != other.pulse_amplitude());
}

TEST_CASE("stamps rise, start where they should and stay near the grid") {
  const std::vector<double> stamps = frame_stamps(easy(), Random(1, "stamps"), 500, 0.25, 30);
  REQUIRE(stamps.size() == 500);
  CHECK(stamps.front() == 0.25);
  CHECK(std::is_sorted(stamps.begin(), stamps.end(), std::less_equal<>()));
  for (std::size_t i = 0; i < stamps.size(); ++i) {
    CHECK(std::abs(stamps[i] - 0.25 - static_cast<double>(i) / 30) <=
          easy().camera.stamp_jitter_s + 1e-12);
  }
}

/// A grey card in front of a wall: code value 100, all of it pulsatile.
Portrait card() {
  Portrait portrait;
  portrait.view = {.width = 64, .height = 64, .yaw_degrees = 0, .margin = 2};
  portrait.wall.assign(std::size_t{64} * 64 * 3, 30.0F);
  for (auto* layer : {&portrait.subject, &portrait.pulsatile}) {
    layer->assign(std::size_t{68} * 68 * 3, 100.0F);
  }
  portrait.cover.assign(std::size_t{68} * 68 * 3, 1.0F);
  return portrait;
}

std::array<double, 3> mean_of(const Camera& camera, const Moment& moment) {
  video::Image image;
  camera.expose(0, moment, image);
  std::array<double, 3> sums{};
  for (std::size_t i = 0; i < image.rgb.size(); ++i) sums[i % 3] += image.rgb[i];
  for (double& sum : sums) sum /= 64 * 64;
  return sums;
}

TEST_CASE("blood darkens green most, then blue, then red, in the published proportions") {
  const Camera camera(card(), 2, Random(1, "noise"));
  const auto pale = mean_of(camera, {});
  const auto flushed = mean_of(camera, {.blood = 0.05});
  std::array<double, 3> drop{};
  for (std::size_t c = 0; c < 3; ++c) drop[c] = (pale[c] - flushed[c]) / pale[c];
  CHECK(drop[1] == doctest::Approx(0.05).epsilon(0.03));
  CHECK(drop[0] / drop[1] == doctest::Approx(0.33 / 0.77).epsilon(0.03));
  CHECK(drop[2] / drop[1] == doctest::Approx(0.53 / 0.77).epsilon(0.03));
}

TEST_CASE("light scales the picture, blood takes off a share of it") {
  const Camera camera(card(), 0, Random(1, "noise"));
  CHECK(mean_of(camera, {}) == std::array<double, 3>{100, 100, 100});
  CHECK(mean_of(camera, {.light = 1.2}) == std::array<double, 3>{120, 120, 120});
  CHECK(mean_of(camera, {.shift_x = 0.5, .shift_y = -0.25}) ==
        std::array<double, 3>{100, 100, 100});
}

TEST_CASE("noise has the deviation that is asked for, and differs between frames") {
  const Camera camera(card(), 2, Random(1, "noise"));
  video::Image one, two;
  camera.expose(0, {}, one);
  camera.expose(1, {}, two);
  CHECK(one.rgb != two.rgb);
  double squares = 0;
  for (const std::uint8_t value : one.rgb) squares += (value - 100.0) * (value - 100.0);
  // Rounding to whole code values adds a variance of 1/12.
  CHECK(std::sqrt(squares / static_cast<double>(one.rgb.size())) ==
        doctest::Approx(std::sqrt(4 + 1.0 / 12)).epsilon(0.03));
  video::Image again;
  camera.expose(0, {}, again);
  CHECK(again.rgb == one.rgb);
}

TEST_CASE("pulses lie within the preset, and that within 0.1 to 2 % of the picture") {
  CHECK(easy().scene.pulse_amplitude.low >= 0.001);
  CHECK(easy().scene.pulse_amplitude.high <= 0.02);
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    CHECK(session(seed).pulse_amplitude() >= easy().scene.pulse_amplitude.low);
    CHECK(session(seed).pulse_amplitude() <= easy().scene.pulse_amplitude.high);
  }
}

}  // namespace
}  // namespace rppg::datasets
