#include "signal/quality.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "signal/fft.h"
#include "signal/filter.h"
#include "signal/heart_rate.h"
#include "signal/spectrum.h"

namespace rppg::signal {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double shortest_seconds = 4;
constexpr double peak_half_width_hz = 0.15;
constexpr double sub_window_seconds = 6;
constexpr double stable_within_bpm = 9;

/// c_k = sum_n a_(n+k) b_n, circular over a.size() (sizes equal).
std::vector<double> circular_correlation(std::span<const double> a, std::span<const double> b) {
  std::vector<Complex> x = fft(std::vector<Complex>(a.begin(), a.end()));
  const std::vector<Complex> y = fft(std::vector<Complex>(b.begin(), b.end()));
  for (std::size_t k = 0; k < x.size(); ++k) x[k] *= std::conj(y[k]);
  std::vector<double> result(a.size());
  const std::vector<Complex> z = inverse_fft(x);
  std::transform(z.begin(), z.end(), result.begin(), [](const Complex& c) { return c.real(); });
  return result;
}

std::vector<double> centered(std::span<const double> samples) {
  const double center = mean(samples);
  std::vector<double> result(samples.begin(), samples.end());
  for (double& value : result) value -= center;
  return result;
}

double norm(std::span<const double> samples) {
  double sum = 0;
  for (const double value : samples) sum += value * value;
  return std::sqrt(sum);
}

double concentration(const Waveform& signal, double peak_hz, Band band) {
  const Spectrum spectrum =
      periodogram(signal, next_power_of_two(4 * signal.samples.size()), Window::hann_symmetric);
  double near = 0, all = 0;
  for (std::size_t k = 0; k < spectrum.power.size(); ++k) {
    const double f = spectrum.frequency(k);
    if (!band.contains(f)) continue;
    all += spectrum.power[k];
    if (std::abs(f - peak_hz) <= peak_half_width_hz ||
        std::abs(f - 2 * peak_hz) <= peak_half_width_hz) {
      near += spectrum.power[k];
    }
  }
  return all > 0 ? near / all : 0;
}

/// Largest autocorrelation at a lag within 15 % of the beat interval.
double periodicity(const Waveform& signal, double peak_hz) {
  std::vector<double> padded = centered(signal.samples);
  const std::size_t n = padded.size();
  padded.resize(next_power_of_two(2 * n), 0.0);
  const std::vector<double> correlation = circular_correlation(padded, padded);
  const double interval = signal.rate_hz / peak_hz;
  double best = 0;
  for (auto lag = static_cast<std::size_t>(0.85 * interval);
       lag <= static_cast<std::size_t>(1.15 * interval) + 1 && lag < n; ++lag) {
    const double unbiased = correlation[lag] / static_cast<double>(n - lag);
    best = std::max(best, unbiased / (correlation[0] / static_cast<double>(n)));
  }
  return std::min(best, 1.0);
}

double stability(const Waveform& signal, Band band) {
  const auto length = static_cast<std::size_t>(sub_window_seconds * signal.rate_hz);
  std::vector<double> rates;
  for (std::size_t start = 0; start + length <= signal.samples.size(); start += length / 2) {
    const auto first = signal.samples.begin() + static_cast<std::ptrdiff_t>(start);
    rates.push_back(
        heart_rate_bpm({{first, first + static_cast<std::ptrdiff_t>(length)}, signal.rate_hz},
                       HeartRateEstimator::hann_padded, band));
  }
  if (rates.size() < 2) return 1;
  std::vector<double> sorted = rates;
  std::sort(sorted.begin(), sorted.end());
  const double median = sorted[sorted.size() / 2];
  const auto stable = std::count_if(rates.begin(), rates.end(), [&](double rate) {
    return std::abs(rate - median) <= stable_within_bpm;
  });
  return static_cast<double>(stable) / static_cast<double>(rates.size());
}

}  // namespace

double snr_db(const Waveform& filtered, double reference_bpm, Band band, SnrDefinition definition) {
  if (!std::isfinite(reference_bpm)) return nan;
  const Spectrum spectrum = periodogram(filtered, next_power_of_two(filtered.samples.size()));
  const double first = reference_bpm / 60;
  double pulse = 0, noise = 0;
  for (std::size_t k = 0; k < spectrum.power.size(); ++k) {
    const double f = spectrum.frequency(k);
    const bool at_first = std::abs(f - first) <= definition.half_width_hz;
    const bool at_second = std::abs(f - 2 * first) <= definition.half_width_hz;
    if (at_first) pulse += spectrum.power[k];
    if (at_second) pulse += spectrum.power[k];
    if (!at_first && !at_second && band.contains(f)) noise += spectrum.power[k];
  }
  return noise == 0 ? 0 : definition.factor * std::log10(pulse / noise);
}

double macc(std::span<const double> prediction, std::span<const double> reference, bool full) {
  const std::size_t n = std::min(prediction.size(), reference.size());
  if (n < 2) return nan;
  const std::vector<double> a = centered(prediction.first(n));
  const std::vector<double> b = centered(reference.first(n));
  const double scale = norm(a) * norm(b);
  if (!(scale > 0)) return nan;
  const std::vector<double> correlation = circular_correlation(a, b);
  // correlation[k] belongs to the reference rolled forward by k.
  double best = 0;
  for (std::size_t lag = 0; lag < (full ? n : n - 1); ++lag) {
    best = std::max(best, std::abs(correlation[lag]) / scale);
  }
  return best;
}

double pearson(std::span<const double> x, std::span<const double> y) {
  const std::size_t n = std::min(x.size(), y.size());
  if (n < 2) return nan;
  const std::vector<double> a = centered(x.first(n));
  const std::vector<double> b = centered(y.first(n));
  const double scale = norm(a) * norm(b);
  if (!(scale > 0)) return nan;
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += a[i] * b[i];
  return sum / scale;
}

double lag_seconds(const Waveform& prediction, const Waveform& reference, double max_lag_seconds) {
  const std::size_t n = std::min(prediction.samples.size(), reference.samples.size());
  if (n < 2) return nan;
  std::vector<double> a = centered(std::span(prediction.samples).first(n));
  std::vector<double> b = centered(std::span(reference.samples).first(n));
  if (!(norm(a) * norm(b) > 0)) return nan;
  const std::size_t padded = next_power_of_two(2 * n);
  a.resize(padded, 0.0);
  b.resize(padded, 0.0);
  const std::vector<double> correlation = circular_correlation(a, b);
  const auto longest = std::min(static_cast<std::ptrdiff_t>(max_lag_seconds * prediction.rate_hz),
                                static_cast<std::ptrdiff_t>(n) - 1);
  std::ptrdiff_t best = 0;
  double best_value = -std::numeric_limits<double>::infinity();
  for (std::ptrdiff_t lag = -longest; lag <= longest; ++lag) {
    const double value = correlation[static_cast<std::size_t>(
        lag < 0 ? lag + static_cast<std::ptrdiff_t>(padded) : lag)];
    if (value > best_value) {
      best = lag;
      best_value = value;
    }
  }
  return static_cast<double>(best) / prediction.rate_hz;
}

Quality quality(const Waveform& filtered, Band band) {
  Quality result;
  if (filtered.seconds() < shortest_seconds) return result;
  const double rate = heart_rate_bpm(filtered, HeartRateEstimator::fft_interpolated, band);
  if (!std::isfinite(rate)) return result;
  result.concentration = concentration(filtered, rate / 60, band);
  result.periodicity = periodicity(filtered, rate / 60);
  result.stability = stability(filtered, band);
  result.index = std::cbrt(result.concentration * result.periodicity * result.stability);
  return result;
}

}  // namespace rppg::signal
