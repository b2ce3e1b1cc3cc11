/// Heart rate of a (filtered) pulse waveform.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "signal/spectrum.h"
#include "signal/waveform.h"

namespace rppg::signal {

/// How the rate is read off a waveform.
enum class HeartRateEstimator {
  fft,               ///< largest bin of a periodogram padded to the next power of two
  fft_interpolated,  ///< Hann periodogram, bins of at most 0.1 bpm, parabola through the peak
  hann_padded,  ///< largest bin of a Hann periodogram of max(4096, next power of two of 4 n) points
  welch,        ///< LQ-rPPG: Welch, bins of fs / int(1e5 / fs), band ends excluded
  peaks,        ///< mean distance of successive local maxima
};

std::string_view name(HeartRateEstimator estimator);

/// Throws Error(usage) when there is none of that name.
HeartRateEstimator find_estimator(std::string_view name);

/// Heart rate in beats per minute; NaN when there is none (fewer than four samples or
/// two peaks, no power in the band, a sample that is not finite).
double heart_rate_bpm(const Waveform& filtered, HeartRateEstimator estimator, Band band);

/// Width of one frequency bin of the estimator for a signal of this length, in bpm; 0 for `peaks`.
double resolution_bpm(HeartRateEstimator estimator, std::size_t samples, double rate_hz);

/// Indices of all strict local maxima; of a plateau the middle (rounded down); never an edge.
std::vector<std::size_t> find_peaks(std::span<const double> samples);

}  // namespace rppg::signal
