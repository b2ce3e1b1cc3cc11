#include "signal/quality.h"

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "base/text.h"
#include "signal/filter.h"
#include "signal/heart_rate.h"

namespace rppg::signal {
namespace {

constexpr Band band{0.65, 3.5};
constexpr double rate_hz = 30;

enum class Noise { white, pink };

/// Band-passed noise. Pink: white through Kellet's three poles.
std::vector<double> noise(Noise kind, double seconds, std::uint64_t draw) {
  const Random random(draw, kind == Noise::white ? "white" : "pink");
  std::vector<double> samples;
  double a = 0, b = 0, c = 0;
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(seconds * rate_hz); ++i) {
    const double white = random.normal(i);
    a = 0.99765 * a + white * 0.0990460;
    b = 0.96300 * b + white * 0.2965164;
    c = 0.57000 * c + white * 1.0526913;
    samples.push_back(kind == Noise::white ? white : a + b + c + white * 0.1848);
  }
  return filtfilt(butterworth_bandpass(2, band, rate_hz), samples);
}

double power(const std::vector<double>& samples) {
  const double spread = standard_deviation(samples);
  return spread * spread;
}

/// A heart rate that wanders by a few bpm, with a second harmonic, in noise of half its power.
std::vector<double> pulse_in_noise(Noise kind, double seconds, std::uint64_t draw) {
  const Random random(draw, "pulse");
  const double mean_bpm = random.uniform(0, 50, 140);
  const double wander = random.uniform(1, 0, 2 * std::numbers::pi);
  std::vector<double> samples = noise(kind, seconds, draw);
  std::vector<double> pulse;
  double phase = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double time = static_cast<double>(i) / rate_hz;
    const double bpm = mean_bpm + 2 * std::sin(2 * std::numbers::pi * 0.1 * time + wander);
    phase += 2 * std::numbers::pi * bpm / 60 / rate_hz;
    pulse.push_back(std::sin(phase) + 0.3 * std::sin(2 * phase));
  }
  const double scale = std::sqrt(2 * power(samples) / power(pulse));
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] += scale * pulse[i];
  return filtfilt(butterworth_bandpass(2, band, rate_hz), samples);
}

template <typename Make>
double share_above(Make make, Noise kind, double seconds) {
  constexpr int draws = 100;
  int above = 0;
  for (int draw = 0; draw < draws; ++draw) {
    const Waveform waveform{make(kind, seconds, static_cast<std::uint64_t>(draw)), rate_hz};
    above += quality(waveform, band).index >= pulse_threshold ? 1 : 0;
  }
  return above / static_cast<double>(draws);
}

TEST_CASE("the threshold tells a pulse from noise") {
  for (const Noise kind : {Noise::white, Noise::pink}) {
    for (const double seconds : {8.0, 20.0, 60.0}) {
      const double noise_above = share_above(noise, kind, seconds);
      const double pulse_above = share_above(pulse_in_noise, kind, seconds);
      CAPTURE(kind == Noise::white);
      CAPTURE(seconds);
      CHECK(noise_above <= 0.05);
      CHECK(pulse_above >= 0.95);
    }
  }
}

TEST_CASE("a clean pulse is of quality 1, a constant or a glimpse of 0") {
  std::vector<double> sine;
  for (int i = 0; i < 600; ++i) sine.push_back(std::sin(2 * std::numbers::pi * 1.2 * i / rate_hz));
  CHECK(quality({sine, rate_hz}, band).index > 0.95);
  CHECK(quality({std::vector<double>(600, 0.0), rate_hz}, band).index == 0);
  CHECK(quality({std::vector<double>(sine.begin(), sine.begin() + 90), rate_hz}, band).index == 0);
  CHECK(quality({{}, rate_hz}, band).index == 0);
}

TEST_CASE("SNR is the ratio of powers at the rate and beside it") {
  std::vector<double> samples;
  for (int i = 0; i < 1024; ++i) {
    const double time = i / rate_hz;
    // Both tones lie on bins: no leakage.
    samples.push_back(std::sin(2 * std::numbers::pi * 40 * rate_hz / 1024 * time) +
                      0.1 * std::sin(2 * std::numbers::pi * 60 * rate_hz / 1024 * time));
  }
  const double rate_bpm = 60 * 40 * rate_hz / 1024;
  CHECK(snr_db({samples, rate_hz}, rate_bpm, band) == doctest::Approx(20).epsilon(1e-6));
  CHECK(snr_db({samples, rate_hz}, rate_bpm, band, {0.1, 20}) == doctest::Approx(40).epsilon(1e-6));
  CHECK(std::isnan(snr_db({samples, rate_hz}, std::nan(""), band)));
}

TEST_CASE("MACC finds a shift, lag_seconds its size") {
  std::vector<double> reference, shifted;
  const Random random(3, "macc");
  const std::vector<double> source = noise(Noise::white, 22, 5);
  for (std::size_t i = 0; i < 600; ++i) {
    reference.push_back(source[i + 9]);
    shifted.push_back(source[i]);  // runs 9 samples behind
  }
  CHECK(macc(reference, reference, true) == doctest::Approx(1));
  CHECK(macc(shifted, reference, true) > 0.9);
  CHECK(lag_seconds({shifted, rate_hz}, {reference, rate_hz}, 1) == doctest::Approx(0.3));
  CHECK(lag_seconds({reference, rate_hz}, {shifted, rate_hz}, 1) == doctest::Approx(-0.3));
  CHECK(std::isnan(macc(std::vector<double>(10, 1.0), reference, true)));
}

TEST_CASE("Pearson correlation") {
  const std::vector<double> x{1, 2, 3, 4};
  CHECK(pearson(x, std::vector<double>{2, 4, 6, 8}) == doctest::Approx(1));
  CHECK(pearson(x, std::vector<double>{4, 3, 2, 1}) == doctest::Approx(-1));
  CHECK(pearson(x, std::vector<double>{1, -1, -1, 1}) == doctest::Approx(0));
  CHECK(std::isnan(pearson(x, std::vector<double>(4, 2.0))));
  CHECK(std::isnan(pearson(std::vector<double>{1}, std::vector<double>{1})));
}

}  // namespace
}  // namespace rppg::signal
