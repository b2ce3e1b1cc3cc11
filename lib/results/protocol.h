/// Evaluation protocols: everything that turns two waveforms into numbers, by name.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "signal/heart_rate.h"
#include "signal/quality.h"
#include "signal/waveform.h"

namespace rppg::results {

/// What stands behind the +- of an RMSE over n windows with errors e (std: population).
enum class RmseError {
  delta_method,  ///< std(e^2) / (2 RMSE sqrt n), to first order the standard error of the RMSE
  root,          ///< sqrt(std(e^2) / sqrt n), as rPPG-Toolbox prints since 2024
  square,        ///< std(e^2) / sqrt n, the error of the mean square, as earlier logs and LQ-rPPG
};
std::string_view name(RmseError error);

/// A named set of parameters; docs/methods.md, "Protocols", has them side by side.
///
/// The values here are those of the protocol `default`. Its band (39-210 bpm) covers hearts at rest
/// and after exercise, where narrower ones cut off the rate and report a harmonic or noise instead;
/// order 2 keeps respiration and flicker out of so wide a band; the interpolated peak has no
/// quantisation error (a bin of the unpadded FFT is 3.5 bpm wide for 10 s); every +- is a standard
/// error. The other protocols restate published pipelines, quirks included.
struct Protocol {
  std::string name;
  signal::HeartRateEstimator estimator = signal::HeartRateEstimator::fft_interpolated;
  Band band{0.65, 3.5};  ///< of the filter, of the peak search and of the SNR
  int filter_order = 2;  ///< Butterworth, zero phase
  double detrend_lambda = 100;
  double window_seconds = 0;    ///< 0 = whole recording; else consecutive windows
  bool keep_remainder = false;  ///< the last, shorter window counts in full
  signal::SnrDefinition snr;
  bool full_macc = true;             ///< all circular lags
  bool float32_running_sum = false;  ///< of differenced signals, as the reference pipeline
  RmseError rmse_error = RmseError::delta_method;
  bool index_alignment = false;  ///< frames and labels by index at the nominal rate
  bool reference_crops = false;  ///< face box of rPPG-Toolbox, and its 72 x 72 crops
  /// Recordings end with the last whole clip of a network, and the reference is standardised clip
  /// by clip (LQ-rPPG).
  bool whole_clips = false;
};

/// toolbox, toolbox-2023, lq-rppg, view-distillation, default.
std::span<const Protocol> protocols();

/// Throws Error(usage), with the nearest name, when there is none of that name.
const Protocol& find_protocol(std::string_view name);

/// One line for captions: band, filter, window, estimator, SNR definition.
std::string describe(const Protocol& protocol);

/// SHA-256 of all parameters (not of the name), first 12 hexadecimal digits.
std::string protocol_hash(const Protocol& protocol);

}  // namespace rppg::results
