#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include <doctest/doctest.h>

#include "datasets/synthetic/body/frame_clock.h"

namespace rppg::datasets {
namespace {

constexpr std::size_t frames = 2000;

FrameTimes times_of(const TimingTraits& traits, std::uint64_t seed = 1) {
  return frame_times(traits, Random(seed, "stamps"), frames, 0.25, 30);
}

TEST_CASE("without faults every frame is on the grid") {
  const FrameTimes times = times_of({.jitter_s = 0});
  REQUIRE(times.exposure_s.size() == frames);
  for (std::size_t i = 0; i < frames; ++i) {
    CHECK(times.exposure_s[i] ==
          doctest::Approx(0.25 + static_cast<double>(i) / 30).epsilon(1e-12));
    CHECK(times.stamp_s[i] == times.exposure_s[i]);
  }
}

TEST_CASE("jittered stamps rise, start where they should and stay near the grid") {
  const FrameTimes times = times_of({.jitter_s = 0.002});
  CHECK(times.stamp_s.front() == 0.25);
  CHECK(std::is_sorted(times.stamp_s.begin(), times.stamp_s.end(), std::less_equal<>()));
  double largest = 0;
  for (std::size_t i = 0; i < frames; ++i) {
    largest = std::max(largest, std::abs(times.stamp_s[i] - 0.25 - static_cast<double>(i) / 30));
  }
  CHECK(largest <= 0.002 + 1e-12);
  CHECK(largest > 0.0015);
}

TEST_CASE("a slow camera is slower than its name by no more than is allowed") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const FrameTimes times = times_of({.jitter_s = 0, .slowness = 0.05}, seed);
    const double rate_hz = (frames - 1) / (times.exposure_s.back() - times.exposure_s.front());
    CHECK(rate_hz <= 30);
    CHECK(rate_hz >= 30 * 0.95 - 1e-9);
  }
}

TEST_CASE("lost frames leave gaps of whole frames, as many as asked for") {
  double lost = 0, grabbed = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const FrameTimes times = times_of({.jitter_s = 0, .dropped = 0.02}, seed);
    REQUIRE(times.exposure_s.size() == frames);
    const double number = (times.exposure_s.back() - 0.25) * 30;
    CHECK(number == doctest::Approx(std::round(number)).epsilon(1e-9));
    lost += number + 1 - frames;
    grabbed += number + 1;
  }
  CHECK(lost / grabbed == doctest::Approx(0.02).epsilon(0.35));
}

TEST_CASE("a doubled frame has the picture of the one before and a stamp of its own") {
  const FrameTimes times = times_of({.jitter_s = 0.001, .doubled = 0.1});
  double doubled = 0;
  for (std::size_t i = 1; i < frames; ++i) {
    CHECK(times.stamp_s[i] > times.stamp_s[i - 1]);
    if (times.exposure_s[i] == times.exposure_s[i - 1]) ++doubled;
  }
  CHECK(doubled / frames == doctest::Approx(0.1).epsilon(0.2));
}

TEST_CASE("polled stamps lie on the poll's grid, behind the exposures") {
  const FrameTimes times = times_of({.jitter_s = 0.001, .poll_s = 0.016});
  for (std::size_t i = 1; i < frames; ++i) {
    const double polls = times.stamp_s[i] / 0.016;
    CHECK(polls == doctest::Approx(std::round(polls)).epsilon(1e-9));
    CHECK(times.stamp_s[i] - times.exposure_s[i] > -1e-9);
    CHECK(times.stamp_s[i] - times.exposure_s[i] < 0.016);
  }
}

TEST_CASE("the clock depends on its stream alone") {
  const TimingTraits traits{.jitter_s = 0.003, .dropped = 0.01, .doubled = 0.01};
  CHECK(times_of(traits).stamp_s == times_of(traits).stamp_s);
  CHECK(times_of(traits).stamp_s != times_of(traits, 2).stamp_s);
}

}  // namespace
}  // namespace rppg::datasets
