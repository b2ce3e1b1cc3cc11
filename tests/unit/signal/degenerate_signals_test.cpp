// Signals without anything in them: empty, single samples, constants, not a number.
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.h"
#include "signal/fft.h"
#include "signal/filter.h"
#include "signal/heart_rate.h"
#include "signal/quality.h"
#include "signal/spectrum.h"

namespace rppg::signal {
namespace {

constexpr Band band{0.65, 3.5};
constexpr double rate_hz = 30;
const std::vector<double> none;

std::vector<double> sine(std::size_t count) {
  std::vector<double> samples(count);
  for (std::size_t i = 0; i < count; ++i) samples[i] = std::sin(0.25 * static_cast<double>(i));
  return samples;
}

/// All estimators answer NaN, whatever they are given here.
void check_no_rate(const std::vector<double>& samples) {
  for (const auto estimator :
       {HeartRateEstimator::fft, HeartRateEstimator::fft_interpolated,
        HeartRateEstimator::hann_padded, HeartRateEstimator::welch, HeartRateEstimator::peaks}) {
    CAPTURE(std::string(name(estimator)));
    CHECK(std::isnan(heart_rate_bpm({samples, rate_hz}, estimator, band)));
  }
}

TEST_CASE("no samples: an empty answer, NaN, or an error") {
  CHECK(real_fft(none).empty());
  CHECK(inverse_fft(fft({})).empty());
  CHECK(detrend(none, 100).empty());
  CHECK(standardize(none).empty());
  CHECK(cumulative_sum(none).empty());
  CHECK(envelope(none).empty());
  CHECK(window(Window::hann_symmetric, 0).empty());
  CHECK(std::isnan(mean(none)));
  CHECK(std::isnan(standard_deviation(none)));
  CHECK(std::isnan(macc(none, none, true)));
  CHECK(std::isnan(lag_seconds({none, rate_hz}, {none, rate_hz}, 1)));
  CHECK(quality({none, rate_hz}, band).index == 0);
  CHECK_THROWS_AS(periodogram({none, rate_hz}, 64), Error);
  CHECK_THROWS_AS(welch({none, rate_hz}, 0, 0, 64), Error);
  CHECK_THROWS_AS(snr_db({none, rate_hz}, 60, band), Error);
  CHECK_THROWS_AS(interpolate(none, none, std::vector<double>{1}), Error);
  CHECK_THROWS_AS(resample_index(none, 5), Error);
}

TEST_CASE("too few samples have no heart rate") {
  for (std::size_t count = 0; count < 4; ++count) check_no_rate(sine(count));
}

TEST_CASE("one sample") {
  const std::vector<double> one{3};
  CHECK(detrend(one, 100) == std::vector<double>{0});
  CHECK(standardize(one) == std::vector<double>{0});
  CHECK(envelope(one).front() == doctest::Approx(3));
  CHECK(resample_index(one, 3) == std::vector<double>{3, 3, 3});
  CHECK(window(Window::hann_symmetric, 1) == std::vector<double>{1});
}

TEST_CASE("a constant is one, also where its mean is rounded") {
  for (const double value : {0.0, 0.1, 1.0 / 3, 110.7, -1e9}) {
    CAPTURE(value);
    const std::vector<double> constant(299, value);
    CHECK(mean(constant) == value);
    CHECK(standard_deviation(constant) == 0);
    CHECK(standardize(constant) == std::vector<double>(299, 0.0));
    CHECK(detrend(constant, 100) == std::vector<double>(299, 0.0));
    CHECK(std::isnan(pearson(constant, sine(299))));
    CHECK(std::isnan(macc(sine(299), constant, false)));
    CHECK(std::isnan(lag_seconds({constant, rate_hz}, {sine(299), rate_hz}, 1)));
    CHECK(quality({constant, rate_hz}, band).index == 0);
  }
  check_no_rate(std::vector<double>(299, 0.0));
}

TEST_CASE("a sample that is not finite leaves nothing to measure") {
  for (const double value :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    std::vector<double> samples = sine(300);
    samples[7] = value;
    check_no_rate(samples);
    CHECK(std::isnan(snr_db({samples, rate_hz}, 70, band)));
    CHECK(std::isnan(pearson(samples, sine(300))));
    CHECK(std::isnan(macc(samples, sine(300), true)));
    CHECK(std::isnan(lag_seconds({samples, rate_hz}, {sine(300), rate_hz}, 1)));
    CHECK(quality({samples, rate_hz}, band).index == 0);
  }
}

}  // namespace
}  // namespace rppg::signal
