// Compares the labels of data sets in the layout of UBFC-rPPG: quartiles side by side.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "datasets/layouts.h"
#include "io/hdf5.h"
#include "signal/filter.h"
#include "signal/heart_rate.h"
#include "signal/quality.h"
#include "tests/bench/summary_table.h"

namespace rppg {
namespace {

constexpr double grid_hz = 120;
constexpr Band pulse_band{0.7, 8};
constexpr Band rate_band{0.7, 3.5};

/// One recording, ready to be measured.
struct Label {
  data::Labels raw;
  Waveform pulse;               ///< on an even grid, band-passed, unit variance
  std::vector<double> rr_s;     ///< from peak to peak
  std::vector<double> frame_s;  ///< distances of the stamps
  double rate_bpm = 0;
};

double rate_of(const Waveform& pulse) {
  return signal::heart_rate_bpm(pulse, signal::HeartRateEstimator::fft_interpolated, rate_band);
}

/// Times of the systolic peaks: the highest point within a third of a beat to either side.
std::vector<double> peak_times_s(const Waveform& pulse, double rate_bpm) {
  const auto reach = static_cast<std::ptrdiff_t>(grid_hz * 60 / rate_bpm / 2.2);
  const std::vector<double>& x = pulse.samples;
  std::vector<double> times;
  for (const std::size_t i : signal::find_peaks(x)) {
    const auto at = x.begin() + static_cast<std::ptrdiff_t>(i);
    const auto first = at - std::min(reach, at - x.begin());
    const auto last = at + std::min(reach, x.end() - at);
    if (*at < 0.3 || *std::max_element(first, last) > *at) continue;
    const double bend = x[i - 1] - 2 * x[i] + x[i + 1];
    const double offset = bend < 0 ? 0.5 * (x[i - 1] - x[i + 1]) / bend : 0;
    times.push_back((static_cast<double>(i) + offset) / grid_hz);
  }
  return times;
}

Label measure(data::Labels raw) {
  Label label;
  const std::vector<double>& t = raw.time_s;
  std::vector<double> grid, rising_t, values;
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (!rising_t.empty() && t[i] <= rising_t.back()) continue;
    rising_t.push_back(t[i]);
    values.push_back(raw.ppg[i]);
  }
  for (double at = t.front(); at <= t.back(); at += 1 / grid_hz) grid.push_back(at);
  const auto filter = signal::butterworth_bandpass(2, pulse_band, grid_hz);
  label.pulse = {
      signal::standardize(signal::filtfilt(filter, signal::interpolate(rising_t, values, grid))),
      grid_hz};
  label.rate_bpm = rate_of(label.pulse);
  const std::vector<double> peaks = peak_times_s(label.pulse, label.rate_bpm);
  for (std::size_t i = 1; i < peaks.size(); ++i) {
    const double rr_s = peaks[i] - peaks[i - 1];
    // Missed and extra peaks are no variability.
    if (std::abs(rr_s * label.rate_bpm / 60 - 1) < 0.3) label.rr_s.push_back(rr_s);
  }
  for (std::size_t i = 1; i < t.size(); ++i) label.frame_s.push_back(t[i] - t[i - 1]);
  label.raw = std::move(raw);
  return label;
}

double rmssd_ms(const Label& label) {
  double squares = 0;
  for (std::size_t i = 1; i < label.rr_s.size(); ++i) {
    squares += std::pow(label.rr_s[i] - label.rr_s[i - 1], 2);
  }
  return 1e3 * std::sqrt(squares / static_cast<double>(label.rr_s.size() - 1));
}

double skewness(const Label& label) {
  double cubes = 0;
  for (const double x : label.pulse.samples) cubes += x * x * x;
  return cubes / static_cast<double>(label.pulse.samples.size());
}

/// Power within 0.2 Hz of the rate and of its harmonics up to 8 Hz: regularity of the pulse. `from`
/// and `to` number the harmonics.
double concentration(const Label& label, int from, int to) {
  const signal::Spectrum spectrum =
      signal::periodogram(label.pulse, label.pulse.samples.size(), signal::Window::hann_periodic);
  double inside = 0, all = 0;
  for (std::size_t k = 0; k < spectrum.power.size(); ++k) {
    const double f = spectrum.frequency(k);
    if (!pulse_band.contains(f)) continue;
    all += spectrum.power[k];
    for (int h = from; h <= to; ++h) {
      if (std::abs(f - h * label.rate_bpm / 60) <= 0.2) {
        inside += spectrum.power[k];
        break;
      }
    }
  }
  return inside / all;
}

/// Power below the pulse, as a share of all: what wanders.
double slow_share(const Label& label) {
  std::vector<double> grid;
  const std::vector<double>& t = label.raw.time_s;
  for (double at = t.front(); at <= t.back(); at += 1 / grid_hz) grid.push_back(at);
  const Waveform wave{signal::standardize(signal::interpolate(t, label.raw.ppg, grid)), grid_hz};
  const signal::Spectrum spectrum =
      signal::periodogram(wave, wave.samples.size(), signal::Window::hann_periodic);
  double slow = 0, all = 0;
  for (std::size_t k = 1; k < spectrum.power.size(); ++k) {
    all += spectrum.power[k];
    if (spectrum.frequency(k) < 0.5) slow += spectrum.power[k];
  }
  return slow / all;
}

/// Median distance of neighbouring values, in standard deviations.
double step(const Label& label) {
  const std::set<double> values(label.raw.ppg.begin(), label.raw.ppg.end());
  std::vector<double> gaps;
  for (auto at = values.begin(); std::next(at) != values.end(); ++at) {
    gaps.push_back(*std::next(at) - *at);
  }
  std::sort(gaps.begin(), gaps.end());
  return gaps[gaps.size() / 2] / signal::standard_deviation(label.raw.ppg);
}

double distinct_share(const Label& label) {
  const std::set<double> values(label.raw.ppg.begin(), label.raw.ppg.end());
  return static_cast<double>(values.size()) / static_cast<double>(label.raw.ppg.size());
}

double flat_share(const Label& label) {
  double flat = 0;
  for (std::size_t i = 1; i < label.raw.ppg.size(); ++i) {
    flat += label.raw.ppg[i] == label.raw.ppg[i - 1];
  }
  return flat / static_cast<double>(label.raw.ppg.size());
}

/// Spread of the heights of beats, as a share of their mean: gain and respiration.
double height_spread(const Label& label) {
  const auto window = static_cast<std::size_t>(grid_hz * 60 / label.rate_bpm);
  std::vector<double> heights;
  for (std::size_t i = 0; i + window < label.pulse.samples.size(); i += window) {
    const auto first = label.pulse.samples.begin() + static_cast<std::ptrdiff_t>(i);
    const auto [low, high] =
        std::minmax_element(first, first + static_cast<std::ptrdiff_t>(window));
    heights.push_back(*high - *low);
  }
  return signal::standard_deviation(heights) / signal::mean(heights);
}

struct Statistic {
  const char* name;
  std::function<double(const Label&)> of;
};

const std::vector<Statistic> statistics{
    {"heart rate (bpm)", [](const Label& l) { return l.rate_bpm; }},
    {"SDNN (ms)", [](const Label& l) { return 1e3 * signal::standard_deviation(l.rr_s); }},
    {"RMSSD (ms)", rmssd_ms},
    {"power at rate", [](const Label& l) { return concentration(l, 1, 1); }},
    {"power at 2nd harmonic", [](const Label& l) { return concentration(l, 2, 2); }},
    {"power at harmonics 1-4", [](const Label& l) { return concentration(l, 1, 4); }},
    {"power below 0.5 Hz", slow_share},
    {"skewness", skewness},
    {"spread of heights", height_spread},
    {"step (SD)", step},
    {"distinct values", distinct_share},
    {"repeated values", flat_share},
    {"frame rate (Hz)", [](const Label& l) { return 1 / signal::mean(l.frame_s); }},
    {"SD of frame distance (ms)",
     [](const Label& l) { return 1e3 * signal::standard_deviation(l.frame_s); }},
    {"largest distance (ms)",
     [](const Label& l) { return 1e3 * *std::max_element(l.frame_s.begin(), l.frame_s.end()); }},
    {"repeated stamps",
     [](const Label& l) {
       return static_cast<double>(
           std::count_if(l.frame_s.begin(), l.frame_s.end(), [](double d) { return d <= 0; }));
     }},
};

/// Waveforms at an even rate, one group each, without stamps.
std::vector<Label> read_waveforms(const std::filesystem::path& file) {
  const io::Hdf5Reader reader(file);
  std::vector<Label> labels;
  for (const std::string& name : reader.list("/")) {
    data::Labels raw;
    raw.ppg = reader.doubles(concat("/", name, "/ppg_integrated"));
    const double rate_hz = reader.number_attribute(concat("/", name), "fs");
    for (std::size_t i = 0; i < raw.ppg.size(); ++i) {
      raw.time_s.push_back(static_cast<double>(i) / rate_hz);
    }
    labels.push_back(measure(std::move(raw)));
  }
  return labels;
}

std::vector<Label> read(const std::filesystem::path& root) {
  if (root.extension() == ".h5") return read_waveforms(root);
  std::vector<Label> labels;
  for (const auto& entry : std::filesystem::directory_iterator(root)) {
    data::Recording recording;
    recording.labels = entry.path() / "ground_truth.txt";
    if (!std::filesystem::exists(recording.labels)) continue;
    labels.push_back(measure(datasets::read_ubfc_rppg_labels(recording)));
  }
  if (labels.empty()) throw Error(Status::missing, root, "no subjectN/ground_truth.txt");
  return labels;
}

int run(int argc, char** argv) {
  std::vector<std::vector<Label>> sets;
  for (int i = 1; i < argc; ++i) sets.push_back(read(argv[i]));
  const std::span<const char* const> names(argv + 1, sets.size());
  bench::print_summaries(names, sets, statistics);
  return 0;
}

}  // namespace
}  // namespace rppg

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr,
                 "usage: bench_labels FOLDER|FILE.h5...\n  FOLDER: subjectN/ground_truth.txt\n"
                 "  FILE.h5: subjectN/ppg_integrated, attribute fs\n");
    return 64;
  }
  try {
    return rppg::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_labels: %s\n", error.what());
    return 1;
  }
}
