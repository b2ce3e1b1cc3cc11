// Fingertip-camera colours with jittery time stamps, against the RR intervals of a chest strap.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/text.h"
#include "data/alignment.h"
#include "io/csv.h"
#include "signal/filter.h"
#include "signal/heart_rate.h"
#include "support/resources.h"

namespace {

using namespace rppg;

constexpr Band band{0.65, 3.5};

/// Mean rate of the intervals, in ms.
double rate_of_intervals(const std::string& text) {
  double sum = 0;
  int count = 0;
  for (const std::string_view word : split_whitespace(text)) {
    sum += *parse_double(word);
    ++count;
  }
  return 60000.0 * count / sum;
}

/// Rate of the red channel on the even grid that alignment makes of the stamps.
double rate_of_colours(const std::filesystem::path& file) {
  const io::Table table(read_file(file), file);
  std::vector<double> time_s;
  std::vector<std::array<double, 3>> colours;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto row = table.row(i);
    time_s.push_back(row.number("time") * 1e-3);
    colours.push_back({row.number("R"), row.number("G"), row.number("B")});
  }
  data::Recording recording;
  recording.video.file = file;
  const data::Aligned aligned =
      data::align(recording, time_s, colours, 30, nullptr, {.max_gap_s = 5});
  const Waveform red{aligned.trace.channels[0], aligned.trace.rate_hz};
  const auto filter = signal::butterworth_bandpass(2, band, red.rate_hz);
  return signal::heart_rate_bpm({signal::filtfilt(filter, red.samples), red.rate_hz},
                                signal::HeartRateEstimator::fft_interpolated, band);
}

}  // namespace

TEST_CASE("fingertip colours have the rate of the chest strap in most recordings") {
  const auto folder = test::shared("realdata/ppg/welltory/data");
  if (!folder) return;
  int close = 0;
  std::vector<double> errors;
  for (int subject = 1; subject <= 21; ++subject) {
    const auto own = *folder / concat("subject_", subject < 10 ? "0" : "", subject);
    const double wanted = rate_of_intervals(read_file(own / "RR.txt"));
    errors.push_back(std::abs(rate_of_colours(own / "PPG.csv") - wanted));
    close += errors.back() <= 5 ? 1 : 0;
  }
  std::sort(errors.begin(), errors.end());
  CHECK(errors[errors.size() / 2] < 3);
  CHECK(close >= 16);
}
