// Compares the mean colours of faces in recordings: noise, drift and pulse, quartiles side by side.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/text.h"
#include "classical/methods.h"
#include "signal/filter.h"
#include "signal/heart_rate.h"
#include "signal/spectrum.h"
#include "tests/bench/summary_table.h"
#include "video/clip.h"

namespace rppg {
namespace {

constexpr double piece_s = 10;
constexpr Band pulse_band{0.7, 4};

/// Ten seconds of a recording, colours as deviations from their mean, relative to it.
struct Piece {
  RgbTrace trace;
  std::vector<double> level;  ///< means of R, G, B, code values
  Waveform pulse;             ///< of POS, in the pulse band, unit variance
};

Waveform channel(const Piece& piece, std::size_t c) {
  return {piece.trace.channels[c], piece.trace.rate_hz};
}

std::vector<double> in_pulse_band(std::vector<double> samples, double rate_hz) {
  return signal::filtfilt(signal::butterworth_bandpass(2, pulse_band, rate_hz), samples);
}

Piece measure(const RgbTrace& trace, std::size_t first, std::size_t length) {
  Piece piece{{{}, trace.rate_hz}, {}, {}};
  RgbTrace colours{{}, trace.rate_hz};
  for (std::size_t c = 0; c < 3; ++c) {
    const auto begin = trace.channels[c].begin() + static_cast<std::ptrdiff_t>(first);
    colours.channels[c].assign(begin, begin + static_cast<std::ptrdiff_t>(length));
    const double level = signal::mean(colours.channels[c]);
    piece.level.push_back(level);
    for (const double x : colours.channels[c]) piece.trace.channels[c].push_back(x / level - 1);
  }
  piece.pulse = {signal::standardize(in_pulse_band(classical::pos(colours), trace.rate_hz)),
                 trace.rate_hz};
  return piece;
}

void append_pieces(const RgbTrace& trace, std::vector<Piece>& pieces) {
  const auto length = static_cast<std::size_t>(piece_s * trace.rate_hz);
  for (std::size_t first = 0; first + length <= trace.size(); first += length) {
    pieces.push_back(measure(trace, first, length));
  }
}

// --- Statistics; `c` counts R, G, B
// ---------------------------------------------------------------

double rate_bpm(const Piece& piece) {
  return signal::heart_rate_bpm(piece.pulse, signal::HeartRateEstimator::fft_interpolated,
                                pulse_band);
}

/// Amplitude of the sine that has the power of what moves with the pulse, percent.
double pulse_amplitude(const Piece& piece, std::size_t c) {
  const auto x = in_pulse_band(piece.trace.channels[c], piece.trace.rate_hz);
  double product = 0;
  for (std::size_t i = 0; i < x.size(); ++i) product += x[i] * piece.pulse.samples[i];
  return 100 * std::sqrt(2.0) * std::abs(product) / static_cast<double>(x.size());
}

/// Share of a channel of the amplitudes' root sum of squares.
double pulse_colour(const Piece& piece, std::size_t c) {
  double squares = 0;
  for (std::size_t k = 0; k < 3; ++k) squares += std::pow(pulse_amplitude(piece, k), 2);
  return pulse_amplitude(piece, c) / std::sqrt(squares);
}

signal::Spectrum spectrum(const Piece& piece, std::size_t c) {
  return signal::periodogram(channel(piece, c), piece.trace.size(), signal::Window::hann_periodic);
}

/// Standard deviation of what lies within the band, percent.
double deviation(const Piece& piece, std::size_t c, Band band) {
  const signal::Spectrum density = spectrum(piece, c);
  double power = 0;
  for (std::size_t k = 1; k < density.power.size(); ++k) {
    if (band.contains(density.frequency(k))) power += density.power[k] * density.bin_hz;
  }
  return 100 * std::sqrt(power);
}

/// Above 5 Hz: amplitude density, percent per root of Hz.
double noise_floor(const Piece& piece, std::size_t c) {
  const Band band{5, piece.trace.rate_hz / 2};
  return deviation(piece, c, band) / std::sqrt(band.high_hz - band.low_hz);
}

/// Of the power below the pulse: the exponent of frequency.
double drift_slope(const Piece& piece, std::size_t c) {
  const signal::Spectrum density = spectrum(piece, c);
  std::vector<double> x, y;
  for (std::size_t k = 1; k < density.power.size() && density.frequency(k) <= 0.65; ++k) {
    x.push_back(std::log(density.frequency(k)));
    y.push_back(std::log(density.power[k]));
  }
  const double mean_x = signal::mean(x), mean_y = signal::mean(y);
  double xy = 0, xx = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - mean_x) * (y[i] - mean_y);
    xx += (x[i] - mean_x) * (x[i] - mean_x);
  }
  return xy / xx;
}

/// Of what varies below 0.5 Hz, the share that all channels do not have in common: colour.
double drift_colour(const Piece& piece) {
  Piece apart = piece;
  for (std::size_t i = 0; i < piece.trace.size(); ++i) {
    const auto& c = piece.trace.channels;
    const double common = (c[0][i] + c[1][i] + c[2][i]) / 3;
    for (auto& samples : apart.trace.channels) samples[i] -= common;
  }
  double own = 0, all = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    own += std::pow(deviation(apart, c, {0, 0.5}), 2);
    all += std::pow(deviation(piece, c, {0, 0.5}), 2);
  }
  return std::sqrt(own / all);
}

struct Statistic {
  const char* name;
  std::function<double(const Piece&)> of;
};

std::vector<Statistic> all_statistics() {
  std::vector<Statistic> all{{"rate of POS (bpm)", rate_bpm}};
  using PerChannel = double (*)(const Piece&, std::size_t);
  const auto per_channel = [&all](const std::array<const char*, 3>& names, PerChannel of) {
    for (std::size_t c = 0; c < 3; ++c) {
      all.push_back({names[c], [of, c](const Piece& piece) { return of(piece, c); }});
    }
  };
  per_channel({"level, R", "level, G", "level, B"},
              [](const Piece& piece, std::size_t c) { return piece.level[c]; });
  per_channel({"pulse, R (%)", "pulse, G (%)", "pulse, B (%)"}, pulse_amplitude);
  per_channel({"colour of the pulse, R", "colour of the pulse, G", "colour of the pulse, B"},
              pulse_colour);
  per_channel(
      {"noise above 5 Hz, R (%/√Hz)", "noise above 5 Hz, G (%/√Hz)", "noise above 5 Hz, B (%/√Hz)"},
      noise_floor);
  per_channel({"below 0.5 Hz, R (%)", "below 0.5 Hz, G (%)", "below 0.5 Hz, B (%)"},
              [](const Piece& piece, std::size_t c) {
                return deviation(piece, c, {0, 0.5});
              });
  all.push_back({"of that, not common to R, G, B", drift_colour});
  all.push_back({"slope of the power below 0.65 Hz, G",
                 [](const Piece& piece) { return drift_slope(piece, 1); }});
  all.push_back({"0.7-4 Hz beside the pulse, G (%)", [](const Piece& piece) {
                   const double whole = deviation(piece, 1, pulse_band);
                   const double pulse = pulse_amplitude(piece, 1) / std::sqrt(2.0);
                   return std::sqrt(std::max(0.0, whole * whole - pulse * pulse));
                 }});
  return all;
}

// --- Recordings
// -----------------------------------------------------------------------------------

/// Lines of R,G,B; frames of `rate_hz`.
RgbTrace read_table(const std::filesystem::path& file, double rate_hz) {
  std::ifstream in(file);
  if (!in) throw Error(Status::missing, file, "cannot open");
  RgbTrace trace{{}, rate_hz};
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const auto cells = split(line, ',');
    for (std::size_t c = 0; c < 3; ++c) {
      const auto value = c < cells.size() ? parse_double(trim(cells[c])) : std::nullopt;
      if (!value) throw Error(Status::malformed, file, concat("not R,G,B: ", line));
      trace.channels[c].push_back(*value);
    }
  }
  return trace;
}

/// Mean colour of the middle of the face, where there is little but skin.
RgbTrace read_video(const std::filesystem::path& file) {
  video::ClipOptions options;
  options.face.schedule = video::FaceSchedule::first_face;
  options.face.enlargement = 0.6;
  const video::Clip clip = video::read_clip({.file = file}, options);
  if (clip.mean_rgb.empty() || clip.face_coverage() == 0) {
    throw Error(Status::malformed, file, "no face");
  }
  const double span_s = clip.time_s.back() - clip.time_s.front();
  RgbTrace trace{{}, static_cast<double>(clip.time_s.size() - 1) / span_s};
  for (const auto& rgb : clip.mean_rgb) {
    for (std::size_t c = 0; c < 3; ++c) trace.channels[c].push_back(rgb[c]);
  }
  return trace;
}

std::vector<std::filesystem::path> videos_below(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const auto suffix = entry.path().extension();
    if (suffix == ".avi" || suffix == ".mp4" || suffix == ".mkv") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// FILE.csv@RATE, a video, or a folder of videos.
std::vector<Piece> read(const std::string& what) {
  std::vector<Piece> pieces;
  const std::size_t at = what.rfind('@');
  if (at != std::string::npos) {
    const auto rate_hz = parse_double(what.substr(at + 1));
    if (!rate_hz) throw Error(Status::usage, concat(what, ": no frame rate after @"));
    append_pieces(read_table(what.substr(0, at), *rate_hz), pieces);
  } else if (std::filesystem::is_directory(what)) {
    for (const auto& file : videos_below(what)) append_pieces(read_video(file), pieces);
  } else {
    append_pieces(read_video(what), pieces);
  }
  if (pieces.empty()) throw Error(Status::missing, what, "no ten seconds of video");
  return pieces;
}

void run(int argc, char** argv) {
  std::vector<std::vector<Piece>> sets;
  for (int i = 1; i < argc; ++i) sets.push_back(read(argv[i]));
  const std::span<const char* const> names(argv + 1, sets.size());
  bench::print_summaries(names, sets, all_statistics());
}

}  // namespace
}  // namespace rppg

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: bench_traces FILE.csv@RATE|VIDEO|FOLDER...\n");
    return 64;
  }
  try {
    rppg::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_traces: %s\n", error.what());
    return 1;
  }
  return 0;
}
