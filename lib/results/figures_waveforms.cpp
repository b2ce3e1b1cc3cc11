// Waveforms and spectra of the best, the median and the worst recording.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "base/text.h"
#include "io/csv.h"
#include "results/figures.h"
#include "results/markup.h"
#include "results/svg.h"
#include "signal/fft.h"
#include "signal/filter.h"
#include "signal/spectrum.h"

namespace rppg::results {
namespace {

constexpr double shown_seconds = 10;
constexpr std::string_view reference_colour = palette::ink;
constexpr std::string_view prediction_colour = palette::vermilion;

const std::vector<LegendEntry> legend{{"prediction", prediction_colour, Mark::line, 0},
                                      {"reference", reference_colour, Mark::dashed, 0}};

std::vector<double> part(const std::vector<double>& samples, std::size_t start,
                         std::size_t length) {
  const std::size_t begin = std::min(start, samples.size());
  const std::size_t end = std::min(begin + length, samples.size());
  return {samples.begin() + static_cast<std::ptrdiff_t>(begin),
          samples.begin() + static_cast<std::ptrdiff_t>(end)};
}

/// The mean of a rate over the windows where both rates are finite.
double mean_rate(const RecordingResult& result, double WindowScore::*rate) {
  double sum = 0;
  double n = 0;
  for (const WindowScore& window : result.score.windows) {
    if (!std::isfinite(window.hr_reference_bpm) || !std::isfinite(window.hr_predicted_bpm))
      continue;
    sum += window.*rate;
    ++n;
  }
  return sum / n;
}

std::string title_of(const Example& example) {
  return concat(example.role, ": ", shorten(example.id, 40), ", |error| ",
                format_fixed(example.absolute_error_bpm, 2), " bpm");
}

/// Ten seconds from the middle of the recording, both sides standardised over them.
Figure waveform_figure(const Example& example, const RecordingResult& result,
                       std::string_view prefix) {
  const double rate_hz = result.prediction.rate_hz;
  const Score& score = result.score;
  const std::size_t samples =
      std::min(score.prediction_filtered.size(), score.reference_filtered.size());
  const auto length =
      std::min(static_cast<std::size_t>(std::lround(shown_seconds * rate_hz)), samples);
  const std::size_t start = (samples - length) / 2;
  const std::vector<double> prediction =
      signal::standardize(part(score.prediction_filtered, start, length));
  const std::vector<double> reference =
      signal::standardize(part(score.reference_filtered, start, length));

  const double first_s = result.start_s + static_cast<double>(start) / rate_hz;
  std::vector<double> time(length);
  std::string csv = "time_s,prediction,reference\n";
  for (std::size_t i = 0; i < length; ++i) {
    time[i] = first_s + static_cast<double>(i) / rate_hz;
    csv += concat(time[i], ",", prediction[i], ",", reference[i], "\n");
  }
  std::vector<double> both = prediction;
  both.insert(both.end(), reference.begin(), reference.end());

  const std::string name = concat(prefix, ".waveform-", example.role);
  Plot plot(name, {560, 220, 34, 14},
            {"time (s)", {first_s, first_s + static_cast<double>(length) / rate_hz}, {}, 6},
            {"amplitude (SD)", range_of(both, 0.08, 2), {}, 4});
  plot.line(time, reference, {reference_colour, 1.4, "5 3"});
  plot.line(time, prediction, {prediction_colour, 1.6, ""});
  plot.legend(legend);
  std::string caption = title_of(example);
  caption.front() = static_cast<char>(caption.front() - 'a' + 'A');
  caption += concat(
      ". Filtered waveforms, standardised over the ",
      format_fixed(static_cast<double>(length) / rate_hz, 0),
      " s shown (middle of the recording), not shifted; lag of the prediction over the whole "
      "recording: ",
      format_fixed(score.lag_s, 2), " s.");
  return {name, "Waveforms", caption,
          plot.finish(concat("Waveforms, ", title_of(example)), caption), csv};
}

/// Hann periodogram over its maximum within the band.
signal::Spectrum relative_spectrum(const std::vector<double>& samples, double rate_hz, Band band) {
  signal::Spectrum spectrum = signal::periodogram(
      {samples, rate_hz}, signal::next_power_of_two(samples.size()), signal::Window::hann_periodic);
  double largest = 0;
  for (std::size_t i = 0; i < spectrum.power.size(); ++i) {
    if (band.contains(spectrum.frequency(i))) largest = std::max(largest, spectrum.power[i]);
  }
  for (double& power : spectrum.power) power = largest > 0 ? power / largest : 0;
  return spectrum;
}

Figure spectrum_figure(const Example& example, const RecordingResult& result,
                       const Protocol& protocol, std::string_view prefix) {
  const double rate_hz = result.prediction.rate_hz;
  const Band band = protocol.band;
  const signal::Spectrum prediction =
      relative_spectrum(result.score.prediction_filtered, rate_hz, band);
  const signal::Spectrum reference =
      relative_spectrum(result.score.reference_filtered, rate_hz, band);

  const double highest_hz = std::min(band.high_hz + 0.5, rate_hz / 2);
  std::vector<double> frequencies;
  std::string csv = "frequency_hz,prediction,reference\n";
  for (std::size_t i = 0; i < std::min(prediction.power.size(), reference.power.size()); ++i) {
    frequencies.push_back(prediction.frequency(i));
    if (frequencies.back() > highest_hz) break;
    csv += concat(frequencies.back(), ",", prediction.power[i], ",", reference.power[i], "\n");
  }
  const double reference_hz = mean_rate(result, &WindowScore::hr_reference_bpm) / 60;
  const double prediction_bpm = mean_rate(result, &WindowScore::hr_predicted_bpm);

  const std::string name = concat(prefix, ".spectrum-", example.role);
  Plot plot(name, {300, 220, 34, 12}, {"frequency (Hz)", {0, highest_hz}, {}, 4},
            {"power (of maximum)", {0, 1.08}, {}, 3});
  for (const double centre : {reference_hz, 2 * reference_hz}) {
    plot.box({centre - protocol.snr.half_width_hz, centre + protocol.snr.half_width_hz}, {0, 1.08},
             palette::sky, 0.35);
  }
  for (const double limit : {band.low_hz, band.high_hz}) {
    plot.vertical(limit, {palette::grey, 1, "3 3"});
  }
  plot.line(frequencies, reference.power, {reference_colour, 1.4, "5 3"});
  plot.line(frequencies, prediction.power, {prediction_colour, 1.6, ""});
  plot.legend(legend);
  const std::string caption =
      concat("Spectra of the same recording (Hann periodogram). Shaded: reference rate ",
             format_fixed(60 * reference_hz, 1), " bpm and its second harmonic \u00B1",
             protocol.snr.half_width_hz, " Hz; dotted: band ", band.low_hz, "\u2013", band.high_hz,
             " Hz. Predicted ", format_fixed(prediction_bpm, 1), " bpm, resolution ",
             format_fixed(result.score.hr_resolution_bpm, 2), " bpm.");
  return {name, "Spectra", caption, plot.finish(concat("Spectra, ", title_of(example)), caption),
          csv};
}

struct Choice {
  std::string role;
  const RunRecording* recording;
};

/// Best, lower median, worst; without repetition for fewer than three recordings.
std::vector<Choice> choose(const Run& run) {
  std::vector<const RunRecording*> sorted;
  for (const RunRecording& recording : run.recordings) {
    if (!std::isnan(recording.absolute_error_bpm())) sorted.push_back(&recording);
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const RunRecording* a, const RunRecording* b) {
    const double error_a = a->absolute_error_bpm();
    const double error_b = b->absolute_error_bpm();
    return error_a != error_b ? error_a < error_b : a->id < b->id;
  });
  if (sorted.size() == 1) return {{"only", sorted.front()}};
  std::vector<Choice> choices;
  if (!sorted.empty()) choices.push_back({"best", sorted.front()});
  if (sorted.size() > 2) choices.push_back({"median", sorted[(sorted.size() - 1) / 2]});
  if (!sorted.empty()) choices.push_back({"worst", sorted.back()});
  return choices;
}

}  // namespace

std::vector<Example> example_figures(const Run& run, std::string_view prefix) {
  std::vector<Example> examples;
  for (const Choice& choice : choose(run)) {
    const RecordingResult result = read_waveforms(run, choice.recording->id);
    Example example{
        choice.role, choice.recording->id, choice.recording->absolute_error_bpm(), {}, {}};
    example.waveform = waveform_figure(example, result, prefix);
    example.spectrum = spectrum_figure(example, result, run.protocol(), prefix);
    examples.push_back(std::move(example));
  }
  return examples;
}

}  // namespace rppg::results
