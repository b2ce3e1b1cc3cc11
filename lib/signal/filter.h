/// Detrending, Butterworth filters, resampling.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "signal/waveform.h"

namespace rppg::signal {

/// z - (I + lambda^2 D'D)^-1 z with D the second difference: smoothness-prior high-pass
/// (Tarvainen et al. 2002), solved as a pentadiagonal system in O(n). A constant and
/// n < 3 give zeros.
std::vector<double> detrend(std::span<const double> samples, double lambda);

/// Coefficients of a digital filter, b and a of equal length, a[0] = 1.
struct FilterCoefficients {
  std::vector<double> b;
  std::vector<double> a;
};

/// Butterworth band-pass of the given order (2 * order poles) by the bilinear transform, as
/// scipy.signal.butter(order, [low, high], btype="band", fs=rate).
/// Throws Error(usage) unless 0 < low < high < rate / 2.
FilterCoefficients butterworth_bandpass(int order, Band band, double rate_hz);

/// Zero-phase filtering: forward and backward with odd extension of 3 * max(len a, len b) samples
/// and steady-state initial conditions, as scipy.signal.filtfilt.
/// Throws Error(malformed) when there are not more samples than that extension.
std::vector<double> filtfilt(const FilterCoefficients& filter, std::span<const double> samples);

/// filtfilt() of many signals, in memory that the caller keeps.
class ZeroPhaseFilter {
 public:
  explicit ZeroPhaseFilter(FilterCoefficients filter);

  /// Numbers of room for so many samples.
  std::size_t room(std::size_t samples) const;
  /// In place; `room` is overwritten, nothing is allocated. Throws as filtfilt() does.
  void operator()(std::span<double> samples, std::span<double> room) const;

 private:
  FilterCoefficients filter_;
  std::vector<double> steady_state_;
  std::size_t padding_;
};

/// Linear interpolation of the points (times, values), times rising, at the given places; constant
/// beyond both ends. Throws Error(malformed) when there is no point.
std::vector<double> interpolate(std::span<const double> times, std::span<const double> values,
                                std::span<const double> at);

/// Linear interpolation over the index to `count` points; end points coincide. Throws
/// Error(malformed) when there is no sample.
std::vector<double> resample_index(std::span<const double> samples, std::size_t count);

/// (x - mean) / std with the population standard deviation; all zeros for a constant.
std::vector<double> standardize(std::span<const double> samples);

/// Running sum; in_float32 accumulates in single precision, as the reference pipeline does.
std::vector<double> cumulative_sum(std::span<const double> samples, bool in_float32 = false);

/// |analytic signal| (FFT Hilbert transform).
std::vector<double> envelope(std::span<const double> samples);

/// Exact for a constant; NaN without samples.
double mean(std::span<const double> samples);
/// Population standard deviation (divides by n): 0 for a constant, NaN without samples.
double standard_deviation(std::span<const double> samples);

}  // namespace rppg::signal
