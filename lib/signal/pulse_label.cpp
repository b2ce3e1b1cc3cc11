#include "signal/pulse_label.h"

#include <cmath>

#include "signal/filter.h"
#include "signal/heart_rate.h"

namespace rppg::signal {
namespace {

constexpr double detrend_lambda = 100;

std::vector<double> band_passed(std::span<const double> samples, double rate_hz) {
  return filtfilt(butterworth_bandpass(1, label_band, rate_hz), samples);
}

}  // namespace

std::vector<double> prepare_label(std::span<const double> clip, double rate_hz) {
  constexpr double smallest = 1e-6;
  std::vector<double> wave = band_passed(clip, rate_hz);
  const double middle = mean(wave);
  const auto n = static_cast<double>(wave.size());
  const double deviation = standard_deviation(wave) * std::sqrt(n / (n - 1));
  const double before = standard_deviation(clip);
  if (!(before > 0) || !(deviation > smallest * before)) return {};
  for (double& sample : wave) sample = (sample - middle) / deviation;
  return wave;
}

double label_rate_bpm(std::span<const double> clip, double rate_hz, bool was_band_passed) {
  Waveform wave{detrend(clip, detrend_lambda), rate_hz};
  if (!was_band_passed) wave.samples = band_passed(wave.samples, rate_hz);
  return heart_rate_bpm(wave, HeartRateEstimator::welch, label_band);
}

}  // namespace rppg::signal
