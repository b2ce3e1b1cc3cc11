#include "signal/pulse_label.h"

#include <algorithm>
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

bool standardize_label(std::span<double> clip) {
  const double middle = mean(clip);
  const auto n = static_cast<double>(clip.size());
  const double deviation = standard_deviation(clip) * std::sqrt(n / (n - 1));
  const bool varies = deviation > 0;
  for (double& sample : clip) sample = varies ? (sample - middle) / deviation : 0;
  return varies;
}

LabelPreparation::LabelPreparation(double rate_hz)
    : filter_(butterworth_bandpass(1, label_band, rate_hz)) {}

bool LabelPreparation::operator()(std::span<double> clip, std::span<double> room) const {
  constexpr double smallest = 1e-6;
  const double before = standard_deviation(clip);
  filter_(clip, room);
  if (before > 0 && standard_deviation(clip) > smallest * before) return standardize_label(clip);
  std::fill(clip.begin(), clip.end(), 0.0);
  return false;
}

std::vector<double> prepare_label(std::span<const double> clip, double rate_hz) {
  const LabelPreparation prepare(rate_hz);
  std::vector<double> wave(clip.begin(), clip.end());
  std::vector<double> room(prepare.room(clip.size()));
  if (!prepare(wave, room)) return {};
  return wave;
}

double label_rate_bpm(std::span<const double> clip, double rate_hz, bool was_band_passed) {
  Waveform wave{detrend(clip, detrend_lambda), rate_hz};
  if (!was_band_passed) wave.samples = band_passed(wave.samples, rate_hz);
  return heart_rate_bpm(wave, HeartRateEstimator::welch, label_band);
}

}  // namespace rppg::signal
