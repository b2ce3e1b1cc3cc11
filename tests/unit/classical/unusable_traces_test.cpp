// Traces that hold no pulse: black, constant, of one colour, not a number, cut at every length.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.h"
#include "base/random.h"
#include "classical/method.h"
#include "signal/filter.h"

namespace rppg::classical {
namespace {

constexpr double rate_hz = 30;

RgbTrace constant(std::array<double, 3> color, std::size_t frames) {
  RgbTrace trace;
  trace.rate_hz = rate_hz;
  for (std::size_t c = 0; c < 3; ++c) trace.channels[c].assign(frames, color[c]);
  return trace;
}

/// Colours that vary independently.
RgbTrace varied(std::size_t frames) {
  const Random random(5, "varied");
  RgbTrace trace = constant({150, 110, 90}, frames);
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t t = 0; t < frames; ++t) trace.channels[c][t] += random.normal(3 * t + c);
  }
  return trace;
}

bool is_finite(const std::vector<double>& samples) {
  return std::all_of(samples.begin(), samples.end(), [](double x) { return std::isfinite(x); });
}

/// Either the documented error or a waveform of finite samples.
void check_error_or_finite(const Method& method, const RgbTrace& trace) {
  CAPTURE(std::string(method.name));
  try {
    const std::vector<double> pulse = method.extract(trace);
    CHECK(is_finite(pulse));
  } catch (const Error& error) {
    CHECK(error.status() == Status::malformed);
    const std::string what = error.what();
    CHECK(
        (what.find(method.title) != std::string::npos || what.find("short") != std::string::npos));
  }
}

TEST_CASE("a constant trace has a waveform without variation, or none") {
  for (const Method& method : methods()) {
    for (const std::array<double, 3> color :
         {std::array<double, 3>{150, 110, 90}, {150.1, 110.7, 90.3}}) {
      CAPTURE(std::string(method.name));
      const RgbTrace trace = constant(color, 300);
      if (method.name == "ica" || method.name == "pbv") {
        CHECK_THROWS_WITH_AS(method.extract(trace), doctest::Contains("constant"), Error);
      } else {
        CHECK(signal::standard_deviation(method.extract(trace)) < 1e-12);
      }
    }
  }
}

TEST_CASE("a black channel is named where a method divides by it") {
  RgbTrace trace = varied(300);
  trace.channels[2].assign(300, 0.0);
  for (const char* name : {"pos", "chrom", "pbv"}) {
    CHECK_THROWS_WITH_AS(find_method(name).extract(trace), doctest::Contains("black"), Error);
  }
  CHECK_THROWS_WITH_AS(find_method("omit").extract(constant({0, 0, 0}, 300)),
                       doctest::Contains("black"), Error);
}

TEST_CASE("no trace gives a waveform that is not finite") {
  RgbTrace black_in_between = varied(300);
  RgbTrace without_blue = varied(300);
  RgbTrace grey = varied(300);
  for (auto& channel : black_in_between.channels) {
    std::fill(channel.begin() + 100, channel.begin() + 200, 0.0);
  }
  without_blue.channels[2].assign(300, 0.0);
  grey.channels[0] = grey.channels[2] = grey.channels[1];
  for (const Method& method : methods()) {
    check_error_or_finite(method, constant({0, 0, 0}, 300));
    check_error_or_finite(method, constant({255, 255, 255}, 300));
    check_error_or_finite(method, black_in_between);
    check_error_or_finite(method, without_blue);
    check_error_or_finite(method, grey);
    for (std::size_t frames = 0; frames < 60; ++frames) {
      check_error_or_finite(method, varied(frames));
    }
  }
}

TEST_CASE("a colour that is not finite is an error of every method") {
  for (const double value :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    for (std::size_t channel = 0; channel < 3; ++channel) {
      RgbTrace trace = varied(300);
      trace.channels[channel][100] = value;
      for (const Method& method : methods()) {
        CHECK_THROWS_WITH_AS(method.extract(trace), doctest::Contains("not finite"), Error);
      }
    }
  }
}

}  // namespace
}  // namespace rppg::classical
