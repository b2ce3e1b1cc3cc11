/// Video frames and contact PPG on one even time grid.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "data/recording.h"
#include "signal/waveform.h"

namespace rppg::data {

enum class Alignment {
  timestamps,  ///< by the clocks of frames and samples, at the measured frame rate
  index,       ///< frame i and sample i, at the nominal rate (reference pipeline)
};

std::string_view name(Alignment alignment);

struct AlignmentOptions {
  Alignment alignment = Alignment::timestamps;
  double max_gap_s = 2.0;      ///< between frames; a longer one is refused
  double max_mismatch = 0.05;  ///< of frame count against stamp or label count, as a share
};

/// How evenly the frames come.
struct FrameTiming {
  double nominal_rate_hz = 0;  ///< as container or layout state it
  double mean_rate_hz = 0;
  double min_interval_s = 0;
  double max_interval_s = 0;
  std::int64_t repeated = 0;  ///< frames whose stamp does not rise; they are spread evenly
  std::int64_t gaps = 0;      ///< intervals above 1.5 times the median
};

/// How the clock of the labels lies to that of the frames.
struct ClockReport {
  double label_rate_hz = 0;   ///< measured
  double start_offset_s = 0;  ///< first label minus first frame
  double end_offset_s = 0;    ///< last label minus last frame
};

/// Trace and reference on the grid t_k = start_s + k / rate_hz.
struct Aligned {
  RgbTrace trace;
  Waveform reference;  ///< empty without labels
  double start_s = 0;  ///< of the grid, on the clock of the frames (first frame of the video = 0)
  FrameTiming timing;
  ClockReport clocks;  ///< meaningful with labels only
};

/// Puts the mean colours of the frames (T) and the labels (may be null) on one grid.
///
/// timestamps: frame times are labels->frame_time_s where given, else video_time_s; stamps that do
/// not rise are spread evenly between those that do; the grid runs at the mean frame rate over the
/// span that both cover; frames and labels are interpolated linearly. index: grid = frames at the
/// nominal rate; labels per frame are cut to the shorter length, others are resampled over their
/// index. Runs of NaN colours at the ends are cut off, inner ones interpolated.
/// Throws Error(malformed) naming the video or label file of `recording`: a gap or a mismatch above
/// the limits, labels that are not finite or constant, spans that do not overlap.
Aligned align(const Recording& recording, std::span<const double> video_time_s,
              std::span<const std::array<double, 3>> mean_rgb, double nominal_rate_hz,
              const Labels* labels, const AlignmentOptions& options);

}  // namespace rppg::data
