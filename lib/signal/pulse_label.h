/// Contact-PPG labels as LQ-rPPG prepares them before they are quantised, and reads their rate.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "signal/filter.h"
#include "signal/waveform.h"

namespace rppg::signal {

/// The pulse band of labels, as LQ-rPPG has it.
inline constexpr Band label_band{0.75, 2.5};

/// Label clips of one length at one rate.
struct LabelClips {
  double rate_hz = 30;
  std::vector<std::vector<double>> raw;       ///< as read
  std::vector<std::vector<double>> prepared;  ///< prepare_label() of them
  /// Clean pulse of synthetic labels, prepared in the same way; empty where it is not known.
  std::vector<std::vector<double>> clean;
};

/// Makes clips of labels at one rate ready to be quantised: band-passed (zero-phase Butterworth of
/// order 1), then (y - mean) / s with the unbiased standard deviation.
class LabelPreparation {
 public:
  explicit LabelPreparation(double rate_hz);

  /// Numbers of room for so many samples.
  std::size_t room(std::size_t samples) const { return filter_.room(samples); }
  /// In place; allocates nothing. False, and zeros, for a clip that holds no wave (a constant, or
  /// less than a millionth of one in the band). Throws as filtfilt() does for clips too short.
  bool operator()(std::span<double> clip, std::span<double> room) const;

 private:
  ZeroPhaseFilter filter_;
};

/// (y - mean) / s with the unbiased standard deviation, in place; false, and zeros, for a constant.
bool standardize_label(std::span<double> clip);

/// The same for a single clip; empty for one that holds no wave.
std::vector<double> prepare_label(std::span<const double> clip, double rate_hz);

/// Heart rate of a clip as LQ-rPPG reads it: detrended with lambda = 100, band-passed unless it has
/// been, largest bin of a Welch spectrum. NaN where there is none.
double label_rate_bpm(std::span<const double> clip, double rate_hz, bool band_passed);

}  // namespace rppg::signal
