/// One recording: prediction and reference waveform -> filtered signals, heart rates, SNR, MACC.
#pragma once

#include <vector>

#include "results/protocol.h"
#include "signal/waveform.h"

namespace rppg::results {

/// Numbers of one window; NaN where undefined.
struct WindowScore {
  double start_s = 0;
  double seconds = 0;
  double hr_reference_bpm = 0;
  double hr_predicted_bpm = 0;
  double snr_db = 0;
  double macc = 0;
};

struct Score {
  std::vector<double> prediction_filtered;  ///< over the whole recording, for display
  std::vector<double> reference_filtered;
  std::vector<WindowScore> windows;
  double hr_resolution_bpm = 0;  ///< bin width of the shortest window
  double lag_s = 0;              ///< prediction behind reference (at most 2 s) at the largest
                                 ///< cross-correlation; NaN without a reference
  double drift_s_per_min = 0;    ///< change of that lag from the first to the last third; NaN below
                                 ///< 30 s
};

/// Scores a prediction against a reference of the same rate.
///
/// The longer one is cut to the shorter. differenced: both are first differences and are summed up
/// first (DiffNormalized labels). Each window is detrended and filtered on its own.
/// Throws Error(malformed) when the recording is shorter than the filter needs or a sample is not
/// finite, std::logic_error when the rates differ.
Score score(const Waveform& prediction, const Waveform& reference, const Protocol& protocol,
            bool differenced = false);

/// The same without a reference: hr_reference_bpm, snr_db and macc are NaN.
Score score(const Waveform& prediction, const Protocol& protocol);

/// Start index and length of a window in samples.
struct WindowRange {
  std::size_t start = 0;
  std::size_t length = 0;
};

/// The windows that count: consecutive, none shorter than the filter needs. A recording shorter
/// than one window is one window; else the shorter last one counts only with keep_remainder.
std::vector<WindowRange> window_ranges(std::size_t samples, double rate_hz,
                                       const Protocol& protocol);

}  // namespace rppg::results
