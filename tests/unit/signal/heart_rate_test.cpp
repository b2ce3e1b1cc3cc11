#include "signal/heart_rate.h"

#include <cmath>
#include <numbers>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.h"

namespace rppg::signal {
namespace {

constexpr Band band{0.65, 3.5};

Waveform sine(double rate_bpm, double seconds, double rate_hz, double phase = 0.3) {
  Waveform waveform{{}, rate_hz};
  for (int i = 0; i < static_cast<int>(seconds * rate_hz); ++i) {
    waveform.samples.push_back(
        std::sin(2 * std::numbers::pi * rate_bpm / 60 * i / rate_hz + phase));
  }
  return waveform;
}

TEST_CASE("every estimator finds the rate of a sine within its resolution") {
  for (const double rate_hz : {20.0, 29.97, 30.0, 60.0}) {
    for (double wanted = 50; wanted < 150; wanted += 7.3) {
      const Waveform waveform = sine(wanted, 20, rate_hz);
      for (const auto estimator :
           {HeartRateEstimator::fft, HeartRateEstimator::hann_padded, HeartRateEstimator::welch}) {
        const double width = resolution_bpm(estimator, waveform.samples.size(), rate_hz);
        CAPTURE(std::string(name(estimator)));
        CAPTURE(wanted);
        // Half a bin, and what the finite length and Welch's shorter segments shift the peak.
        CHECK(std::abs(heart_rate_bpm(waveform, estimator, band) - wanted) < width / 2 + 1);
      }
      CHECK(std::abs(heart_rate_bpm(waveform, HeartRateEstimator::fft_interpolated, band) -
                     wanted) < 0.05);
      CHECK(std::abs(heart_rate_bpm(waveform, HeartRateEstimator::peaks, band) - wanted) < 2);
    }
  }
}

TEST_CASE("without power in the band there is no rate") {
  for (const auto estimator : {HeartRateEstimator::fft_interpolated, HeartRateEstimator::peaks}) {
    CHECK(std::isnan(heart_rate_bpm({std::vector<double>(300, 0.0), 30}, estimator, band)));
  }
  CHECK(std::isnan(heart_rate_bpm({{}, 30}, HeartRateEstimator::fft_interpolated, band)));
}

TEST_CASE("names of estimators") {
  for (const auto estimator :
       {HeartRateEstimator::fft, HeartRateEstimator::fft_interpolated,
        HeartRateEstimator::hann_padded, HeartRateEstimator::welch, HeartRateEstimator::peaks}) {
    CHECK(find_estimator(name(estimator)) == estimator);
  }
  CHECK_THROWS_AS(find_estimator("guess"), Error);
}

TEST_CASE("peaks: strict, the middle of a plateau, never an edge") {
  CHECK(find_peaks(std::vector<double>{0, 1, 0, 2, 2, 2, 0, 3}) == std::vector<std::size_t>{1, 4});
  CHECK(find_peaks(std::vector<double>{3, 2, 1}).empty());
  CHECK(find_peaks(std::vector<double>{1, 1, 1}).empty());
  CHECK(find_peaks(std::vector<double>{0, 1, 1, 2}).empty());
  CHECK(find_peaks({}).empty());
}

}  // namespace
}  // namespace rppg::signal
