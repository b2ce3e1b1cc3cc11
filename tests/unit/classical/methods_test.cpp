#include "classical/methods.h"

#include <cmath>
#include <numbers>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.h"
#include "base/random.h"
#include "classical/method.h"
#include "signal/filter.h"
#include "signal/heart_rate.h"

namespace rppg::classical {
namespace {

constexpr Band band{0.65, 3.5};

/// Skin with a pulse of 0.5 % in green, less in blue and red, common light changes, and noise.
RgbTrace skin(double rate_bpm, double seconds, double rate_hz, double noise) {
  const Random random(1, "skin");
  RgbTrace trace;
  trace.rate_hz = rate_hz;
  const std::array<double, 3> mean{150, 110, 90};
  const std::array<double, 3> pulse{0.33, 0.77, 0.53};
  const auto frames = static_cast<std::size_t>(seconds * rate_hz);
  for (std::size_t t = 0; t < frames; ++t) {
    const double time = static_cast<double>(t) / rate_hz;
    const double beat = -std::sin(2 * std::numbers::pi * rate_bpm / 60 * time);
    const double light = 1 + 0.02 * std::sin(2 * std::numbers::pi * 0.15 * time);
    for (std::size_t c = 0; c < 3; ++c) {
      const double sensor = noise * random.normal(3 * t + c);
      trace.channels[c].push_back(mean[c] * light * (1 + 0.0065 * pulse[c] * beat) + sensor);
    }
  }
  return trace;
}

double rate_of(const std::vector<double>& pulse, double rate_hz) {
  const auto filter = signal::butterworth_bandpass(2, band, rate_hz);
  const Waveform filtered{signal::filtfilt(filter, signal::detrend(pulse, 100)), rate_hz};
  return signal::heart_rate_bpm(filtered, signal::HeartRateEstimator::fft_interpolated, band);
}

TEST_CASE("every method finds the pulse of skin") {
  for (const Method& method : methods()) {
    for (const double rate_hz : {20.0, 30.0, 60.0}) {
      for (const double wanted : {55.0, 72.0, 110.0}) {
        const RgbTrace trace = skin(wanted, 20, rate_hz, 0.02);
        CAPTURE(std::string(method.name));
        CAPTURE(rate_hz);
        CAPTURE(wanted);
        CHECK(std::abs(rate_of(method.extract(trace), rate_hz) - wanted) < 1);
      }
    }
  }
}

TEST_CASE("the waveform is as long as the trace, or stops at the last whole window") {
  const RgbTrace trace = skin(72, 12.3, 30, 0.1);
  for (const Method& method : methods()) {
    const std::size_t length = method.extract(trace).size();
    CHECK(length <= trace.size());
    CHECK(length + 48 >= trace.size());
  }
}

TEST_CASE("a trace that is too short is an error") {
  for (const Method& method : methods()) {
    CAPTURE(std::string(method.name));
    CHECK_THROWS_AS(method.extract({.channels = {}, .rate_hz = 30}), Error);
  }
  for (const char* name : {"pos", "chrom"}) {
    CHECK_THROWS_AS(find_method(name).extract(skin(72, 1, 30, 0)), Error);
  }
}

TEST_CASE("a constant trace holds no pulse") {
  RgbTrace trace;
  trace.rate_hz = 30;
  for (auto& channel : trace.channels) channel.assign(300, 100.0);
  for (const char* name : {"pos", "chrom"}) {
    for (const double value : find_method(name).extract(trace)) CHECK(std::abs(value) < 1e-9);
  }
}

TEST_CASE("names are unique, and a near miss is answered with the name that was meant") {
  std::set<std::string> names;
  for (const Method& method : methods()) CHECK(names.insert(std::string(method.name)).second);
  CHECK(names.size() == 7);
  CHECK(find_method("pos").title == "POS");
  CHECK_THROWS_WITH_AS(find_method("chrome"), doctest::Contains("chrom"), Error);
}

}  // namespace
}  // namespace rppg::classical
