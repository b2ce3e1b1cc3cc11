/// Video frames and contact PPG on one even time grid.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "data/frame_times.h"
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
  double max_gap_s = 2.0;      ///< that stamps may leave open or go back; more is refused
  double max_mismatch = 0.05;  ///< of frame count against stamp or label count, as a share
};

/// Trace and reference on the grid t_k = start_s + k / rate_hz.
struct Aligned {
  RgbTrace trace;
  Waveform reference;  ///< empty without labels
  double start_s = 0;  ///< of the grid, on the clock of the frames (first frame of the video = 0)
  /// The frames that the grid rests on, as they are: networks see these, not interpolated ones.
  std::size_t first_frame = 0;       ///< of the video
  std::vector<double> frame_time_s;  ///< rising, from the last frame before the grid to the first
                                     ///< after it
  std::vector<double> frame_label;   ///< label at these times; empty without labels
  FrameTiming timing;
  ClockReport clocks;  ///< meaningful with labels only
};

/// Throws Error(malformed) naming the label file: fewer than two samples, samples or times that are
/// not finite, constant samples.
void require_usable(const Labels& labels, const Recording& recording);

/// Puts the mean colours of the frames (T) and the labels (may be null) on one grid.
///
/// timestamps: frame times are labels->frame_time_s where given, else video_time_s; stamps that do
/// not rise are placed anew (rising()); the grid runs at the mean frame rate over the
/// span that both cover; frames and labels are interpolated linearly. index: grid = frames at the
/// nominal rate; labels per frame are cut to the shorter length, others are resampled over their
/// index. Runs of NaN colours at the ends are cut off, inner ones interpolated.
/// Throws Error(malformed) naming the video or label file of `recording`: a gap or a mismatch above
/// the limits, labels that are not finite or constant, spans that do not overlap.
Aligned align(const Recording& recording, std::span<const double> video_time_s,
              std::span<const std::array<double, 3>> mean_rgb, double nominal_rate_hz,
              const Labels* labels, const AlignmentOptions& options);

/// Cuts what stands one to one on frames (Alignment::index) behind the last whole clip and
/// standardises the reference in each clip. Less than a clip stays as it is.
void keep_whole_clips(Aligned& aligned, std::size_t clip_frames);

}  // namespace rppg::data
