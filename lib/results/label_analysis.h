/// What quantising or smoothing labels kept of them and lost.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "signal/pulse_label.h"

namespace rppg::results {

/// Mean and spread of one quantity.
struct Distribution {
  double mean = 0;
  double sd = 0;  ///< population
  double q25 = 0;
  double median = 0;
  double q75 = 0;
};
/// Of the finite values; all NaN without one.
Distribution distribution_of(std::vector<double> values);

/// Method name of trained quantisers.
inline constexpr const char* learned_method = "learned";

/// Labels after one way to make them coarser or smoother.
struct TreatedLabels {
  std::string method;  ///< learned_method, "uniform", ...
  int bits = 0;        ///< per sample; 0: not limited
  std::vector<std::vector<double>> clips;
  std::vector<std::int32_t> tokens;  ///< of all clips, where there are any
  /// The same treatment of the clean pulse; empty where nobody knows it.
  std::vector<std::vector<double>> clean;
};

struct LabelAnalysis {
  std::string method;
  int bits = 0;
  double entropy_bits = 0;  ///< of the tokens, per sample
  int used_codes = 0;
  int codes = 0;  ///< 0: no tokens

  double hr_mae_bpm = 0;       ///< between the rates of raw and treated clips
  double hr_within_1 = 0;      ///< share of clips whose rates differ by less than 1 bpm
  double mse = 0;              ///< to the prepared clips
  Distribution morphology;     ///< Pearson correlation with the prepared clip
  Distribution snr_db;         ///< around the rate of the raw clip
  Distribution peak_to_peak;   ///< from each trough to the next peak, in SD of the prepared clip
  double peak_to_peak_cv = 0;  ///< sd / mean

  std::vector<double> spectrum;   ///< mean share of power per bin of spectrum_bin_hz
  std::vector<double> histogram;  ///< share of samples per cell, see histogram_low and cell

  // Where the clean pulse is known. Signal to noise in dB is 10 lg(r^2 / (1 - r^2)), r the
  // correlation with the clean pulse, over all clips.
  bool clean_known = false;
  double clean_snr_db = 0;         ///< of the treated clips
  double clean_snr_before_db = 0;  ///< of the prepared ones
  double clean_hr_mae_bpm = 0;     ///< to the rate of the clean pulse
  /// Share of the clean pulse's power that its own treatment does not keep: 1 - r^2.
  double pulse_lost = 0;
};

inline constexpr double histogram_low = -4;
inline constexpr double histogram_cell = 0.125;
inline constexpr std::size_t histogram_cells = 64;
/// Bins of LabelAnalysis::spectrum, up to 8 Hz or the half of the rate.
double spectrum_bin_hz(double rate_hz);

/// Clips of `labels` and `treated` belong together by their place.
LabelAnalysis analyze(const signal::LabelClips& labels, const TreatedLabels& treated);

}  // namespace rppg::results
