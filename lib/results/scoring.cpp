#include "results/scoring.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>

#include "base/error.h"
#include "base/text.h"
#include "signal/filter.h"
#include "signal/heart_rate.h"
#include "signal/quality.h"

namespace rppg::results {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Longest lag that is looked for between prediction and reference; a pulse takes at most 1.5 s.
constexpr double max_lag_s = 2;
/// Longest change of that lag within a recording, less than half a beat.
constexpr double max_drift_s = 0.3;
/// Below this a third of the recording holds too few beats for a lag of its own.
constexpr double min_seconds_for_drift = 30;

/// Samples by which zero-phase filtering extends a signal at either end; it needs more than these.
std::size_t filter_extension(const Protocol& protocol) {
  return 3 * static_cast<std::size_t>(2 * protocol.filter_order + 1);
}

bool is_constant(std::span<const double> samples) {
  return std::all_of(samples.begin(), samples.end(),
                     [&](double value) { return value == samples.front(); });
}

/// Detrends and filters pieces of one recording as its protocol says.
class Preparation {
 public:
  Preparation(const Protocol& protocol, double rate_hz, bool differenced)
      : protocol_(protocol),
        rate_hz_(rate_hz),
        differenced_(differenced),
        filter_(signal::butterworth_bandpass(protocol.filter_order, protocol.band, rate_hz)) {}

  Waveform operator()(std::span<const double> samples) const {
    // Exactly zero, where detrending would leave rounding errors with a heart rate of their own.
    if (is_constant(samples)) return {std::vector<double>(samples.size()), rate_hz_};
    if (!differenced_) return detrended_and_filtered(samples);
    return detrended_and_filtered(signal::cumulative_sum(samples, protocol_.float32_running_sum));
  }

 private:
  Waveform detrended_and_filtered(std::span<const double> samples) const {
    return {signal::filtfilt(filter_, signal::detrend(samples, protocol_.detrend_lambda)),
            rate_hz_};
  }

  const Protocol& protocol_;
  double rate_hz_;
  bool differenced_;
  signal::FilterCoefficients filter_;
};

void require_finite(std::span<const double> samples, std::string_view what) {
  const auto bad = std::find_if(samples.begin(), samples.end(),
                                [](double value) { return !std::isfinite(value); });
  if (bad != samples.end()) {
    throw Error(Status::malformed,
                concat(what, ": sample ", bad - samples.begin(), " is not finite"));
  }
}

std::vector<WindowRange> require_windows(std::size_t samples, double rate_hz,
                                         const Protocol& protocol) {
  std::vector<WindowRange> ranges = window_ranges(samples, rate_hz, protocol);
  if (ranges.empty()) {
    throw Error(Status::malformed, concat("waveform: ", samples, " samples are too short; the ",
                                          "filter needs more than ", filter_extension(protocol)));
  }
  return ranges;
}

double shortest_resolution_bpm(const std::vector<WindowRange>& ranges, double rate_hz,
                               const Protocol& protocol) {
  std::size_t shortest = ranges.front().length;
  for (const WindowRange& range : ranges) shortest = std::min(shortest, range.length);
  return signal::resolution_bpm(protocol.estimator, shortest, rate_hz);
}

/// Start, length and predicted rate; the rest is NaN.
WindowScore score_prediction(const Waveform& filtered, const WindowRange& range,
                             const Protocol& protocol) {
  WindowScore window;
  window.start_s = static_cast<double>(range.start) / filtered.rate_hz;
  window.seconds = static_cast<double>(range.length) / filtered.rate_hz;
  window.hr_predicted_bpm = signal::heart_rate_bpm(filtered, protocol.estimator, protocol.band);
  window.hr_reference_bpm = window.snr_db = window.macc = nan;
  return window;
}

void score_agreement(WindowScore& window, const Waveform& prediction, const Waveform& reference,
                     const Protocol& protocol) {
  window.hr_reference_bpm = signal::heart_rate_bpm(reference, protocol.estimator, protocol.band);
  window.snr_db = signal::snr_db(prediction, window.hr_reference_bpm, protocol.band, protocol.snr);
  window.macc = signal::macc(prediction.samples, reference.samples, protocol.full_macc);
}

Waveform part(const Waveform& whole, std::size_t start, std::size_t length) {
  const auto first = whole.samples.begin() + static_cast<std::ptrdiff_t>(start);
  return {{first, first + static_cast<std::ptrdiff_t>(length)}, whole.rate_hz};
}

/// Change of the lag from the first to the last third, per minute between their centres. The lag of
/// the whole is taken out first, so that a third is never compared with its neighbouring beat.
double drift(const Waveform& prediction, const Waveform& reference, double lag_s) {
  if (prediction.seconds() < min_seconds_for_drift || !std::isfinite(lag_s)) return nan;
  const auto shift = static_cast<std::ptrdiff_t>(std::llround(lag_s * prediction.rate_hz));
  const auto behind = static_cast<std::size_t>(std::max<std::ptrdiff_t>(shift, 0));
  const auto ahead = static_cast<std::size_t>(std::max<std::ptrdiff_t>(-shift, 0));
  const std::size_t shared = prediction.samples.size() - behind - ahead;
  const std::size_t third = shared / 3;
  const auto lag_of_third = [&](std::size_t start) {
    return signal::lag_seconds(part(prediction, start + behind, third),
                               part(reference, start + ahead, third), max_drift_s);
  };
  const double minutes = static_cast<double>(shared - third) / prediction.rate_hz / 60;
  return (lag_of_third(shared - third) - lag_of_third(0)) / minutes;
}

}  // namespace

std::vector<WindowRange> window_ranges(std::size_t samples, double rate_hz,
                                       const Protocol& protocol) {
  const auto wanted = static_cast<std::size_t>(std::llround(protocol.window_seconds * rate_hz));
  const std::size_t length = wanted == 0 ? samples : std::min(wanted, samples);
  std::vector<WindowRange> ranges;
  for (std::size_t start = 0; start < samples; start += length) {
    const WindowRange range{start, std::min(length, samples - start)};
    const bool whole = range.length == length;
    if ((whole || protocol.keep_remainder) && range.length > filter_extension(protocol)) {
      ranges.push_back(range);
    }
  }
  return ranges;
}

Score score(const Waveform& prediction, const Waveform& reference, const Protocol& protocol,
            bool differenced) {
  if (prediction.rate_hz != reference.rate_hz) {
    throw std::logic_error("score: prediction and reference differ in rate");
  }
  const std::size_t samples = std::min(prediction.samples.size(), reference.samples.size());
  const std::span<const double> predicted = std::span(prediction.samples).first(samples);
  const std::span<const double> referenced = std::span(reference.samples).first(samples);
  require_finite(predicted, "prediction");
  require_finite(referenced, "reference");

  const double rate_hz = prediction.rate_hz;
  const auto ranges = require_windows(samples, rate_hz, protocol);
  const Preparation prepare(protocol, rate_hz, differenced);
  Score score;
  for (const WindowRange& range : ranges) {
    const Waveform p = prepare(predicted.subspan(range.start, range.length));
    const Waveform r = prepare(referenced.subspan(range.start, range.length));
    score.windows.push_back(score_prediction(p, range, protocol));
    score_agreement(score.windows.back(), p, r, protocol);
  }
  score.hr_resolution_bpm = shortest_resolution_bpm(ranges, rate_hz, protocol);

  Waveform whole_prediction = prepare(predicted);
  Waveform whole_reference = prepare(referenced);
  score.lag_s = signal::lag_seconds(whole_prediction, whole_reference, max_lag_s);
  score.drift_s_per_min = drift(whole_prediction, whole_reference, score.lag_s);
  score.prediction_filtered = std::move(whole_prediction.samples);
  score.reference_filtered = std::move(whole_reference.samples);
  return score;
}

Score score(const Waveform& prediction, const Protocol& protocol) {
  require_finite(prediction.samples, "prediction");
  const double rate_hz = prediction.rate_hz;
  const auto ranges = require_windows(prediction.samples.size(), rate_hz, protocol);
  const Preparation prepare(protocol, rate_hz, false);
  Score score;
  for (const WindowRange& range : ranges) {
    const Waveform filtered =
        prepare(std::span(prediction.samples).subspan(range.start, range.length));
    score.windows.push_back(score_prediction(filtered, range, protocol));
  }
  score.hr_resolution_bpm = shortest_resolution_bpm(ranges, rate_hz, protocol);
  score.lag_s = score.drift_s_per_min = nan;
  score.prediction_filtered = prepare(prediction.samples).samples;
  return score;
}

}  // namespace rppg::results
