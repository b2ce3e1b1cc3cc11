#include "signal/heart_rate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "signal/fft.h"

namespace rppg::signal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double finest_bin_bpm = 0.1;
constexpr std::size_t welch_segment = 256;

struct EstimatorName {
  HeartRateEstimator estimator;
  std::string_view name;
};
constexpr std::array estimator_names{
    EstimatorName{HeartRateEstimator::fft, "fft"},
    EstimatorName{HeartRateEstimator::fft_interpolated, "fft_interpolated"},
    EstimatorName{HeartRateEstimator::hann_padded, "hann_padded"},
    EstimatorName{HeartRateEstimator::welch, "welch"},
    EstimatorName{HeartRateEstimator::peaks, "peaks"}};

std::size_t transform_length(HeartRateEstimator estimator, std::size_t samples, double rate_hz) {
  switch (estimator) {
    case HeartRateEstimator::fft:
      return next_power_of_two(samples);
    case HeartRateEstimator::fft_interpolated:
      return next_power_of_two(
          std::max(samples, static_cast<std::size_t>(std::ceil(60 * rate_hz / finest_bin_bpm))));
    case HeartRateEstimator::hann_padded:
      return std::max<std::size_t>(4096, next_power_of_two(4 * samples));
    case HeartRateEstimator::welch:
      return static_cast<std::size_t>(1e5 / rate_hz);
    case HeartRateEstimator::peaks:
      break;
  }
  return 0;
}

Spectrum spectrum_of(const Waveform& signal, HeartRateEstimator estimator) {
  const std::size_t n = signal.samples.size();
  const std::size_t nfft = transform_length(estimator, n, signal.rate_hz);
  if (estimator == HeartRateEstimator::welch) {
    const std::size_t segment = std::min(n - 1, welch_segment);
    return welch(signal, segment, segment / 2, nfft);
  }
  return periodogram(
      signal, nfft,
      estimator == HeartRateEstimator::fft ? Window::rectangular : Window::hann_symmetric);
}

/// Place of the vertex of the parabola through three neighbouring bins, relative to the middle one.
double vertex(double left, double middle, double right) {
  const double curvature = left - 2 * middle + right;
  return curvature < 0 ? std::clamp(0.5 * (left - right) / curvature, -0.5, 0.5) : 0;
}

double rate_from_spectrum(const Spectrum& spectrum, HeartRateEstimator estimator, Band band) {
  const bool open_ends = estimator == HeartRateEstimator::welch;
  std::size_t best = 0;
  double best_power = 0;
  for (std::size_t k = 0; k < spectrum.power.size(); ++k) {
    const double f = spectrum.frequency(k);
    if (!band.contains(f) || (open_ends && (f == band.low_hz || f == band.high_hz))) continue;
    if (spectrum.power[k] > best_power) {
      best = k;
      best_power = spectrum.power[k];
    }
  }
  if (best_power <= 0) return nan;
  double place = static_cast<double>(best);
  if (estimator == HeartRateEstimator::fft_interpolated && best > 0 &&
      best + 1 < spectrum.power.size()) {
    place += vertex(spectrum.power[best - 1], best_power, spectrum.power[best + 1]);
  }
  return 60 * place * spectrum.bin_hz;
}

double rate_from_peaks(const Waveform& signal) {
  const std::vector<std::size_t> peaks = find_peaks(signal.samples);
  if (peaks.size() < 2) return nan;
  const auto beats = static_cast<double>(peaks.size() - 1);
  return 60 * signal.rate_hz * beats / static_cast<double>(peaks.back() - peaks.front());
}

}  // namespace

std::string_view name(HeartRateEstimator estimator) {
  const auto* found =
      std::find_if(estimator_names.begin(), estimator_names.end(),
                   [&](const EstimatorName& e) { return e.estimator == estimator; });
  return found->name;
}

HeartRateEstimator find_estimator(std::string_view name) {
  for (const EstimatorName& entry : estimator_names) {
    if (entry.name == name) return entry.estimator;
  }
  throw Error(Status::usage, concat("unknown heart-rate estimator '", name, "'"));
}

double heart_rate_bpm(const Waveform& filtered, HeartRateEstimator estimator, Band band) {
  const std::vector<double>& samples = filtered.samples;
  const bool finite =
      std::all_of(samples.begin(), samples.end(), [](double x) { return std::isfinite(x); });
  if (samples.size() < 4 || !finite) return nan;
  if (estimator == HeartRateEstimator::peaks) return rate_from_peaks(filtered);
  return rate_from_spectrum(spectrum_of(filtered, estimator), estimator, band);
}

double resolution_bpm(HeartRateEstimator estimator, std::size_t samples, double rate_hz) {
  const std::size_t nfft = transform_length(estimator, samples, rate_hz);
  return nfft == 0 ? 0 : 60 * rate_hz / static_cast<double>(nfft);
}

std::vector<std::size_t> find_peaks(std::span<const double> samples) {
  std::vector<std::size_t> peaks;
  for (std::size_t i = 1; i + 1 < samples.size(); ++i) {
    if (!(samples[i - 1] < samples[i])) continue;
    std::size_t end = i;  // last sample of the plateau
    while (end + 1 < samples.size() && samples[end + 1] == samples[i]) ++end;
    if (end + 1 < samples.size() && samples[end + 1] < samples[i]) peaks.push_back((i + end) / 2);
    i = end;
  }
  return peaks;
}

}  // namespace rppg::signal
