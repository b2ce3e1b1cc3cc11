// Real waveforms with a known heart rate: contact PPG with marked beats, and published rPPG output.
#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/text.h"
#include "io/json.h"
#include "signal/filter.h"
#include "signal/heart_rate.h"
#include "support/resources.h"

namespace {

using namespace rppg;

constexpr Band pulse_band{0.65, 3.5};

double rate_of(const Waveform& waveform, signal::HeartRateEstimator estimator) {
  const auto filter = signal::butterworth_bandpass(2, pulse_band, waveform.rate_hz);
  const Waveform filtered{signal::filtfilt(filter, waveform.samples), waveform.rate_hz};
  return signal::heart_rate_bpm(filtered, estimator, pulse_band);
}

}  // namespace

TEST_CASE("the rate of a minute of contact PPG is that of its marked beats") {
  const auto file = test::shared("realdata/ppg/iphys_PPG.csv");
  if (!file) return;
  Waveform ppg{{}, 250};
  const std::string text = read_file(*file);
  for (const std::string_view line : split(text, '\n')) {
    if (const auto value = parse_double(trim(line))) ppg.samples.push_back(*value);
  }
  REQUIRE(ppg.samples.size() > 14000);
  for (const auto estimator :
       {signal::HeartRateEstimator::fft_interpolated, signal::HeartRateEstimator::fft,
        signal::HeartRateEstimator::hann_padded}) {
    const double rate = rate_of(ppg, estimator);
    CAPTURE(rate);
    CHECK(rate > 67.83 - 1.5);
    CHECK(rate < 67.83 + 1.5);
  }
}

TEST_CASE("published rPPG waveforms have their published rates") {
  for (int i = 1; i <= 6; ++i) {
    const auto file =
        test::shared(concat("realdata/preds/vitallens_core_fixtures/sample_video_", i, ".json"));
    if (!file) return;
    const io::Json sample = io::read_json(*file);
    const Waveform waveform{sample["waveforms"]["ppg_waveform"]["data"].get<std::vector<double>>(),
                            sample["fps"].get<double>()};
    const double published = sample["vitals"]["heart_rate"]["value"].get<double>();
    const double rate = rate_of(waveform, signal::HeartRateEstimator::fft_interpolated);
    CAPTURE(i);
    CAPTURE(published);
    CHECK(rate > published - 2);
    CHECK(rate < published + 2);
  }
}
