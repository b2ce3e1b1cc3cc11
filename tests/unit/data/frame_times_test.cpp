#include "data/frame_times.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include <doctest/doctest.h>

using namespace rppg::data;
using doctest::Approx;

namespace {

std::vector<double> even(std::size_t count, double rate_hz, double start_s = 0) {
  std::vector<double> times(count);
  for (std::size_t i = 0; i < count; ++i) times[i] = start_s + static_cast<double>(i) / rate_hz;
  return times;
}

bool rises(const std::vector<double>& times) {
  return std::adjacent_find(times.begin(), times.end(), std::greater_equal<>()) == times.end();
}

/// Largest distance between elements of the same place.
double distance(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

}  // namespace

TEST_CASE("stamps that rise stay as they are") {
  const std::vector<double> stamps{0, 0.03, 0.07, 0.1, 5};
  const RisingTimes clean = rising(stamps);
  CHECK(clean.time_s == stamps);
  CHECK(clean.repeated == 0);
  CHECK(rising({}).time_s.empty());
}

TEST_CASE("repeated stamps are spread over the time to the next") {
  const RisingTimes clean = rising(std::vector<double>{0, 0, 0, 3, 3, 5, 5});
  CHECK(clean.repeated == 4);
  const std::vector<double> expected{0, 1, 2, 3, 4, 5, 6};
  CHECK(distance(clean.time_s, expected) < 1e-12);
}

TEST_CASE("a stamp that jumps, forward or back, moves no other") {
  const auto truth = even(100, 30);
  for (const std::size_t place : {0U, 1U, 50U, 97U, 99U}) {
    for (const double jump : {-1.0, -0.05, 0.05, 1.0}) {
      CAPTURE(place);
      CAPTURE(jump);
      auto stamps = truth;
      stamps[place] += jump;
      if (rises(stamps)) continue;  // a first stamp that is early, a last one that is late
      const RisingTimes clean = rising(stamps);
      CHECK(rises(clean.time_s));
      CHECK(clean.repeated <= 2);
      // A jump over one neighbour only may as well be that neighbour's.
      CHECK(distance(clean.time_s, truth) < 0.051);
    }
  }
}

TEST_CASE("stamps that never rise are given back and have no rate") {
  for (const std::vector<double>& stamps :
       {std::vector<double>{5, 5, 5}, std::vector<double>{3, 2, 1}, std::vector<double>{1}}) {
    const RisingTimes clean = rising(stamps);
    CHECK(clean.time_s == stamps);
    CHECK(measure_timing(clean, 30).mean_rate_hz == 0);
  }
}

TEST_CASE("timing: rate, intervals and gaps") {
  auto stamps = even(10, 10);
  stamps[9] += 0.2;
  const FrameTiming timing = measure_timing(rising(stamps), 12);
  CHECK(timing.nominal_rate_hz == 12);
  CHECK(timing.mean_rate_hz == Approx(9 / 1.1));
  CHECK(timing.min_interval_s == Approx(0.1));
  CHECK(timing.max_interval_s == Approx(0.3));
  CHECK(timing.gaps == 1);
  CHECK(timing.repeated == 0);
  CHECK(measure_timing(rising(even(10, 10)), 10).gaps == 0);
  CHECK(measure_timing({}, 10).mean_rate_hz == 0);
}

TEST_CASE("clocks: lag at both ends tells the drift") {
  const auto frames = even(301, 30);
  const auto labels = even(601, 60 / 1.01, 0.25);  // a clock that is 1 % slow
  const ClockReport clocks = compare_clocks(labels, frames);
  CHECK(clocks.label_rate_hz == Approx(60 / 1.01));
  CHECK(clocks.start_offset_s == Approx(0.25));
  CHECK(clocks.end_offset_s == Approx(0.35));
}
