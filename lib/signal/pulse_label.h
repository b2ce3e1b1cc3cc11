/// Contact-PPG labels as LQ-rPPG prepares them before they are quantised, and reads their rate.
#pragma once

#include <span>
#include <vector>

#include "signal/waveform.h"

namespace rppg::signal {

/// The pulse band of labels, as LQ-rPPG has it.
inline constexpr Band label_band{0.75, 2.5};

/// A clip of a label, ready to be quantised: band-passed (zero-phase Butterworth of order 1), then
/// (y - mean) / s with the unbiased standard deviation. Empty for a clip that holds no wave (a
/// constant, or less than a millionth of one).
std::vector<double> prepare_label(std::span<const double> clip, double rate_hz);

/// Heart rate of a clip as LQ-rPPG reads it: detrended with lambda = 100, band-passed unless it has
/// been, largest bin of a Welch spectrum. NaN where there is none.
double label_rate_bpm(std::span<const double> clip, double rate_hz, bool band_passed);

}  // namespace rppg::signal
