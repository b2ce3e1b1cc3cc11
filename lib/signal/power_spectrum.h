/// Power of windowed signals at chosen frequencies, and its derivative: what spectral losses need.
///
/// Nothing here allocates but the constructor of PowerSpectrum.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "signal/fft.h"
#include "signal/spectrum.h"
#include "signal/waveform.h"

namespace rppg::signal {

/// first, first + step, ...: cycles per sample.
struct FrequencyGrid {
  double first = 0;
  double step = 0;
  std::size_t count = 0;
};

/// The bins of a transform of `points` samples that lie in the band, ends included (to 1e-9 Hz).
FrequencyGrid bins_in_band(Band band, double rate_hz, std::size_t points);

/// How a signal is looked at in some frequencies.
struct BandAnalysis {
  std::span<const double> window;  ///< a weight for each sample
  FrequencyGrid frequencies;
  bool centered = false;  ///< the mean of the samples is taken away before the window
  double epsilon = 0;     ///< added to the sum of powers that shares refer to
};

/// A signal's power at each frequency f_k as a share of all of them,
///   X_k = sum_n w_n (x_n - mean) exp(-2 pi i f_k n),  p_k = |X_k|^2 / (sum_j |X_j|^2 + epsilon),
/// in memory of the caller: one element per frequency.
struct PowerShares {
  std::span<Complex> spectrum;  ///< X
  std::span<double> shares;     ///< p; all zero for a signal without power
  double divisor = 0;           ///< sum_j |X_j|^2 + epsilon
};

/// Fills `result` from the samples x. O(samples * frequencies), exact to about 1e-13.
void analyze(std::span<const double> x, const BandAnalysis& analysis, PowerShares& result);

/// gradient[n] = dL/dx_n from d_shares[k] = dL/dp_k, which is overwritten. Zero without power.
void shares_gradient(const PowerShares& analyzed, std::span<double> d_shares,
                     const BandAnalysis& analysis, std::span<double> gradient);

/// Powers |X_k|^2 of all bins k = 0 .. points / 2 of signals of one length, centred, windowed and
/// padded with zeros, by the fast Fourier transform. Calls may run at once on several threads.
class PowerSpectrum {
 public:
  /// Throws std::logic_error unless 0 < length <= points and `points` has no prime factor above 5.
  PowerSpectrum(std::size_t length, std::size_t points, Window window = Window::hann_symmetric);

  std::size_t length() const { return weights_.size(); }
  std::size_t bins() const { return transform_.length() / 2 + 1; }
  /// Numbers of scratch that a call wants.
  std::size_t scratch_size() const { return 2 * transform_.length(); }

  /// spectrum, power: bins() numbers each, written; the spectrum is what gradient() needs.
  void power(std::span<const double> x, std::span<Complex> spectrum, std::span<double> power,
             std::span<Complex> scratch) const;
  /// gradient[n] = dL/dx_n from d_power[k] = dL/d|X_k|^2.
  void gradient(std::span<const Complex> spectrum, std::span<const double> d_power,
                std::span<double> gradient, std::span<Complex> scratch) const;

 private:
  FourierTransform transform_;
  std::vector<double> weights_;
};

}  // namespace rppg::signal
