#include "signal/filter.h"

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.h"
#include "support/compare.h"

namespace rppg::signal {
namespace {

double gain(const FilterCoefficients& filter, double frequency_hz, double rate_hz) {
  std::complex<double> above = 0, below = 0;
  for (std::size_t k = 0; k < filter.a.size(); ++k) {
    const auto z =
        std::polar(1.0, -2 * std::numbers::pi * frequency_hz / rate_hz * static_cast<double>(k));
    above += filter.b[k] * z;
    below += filter.a[k] * z;
  }
  return std::abs(above / below);
}

TEST_CASE("a Butterworth band-pass is flat inside and 3 dB down at its edges") {
  for (const int order : {1, 2, 3}) {
    const auto filter = butterworth_bandpass(order, {0.75, 2.5}, 30);
    CHECK(filter.b.size() == static_cast<std::size_t>(2 * order + 1));
    CHECK(gain(filter, 0.75, 30) == doctest::Approx(std::sqrt(0.5)).epsilon(1e-6));
    CHECK(gain(filter, 2.5, 30) == doctest::Approx(std::sqrt(0.5)).epsilon(1e-6));
    CHECK(gain(filter, std::sqrt(0.75 * 2.5), 30) == doctest::Approx(1).epsilon(0.01));
    CHECK(gain(filter, 0, 30) < 1e-9);
  }
}

TEST_CASE("a band that the rate cannot hold is an error") {
  CHECK_THROWS_AS(butterworth_bandpass(2, {0.65, 3.5}, 7), Error);
  CHECK_THROWS_AS(butterworth_bandpass(2, {0, 3.5}, 30), Error);
  CHECK_THROWS_AS(butterworth_bandpass(2, {3.5, 0.65}, 30), Error);
}

TEST_CASE("zero-phase filtering does not shift") {
  const auto filter = butterworth_bandpass(2, {0.65, 3.5}, 30);
  std::vector<double> tone, drifting;
  for (int i = 0; i < 900; ++i) {
    tone.push_back(std::sin(2 * std::numbers::pi * 1.5 * i / 30.0));
    drifting.push_back(tone.back() + 5 + 0.01 * i);
  }
  const std::vector<double> filtered = filtfilt(filter, drifting);
  // Away from the ends only the tone is left, where it was.
  for (std::size_t i = 200; i < 700; ++i) CHECK(std::abs(filtered[i] - tone[i]) < 0.02);
}

TEST_CASE("a signal that is shorter than the filter's extension is an error") {
  const auto filter = butterworth_bandpass(2, {0.65, 3.5}, 30);
  CHECK_THROWS_AS(filtfilt(filter, std::vector<double>(15, 1.0)), Error);
  CHECK(filtfilt(filter, std::vector<double>(16, 1.0)).size() == 16);
}

TEST_CASE("detrending removes a line and keeps a pulse") {
  std::vector<double> line, pulse;
  for (int i = 0; i < 300; ++i) {
    line.push_back(3 + 0.5 * i);
    pulse.push_back(std::sin(2 * std::numbers::pi * 1.5 * i / 30.0));
  }
  for (const double value : detrend(line, 100)) CHECK(std::abs(value) < 1e-6);
  std::vector<double> both = line;
  for (std::size_t i = 0; i < both.size(); ++i) both[i] += pulse[i];
  const std::vector<double> detrended = detrend(both, 100);
  // Away from the ends, where the smooth part follows the pulse a little.
  for (std::size_t i = 60; i < 240; ++i) CHECK(std::abs(detrended[i] - pulse[i]) < 0.02);
  CHECK(detrend(std::vector<double>{1, 5}, 100) == std::vector<double>{0, 0});
}

TEST_CASE("interpolation is linear inside and constant outside") {
  const std::vector<double> times{0, 1, 3}, values{0, 10, 30};
  CHECK(interpolate(times, values, std::vector<double>{-1, 0, 0.5, 2, 3, 9}) ==
        std::vector<double>{0, 0, 5, 20, 30, 30});
  CHECK(resample_index(values, 5) == std::vector<double>{0, 5, 10, 20, 30});
  CHECK(resample_index(values, 1).size() == 1);
}

TEST_CASE("standardising, and running sums in both precisions") {
  const auto z = standardize(std::vector<double>{1, 2, 3});
  CHECK(mean(z) == doctest::Approx(0));
  CHECK(standard_deviation(z) == doctest::Approx(1));
  CHECK(standardize(std::vector<double>{4, 4}) == std::vector<double>{0, 0});
  CHECK(cumulative_sum(std::vector<double>{1, 2, 3}) == std::vector<double>{1, 3, 6});
  const std::vector<double> small(1000, 0.1);
  CHECK(cumulative_sum(small).back() == doctest::Approx(100).epsilon(1e-12));
  CHECK(cumulative_sum(small, true).back() != doctest::Approx(100).epsilon(1e-12));
}

TEST_CASE("the envelope of a tone is its amplitude") {
  std::vector<double> tone;
  for (int i = 0; i < 300; ++i) tone.push_back(2 * std::sin(2 * std::numbers::pi * 1.5 * i / 30.0));
  for (const double value : envelope(tone)) CHECK(value == doctest::Approx(2).epsilon(1e-9));
}

}  // namespace
}  // namespace rppg::signal
