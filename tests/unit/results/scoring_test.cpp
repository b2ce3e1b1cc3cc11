#include "results/scoring.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <stdexcept>

#include <doctest/doctest.h>

#include "base/error.h"

namespace rppg::results {
namespace {

constexpr double rate_hz = 30;

/// A pulse of slowly varying rate around bpm, delayed by delay_s(t).
template <typename Delay>
Waveform pulse(double bpm, double seconds, Delay delay_s) {
  Waveform wave{{}, rate_hz};
  for (int i = 0; i < static_cast<int>(seconds * rate_hz); ++i) {
    const double now = i / rate_hz;
    const double t = now - delay_s(now);
    const double beats = bpm / 60 * t + 0.15 * std::sin(2 * std::numbers::pi * 0.07 * t);
    const double phase = 2 * std::numbers::pi * beats;
    wave.samples.push_back(std::sin(phase) + 0.3 * std::sin(2 * phase));
  }
  return wave;
}

Waveform pulse(double bpm, double seconds) {
  return pulse(bpm, seconds, [](double) { return 0.0; });
}

Waveform differences(const Waveform& wave) {
  Waveform out{{0}, wave.rate_hz};
  for (std::size_t i = 1; i < wave.samples.size(); ++i) {
    out.samples.push_back(wave.samples[i] - wave.samples[i - 1]);
  }
  return out;
}

TEST_CASE("a waveform agrees with itself under every protocol") {
  const Waveform wave = pulse(72, 40);
  for (const Protocol& protocol : protocols()) {
    const Score scored = score(wave, wave, protocol);
    REQUIRE(scored.windows.size() == 1);
    const WindowScore& window = scored.windows.front();
    CAPTURE(protocol.name);
    CHECK(window.hr_predicted_bpm == window.hr_reference_bpm);
    CHECK(std::abs(window.hr_predicted_bpm - 72) < 4);
    CHECK(window.macc > 0.999999);
    CHECK(window.snr_db > 3);
    CHECK(window.start_s == 0);
    CHECK(window.seconds == 40);
    CHECK(scored.lag_s == doctest::Approx(0).epsilon(1e-3));
    CHECK(scored.prediction_filtered.size() == wave.samples.size());
    CHECK(scored.prediction_filtered == scored.reference_filtered);
  }
}

TEST_CASE("lag and drift of the prediction behind the reference") {
  const Protocol& protocol = find_protocol("default");
  const Score late = score(pulse(72, 60, [](double) { return 0.4; }), pulse(72, 60), protocol);
  CHECK(std::abs(late.lag_s - 0.4) < 0.05);
  CHECK(std::abs(late.drift_s_per_min) < 0.05);
  const Score early = score(pulse(72, 60, [](double) { return -0.4; }), pulse(72, 60), protocol);
  CHECK(std::abs(early.lag_s + 0.4) < 0.05);
  const Score drifting =
      score(pulse(72, 60, [](double t) { return 0.2 * t / 60; }), pulse(72, 60), protocol);
  CHECK(std::abs(drifting.drift_s_per_min - 0.2) < 0.06);
  CHECK(std::isnan(score(pulse(72, 20), pulse(72, 20), protocol).drift_s_per_min));
}

TEST_CASE("differenced signals are summed up in each window") {
  const Waveform wave = pulse(90, 30);
  const Waveform steps = differences(wave);
  Protocol protocol = find_protocol("toolbox");
  protocol.window_seconds = 10;
  const Score direct = score(wave, wave, protocol);
  const Score summed = score(steps, steps, protocol, true);
  REQUIRE(direct.windows.size() == 3);
  REQUIRE(summed.windows.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(summed.windows[i].hr_predicted_bpm == direct.windows[i].hr_predicted_bpm);
    CHECK(std::abs(summed.windows[i].snr_db - direct.windows[i].snr_db) < 0.01);
  }
}

TEST_CASE("the longer waveform is cut to the shorter") {
  const Score scored = score(pulse(72, 30), pulse(72, 20), find_protocol("default"));
  CHECK(scored.windows.front().seconds == 20);
  CHECK(scored.prediction_filtered.size() == 600);
}

TEST_CASE("windows and what becomes of the remainder") {
  Protocol protocol = find_protocol("toolbox");  // order 1: the filter needs more than 9 samples
  protocol.window_seconds = 10;
  const auto lengths = [&](std::size_t samples) {
    std::vector<std::size_t> out;
    for (const WindowRange& range : window_ranges(samples, rate_hz, protocol)) {
      CHECK(range.start == out.size() * 300);
      out.push_back(range.length);
    }
    return out;
  };
  using Lengths = std::vector<std::size_t>;
  CHECK(lengths(600) == Lengths{300, 300});
  CHECK(lengths(780) == Lengths{300, 300, 180});
  CHECK(lengths(610) == Lengths{300, 300, 10});
  CHECK(lengths(609) == Lengths{300, 300});
  CHECK(lengths(120) == Lengths{120});
  protocol.keep_remainder = false;
  CHECK(lengths(780) == Lengths{300, 300});
  CHECK(lengths(120) == Lengths{120});
  CHECK(lengths(9).empty());
  CHECK(lengths(0).empty());
  protocol.window_seconds = 0;
  CHECK(lengths(780) == Lengths{780});
}

TEST_CASE("the resolution is that of the shortest window") {
  Protocol protocol = find_protocol("toolbox");
  protocol.window_seconds = 10;
  const Score scored = score(pulse(72, 26), pulse(72, 26), protocol);
  REQUIRE(scored.windows.size() == 3);
  CHECK(scored.hr_resolution_bpm == doctest::Approx(60 * rate_hz / 256));
}

TEST_CASE("without a reference only the prediction is scored") {
  const Score scored = score(pulse(72, 20), find_protocol("default"));
  REQUIRE(scored.windows.size() == 1);
  CHECK(std::abs(scored.windows[0].hr_predicted_bpm - 72) < 4);
  CHECK(std::isnan(scored.windows[0].hr_reference_bpm));
  CHECK(std::isnan(scored.windows[0].snr_db));
  CHECK(std::isnan(scored.windows[0].macc));
  CHECK(std::isnan(scored.lag_s));
  CHECK(scored.reference_filtered.empty());
}

TEST_CASE("what cannot be scored is refused") {
  const Protocol& protocol = find_protocol("toolbox");
  const Waveform good = pulse(72, 10);
  const Waveform empty{{}, rate_hz};
  const Waveform tiny{std::vector<double>(9, 1.0), rate_hz};
  CHECK_THROWS_WITH_AS(score(tiny, good, protocol),
                       "waveform: 9 samples are too short; the filter needs more than 9", Error);
  CHECK_THROWS_AS(score(empty, good, protocol), Error);
  CHECK_THROWS_AS(score(empty, protocol), Error);
  Waveform damaged = good;
  damaged.samples[17] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH_AS(score(damaged, good, protocol), "prediction: sample 17 is not finite",
                       Error);
  CHECK_THROWS_WITH_AS(score(good, damaged, protocol), "reference: sample 17 is not finite", Error);
  CHECK_THROWS_AS(score(damaged, protocol), Error);
  CHECK_THROWS_AS(score(good, {good.samples, 25}, protocol), std::logic_error);
}

TEST_CASE("a constant waveform has no rate, and is no error") {
  const Waveform constant{std::vector<double>(300, 4.0), rate_hz};
  const Score scored = score(constant, pulse(72, 10), find_protocol("default"));
  CHECK(std::isnan(scored.windows.front().hr_predicted_bpm));
  CHECK(std::isfinite(scored.windows.front().hr_reference_bpm));
}

}  // namespace
}  // namespace rppg::results
