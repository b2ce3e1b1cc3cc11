/// How good a waveform is: signal-to-noise ratio, agreement with a reference, signal quality.
#pragma once

#include <cstddef>
#include <span>

#include "signal/waveform.h"

namespace rppg::signal {

struct SnrDefinition {
  double half_width_hz = 0.1;  ///< around the heart rate and its second harmonic
  double factor = 10;          ///< factor * log10(ratio): 10, or 20 as LQ-rPPG has it
};

/// Power within half_width of the reference rate and of twice it (not limited to the band), over
/// the remaining power in the band, in dB, from the periodogram padded to the next power of two.
/// 0 when there is no noise power (as in the reference pipeline), minus infinity when no bin lies
/// near the rate; NaN when the rate or a sample is.
double snr_db(const Waveform& filtered, double reference_bpm, Band band,
              SnrDefinition definition = {});

/// Largest |Pearson r| over circular lags (MACC). full = false leaves out lag n-1, as the
/// reference pipeline does. O(n log n). NaN when either side is constant.
double macc(std::span<const double> prediction, std::span<const double> reference, bool full);

/// Pearson correlation; NaN when either side is constant or shorter than 2.
double pearson(std::span<const double> x, std::span<const double> y);

/// Lag in seconds (within max_lag) by which `prediction` runs behind `reference` at the largest
/// cross-correlation. NaN when either side is constant or shorter than 2.
double lag_seconds(const Waveform& prediction, const Waveform& reference, double max_lag_seconds);

/// Signal quality of a waveform without a reference; every part is in [0, 1].
struct Quality {
  double concentration =
      0;  ///< power within 0.15 Hz of the peak and of its harmonic, over the band's
  double periodicity = 0;  ///< autocorrelation at the beat interval
  double stability = 0;    ///< share of sub-windows whose rate is within 9 bpm of the median
  double index = 0;        ///< geometric mean of the three
};

/// Judges a band-passed waveform. All zeros for a constant or a waveform shorter than 4 s.
Quality quality(const Waveform& filtered, Band band);

/// Below this index a waveform holds no pulse that could be told from noise. Of band-passed white
/// and pink noise of 8 to 60 s at least 95 % of draws stay below it; of pulses of twice that
/// noise's power at least 95 % stay above it (tests/unit/signal/quality_test.cpp measures both).
/// Of 400 other draws each, at least 97.5 % of noise stayed below and 98.5 % of such pulses above.
/// Where the powers are equal, the distributions overlap: 67 % (8 s, pink) to 93 % (60 s, white) of
/// pulses stay above, the rest is called noise.
inline constexpr double pulse_threshold = 0.62;

}  // namespace rppg::signal
