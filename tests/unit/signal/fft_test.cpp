#include "signal/fft.h"

#include <cmath>
#include <numbers>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "signal/spectrum.h"

namespace rppg::signal {
namespace {

std::vector<double> random_samples(std::size_t count) {
  const Random random(7, "fft");
  std::vector<double> samples(count);
  for (std::size_t i = 0; i < count; ++i) samples[i] = random.normal(i);
  return samples;
}

/// The sum that defines bin k.
Complex direct(const std::vector<double>& samples, std::size_t k, std::size_t length) {
  Complex sum = 0;
  for (std::size_t n = 0; n < samples.size(); ++n) {
    const double turn = static_cast<double>(k * n % length) / static_cast<double>(length);
    sum += samples[n] * std::polar(1.0, -2 * std::numbers::pi * turn);
  }
  return sum;
}

TEST_CASE("real transforms of any length are the sum that defines them") {
  for (const std::size_t length : {1, 2, 3, 7, 16, 30, 49, 97, 128}) {
    const std::vector<double> samples = random_samples(length);
    const std::vector<Complex> bins = real_fft(samples);
    REQUIRE(bins.size() == length / 2 + 1);
    for (std::size_t k = 0; k < bins.size(); ++k) {
      CHECK(std::abs(bins[k] - direct(samples, k, length)) < 1e-11);
    }
  }
}

TEST_CASE("zero padding samples the same spectrum more finely") {
  const std::vector<double> samples = random_samples(20);
  const std::vector<Complex> bins = real_fft(samples, 64);
  REQUIRE(bins.size() == 33);
  for (std::size_t k = 0; k < bins.size(); ++k) {
    CHECK(std::abs(bins[k] - direct(samples, k, 64)) < 1e-11);
  }
}

TEST_CASE("the inverse transform undoes the forward one") {
  for (const std::size_t length : {1, 2, 5, 64, 101}) {
    std::vector<Complex> values;
    for (const double value : random_samples(length)) values.emplace_back(value, value * value);
    const std::vector<Complex> back = inverse_fft(fft(values));
    REQUIRE(back.size() == length);
    for (std::size_t i = 0; i < length; ++i) CHECK(std::abs(back[i] - values[i]) < 1e-12);
  }
}

TEST_CASE("powers of two") {
  CHECK(next_power_of_two(0) == 1);
  CHECK(next_power_of_two(1) == 1);
  CHECK(next_power_of_two(2) == 2);
  CHECK(next_power_of_two(3) == 4);
  CHECK(next_power_of_two(1025) == 2048);
}

TEST_CASE("a periodogram holds the signal's power (Parseval)") {
  const Waveform signal{random_samples(300), 30};
  double power = 0;
  for (const double value : signal.samples) power += value * value / 300;
  const Spectrum spectrum = periodogram(signal, 300);
  double sum = 0;
  for (const double density : spectrum.power) sum += density * spectrum.bin_hz;
  CHECK(sum == doctest::Approx(power).epsilon(1e-10));
}

}  // namespace
}  // namespace rppg::signal
