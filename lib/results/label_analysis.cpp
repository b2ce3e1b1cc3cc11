#include "results/label_analysis.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "signal/filter.h"
#include "signal/heart_rate.h"
#include "signal/quality.h"
#include "signal/spectrum.h"
#include "signal/uniform_quantizer.h"

namespace rppg::results {
namespace {

constexpr double highest_hz = 8;
constexpr std::size_t spectrum_points = 512;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

void add_power(std::span<const double> clip, double rate_hz, std::vector<double>& sum) {
  const signal::Spectrum spectrum = signal::periodogram(
      {signal::standardize(clip), rate_hz}, spectrum_points, signal::Window::hann_periodic);
  double total = 0;
  for (const double power : spectrum.power) total += power;
  if (!(total > 0)) return;
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += spectrum.power[i] / total;
}

void count_samples(std::span<const double> clip, std::vector<double>& cells) {
  for (const double sample : clip) {
    const double cell = std::floor((sample - histogram_low) / histogram_cell);
    const double last = static_cast<double>(histogram_cells) - 1;
    ++cells[static_cast<std::size_t>(std::clamp(cell, 0.0, last))];
  }
}

/// Heights of the rises of the pulse, from each trough to the next peak. A wave of few levels has
/// flat tops; find_peaks takes their middles.
void add_rises(std::span<const double> clip, std::vector<double>& rises) {
  const std::vector<std::size_t> peaks = signal::find_peaks(clip);
  for (std::size_t i = 1; i < peaks.size(); ++i) {
    const auto begin = clip.begin() + static_cast<std::ptrdiff_t>(peaks[i - 1]);
    const auto end = clip.begin() + static_cast<std::ptrdiff_t>(peaks[i]);
    rises.push_back(clip[peaks[i]] - *std::min_element(begin, end));
  }
}

/// Correlation of all clips together with the clean ones.
double overall_correlation(const std::vector<std::vector<double>>& clips,
                           const std::vector<std::vector<double>>& clean) {
  std::vector<double> a, b;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    const std::vector<double> x = signal::standardize(clips[i]), y = signal::standardize(clean[i]);
    a.insert(a.end(), x.begin(), x.end());
    b.insert(b.end(), y.begin(), y.end());
  }
  return signal::pearson(a, b);
}

double snr_of(double r) { return 10 * std::log10(r * r / (1 - r * r)); }

void add_clean(const signal::LabelClips& labels, const TreatedLabels& treated,
               LabelAnalysis& result) {
  result.clean_known = !labels.clean.empty();
  if (!result.clean_known) return;
  result.clean_snr_before_db = snr_of(overall_correlation(labels.prepared, labels.clean));
  result.clean_snr_db = snr_of(overall_correlation(treated.clips, labels.clean));
  const double kept = overall_correlation(treated.clean, labels.clean);
  result.pulse_lost = 1 - kept * kept;
  std::vector<double> errors;
  for (std::size_t i = 0; i < labels.clean.size(); ++i) {
    errors.push_back(std::abs(signal::label_rate_bpm(treated.clips[i], labels.rate_hz, true) -
                              signal::label_rate_bpm(labels.clean[i], labels.rate_hz, true)));
  }
  result.clean_hr_mae_bpm = distribution_of(std::move(errors)).mean;
}

void add_tokens(const TreatedLabels& treated, LabelAnalysis& result) {
  if (treated.tokens.empty()) return;
  result.codes = 1 << treated.bits;
  result.entropy_bits =
      signal::entropy_bits(treated.tokens, static_cast<std::size_t>(result.codes));
  std::vector<std::int32_t> used = treated.tokens;
  std::sort(used.begin(), used.end());
  result.used_codes =
      static_cast<int>(std::distance(used.begin(), std::unique(used.begin(), used.end())));
}

}  // namespace

Distribution distribution_of(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  if (values.empty()) return {nan, nan, nan, nan, nan};
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    const double place = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - std::floor(place)) * (values[above] - values[below]);
  };
  return {signal::mean(values), signal::standard_deviation(values), at(0.25), at(0.5), at(0.75)};
}

double spectrum_bin_hz(double rate_hz) { return rate_hz / static_cast<double>(spectrum_points); }

LabelAnalysis analyze(const signal::LabelClips& labels, const TreatedLabels& treated) {
  LabelAnalysis result;
  result.method = treated.method;
  result.bits = treated.bits;
  const double top = std::min(highest_hz, labels.rate_hz / 2);
  result.spectrum.resize(static_cast<std::size_t>(top / spectrum_bin_hz(labels.rate_hz)) + 1);
  result.histogram.resize(histogram_cells);
  std::vector<double> errors, correlations, snr, rises, squares;
  for (std::size_t i = 0; i < treated.clips.size(); ++i) {
    const std::vector<double>& clip = treated.clips[i];
    const double rate = signal::label_rate_bpm(labels.raw[i], labels.rate_hz, false);
    errors.push_back(std::abs(signal::label_rate_bpm(clip, labels.rate_hz, true) - rate));
    correlations.push_back(signal::pearson(clip, labels.prepared[i]));
    snr.push_back(signal::snr_db({clip, labels.rate_hz}, rate, signal::label_band));
    for (std::size_t t = 0; t < clip.size(); ++t) {
      squares.push_back((clip[t] - labels.prepared[i][t]) * (clip[t] - labels.prepared[i][t]));
    }
    add_rises(clip, rises);
    add_power(clip, labels.rate_hz, result.spectrum);
    count_samples(clip, result.histogram);
  }
  const auto clips = static_cast<double>(treated.clips.size());
  for (double& share : result.spectrum) share /= clips;
  for (double& share : result.histogram) share /= static_cast<double>(squares.size());
  const auto close = std::count_if(errors.begin(), errors.end(), [](double e) { return e < 1; });
  result.hr_within_1 = static_cast<double>(close) / clips;
  result.hr_mae_bpm = distribution_of(std::move(errors)).mean;
  result.mse = signal::mean(squares);
  result.morphology = distribution_of(std::move(correlations));
  result.snr_db = distribution_of(std::move(snr));
  result.peak_to_peak = distribution_of(std::move(rises));
  result.peak_to_peak_cv = result.peak_to_peak.sd / result.peak_to_peak.mean;
  add_tokens(treated, result);
  add_clean(labels, treated, result);
  return result;
}

}  // namespace rppg::results
