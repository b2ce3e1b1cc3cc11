// Heart rate, SNR and MACC of the classical methods' waveforms as rPPG-Toolbox reads them off.
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "classical/method.h"
#include "io/hdf5.h"
#include "signal/filter.h"
#include "signal/heart_rate.h"
#include "signal/quality.h"
#include "support/resources.h"

namespace {

using namespace rppg;

constexpr Band band{0.6, 3.3};

Waveform filtered(const std::vector<double>& samples, double rate_hz) {
  const auto filter = signal::butterworth_bandpass(1, band, rate_hz);
  return {signal::filtfilt(filter, signal::detrend(samples, 100)), rate_hz};
}

void check_trace(const io::Hdf5Reader& file, const std::string& group) {
  const double rate_hz = file.number_attribute(group, "fs");
  const Waveform label = filtered(file.doubles(group + "/pulse"), rate_hz);
  for (const classical::Method& method : classical::methods()) {
    const std::string wanted = concat(group, "/metrics/", method.title);
    CAPTURE(wanted);
    const Waveform pulse = filtered(file.doubles(concat(group, "/f64/", method.title)), rate_hz);
    for (const auto estimator :
         {signal::HeartRateEstimator::fft, signal::HeartRateEstimator::peaks}) {
      const std::string prefix = estimator == signal::HeartRateEstimator::fft ? "fft_" : "peak_";
      const auto number = [&](const char* name) {
        return file.number_attribute(wanted, prefix + name);
      };
      const double label_bpm = signal::heart_rate_bpm(label, estimator, band);
      CHECK(std::abs(label_bpm - number("hr_label")) < 1e-9);
      CHECK(std::abs(signal::heart_rate_bpm(pulse, estimator, band) - number("hr_pred")) < 1e-9);
      // In a short trace no bin may lie near the rate: both are minus infinity then.
      const double snr = signal::snr_db(pulse, label_bpm, band);
      CHECK((snr == number("snr_db") || std::abs(snr - number("snr_db")) < 1e-6));
      CHECK(std::abs(signal::macc(pulse.samples, label.samples, false) - number("macc")) < 1e-8);
    }
  }
}

}  // namespace

TEST_CASE("rates and similarities of rPPG-Toolbox") {
  const auto path = test::shared("reference/toolbox/b_classical.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  for (int trace = 0; trace < 20; ++trace) {
    check_trace(file, concat("/trace_", trace < 10 ? "0" : "", trace));
  }
}
