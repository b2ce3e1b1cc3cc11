// Colour traces of real videos: a face of UBFC-rPPG, and rhesus monkeys (Unakafov et al. 2018).
#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/text.h"
#include "classical/method.h"
#include "classical/methods.h"
#include "signal/filter.h"
#include "signal/heart_rate.h"
#include "support/resources.h"

namespace {

using namespace rppg;

double rate_of(const RgbTrace& trace, std::string_view method, Band band) {
  const std::vector<double> pulse = classical::find_method(method).extract(trace);
  const auto filter = signal::butterworth_bandpass(2, band, trace.rate_hz);
  const Waveform filtered{signal::filtfilt(filter, signal::detrend(pulse, 100)), trace.rate_hz};
  return signal::heart_rate_bpm(filtered, signal::HeartRateEstimator::fft_interpolated, band);
}

RgbTrace part(const RgbTrace& trace, std::size_t begin, std::size_t count) {
  RgbTrace out;
  out.rate_hz = trace.rate_hz;
  for (std::size_t c = 0; c < 3; ++c) {
    const auto first = trace.channels[c].begin() + static_cast<std::ptrdiff_t>(begin);
    out.channels[c].assign(first, first + static_cast<std::ptrdiff_t>(count));
  }
  return out;
}

RgbTrace read_csv_trace(const std::filesystem::path& file, double rate_hz) {
  const std::string text = read_file(file);
  RgbTrace trace;
  trace.rate_hz = rate_hz;
  for (const std::string_view line : split(text, '\n')) {
    const auto cells = split(trim(line), ',');
    if (cells.size() != 3 || cells[0].starts_with('#')) continue;
    for (std::size_t c = 0; c < 3; ++c) trace.channels[c].push_back(*parse_double(trim(cells[c])));
  }
  return trace;
}

struct MonkeySession {
  std::string name;
  double rate_hz;
  double segment_seconds;
  double most_error_bpm;
};

RgbTrace read_binary_trace(const std::filesystem::path& file, double rate_hz) {
  const std::string bytes = read_file(file);
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), values.size() * sizeof(float));
  RgbTrace trace;
  trace.rate_hz = rate_hz;
  for (std::size_t i = 0; i + 2 < values.size(); i += 3) {
    for (std::size_t c = 0; c < 3; ++c) trace.channels[c].push_back(double{values[i + c]});
  }
  return trace;
}

/// Mean absolute error over the session's reference segments.
double mean_error(const std::filesystem::path& folder, const MonkeySession& session) {
  const RgbTrace trace =
      read_binary_trace(folder / session.name / (session.name + ".bin"), session.rate_hz);
  const std::string text = read_file(folder / session.name / (session.name + "_REF.csv"));
  const auto references = split(trim(text), ',');
  const auto length = static_cast<std::size_t>(session.segment_seconds * session.rate_hz);
  double sum = 0;
  std::size_t count = 0;
  for (std::size_t i = 0; i < references.size() && (i + 1) * length <= trace.size(); ++i) {
    const double wanted = *parse_double(trim(references[i]));
    sum += std::abs(rate_of(part(trace, i * length, length), "pos", {1.4, 4.0}) - wanted);
    ++count;
  }
  REQUIRE(count > 10);
  return sum / static_cast<double>(count);
}

}  // namespace

TEST_CASE("POS and CHROM read the rate of a real UBFC-rPPG trace") {
  const auto folder = test::shared("realdata/rgb/ippgtoolbox_ubfc");
  if (!folder) return;
  const RgbTrace trace = read_csv_trace(*folder / "mean_rgb.csv", 30);
  REQUIRE(trace.size() == 2024);
  CHECK(rate_of(trace, "pos", {0.65, 3.5}) == doctest::Approx(119.5).epsilon(1.0 / 119.5));
  CHECK(rate_of(trace, "chrom", {0.65, 3.5}) == doctest::Approx(119.0).epsilon(1.0 / 119.0));
}

// The pass band of POS ends at 3 Hz, below the rates of the other sessions (170 to 220 bpm).
TEST_CASE("POS follows the heart rate of monkeys in the human range") {
  const auto folder = test::shared("realdata/rgb/unakafov_monkey/dataset");
  if (!folder) return;
  for (const MonkeySession& session :
       {MonkeySession{"Session1", 30, 8.5, 5}, MonkeySession{"Session3", 50, 5, 8},
        MonkeySession{"Session4", 100, 5, 10}}) {
    CAPTURE(session.name);
    const double error = mean_error(*folder, session);
    CAPTURE(error);
    CHECK(error < session.most_error_bpm);
  }
}
