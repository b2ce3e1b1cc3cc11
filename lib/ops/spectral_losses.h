/// Distances of waveforms in frequency, and power spectra. Losses are one number (shape ()); the
/// arithmetic is in double precision.
#pragma once

#include <cstddef>
#include <iterator>
#include <span>

#include "signal/power_spectrum.h"
#include "tensor/tensor.h"

namespace rppg::ops {

/// Sampling rates of the clips of a batch: one for all of them, or one each.
class SampleRates {
 public:
  SampleRates(double all) : all_(all) {}  // NOLINT(google-explicit-constructor): a rate is enough
  SampleRates(std::span<const double> each)  // NOLINT(google-explicit-constructor): alike
      : each_(each) {}

  double of(Index clip) const {
    return each_.empty() ? all_ : each_[static_cast<std::size_t>(clip)];
  }
  bool fit(Index clips) const { return each_.empty() || std::ssize(each_) == clips; }

 private:
  double all_ = 0;
  std::span<const double> each_;
};

/// Mean over clips of the cross entropy of x's power at 45 .. 149 bpm and the target's strongest
/// rate (signal/spectral_distance.h), symmetric Hann window. x and target (B, T); the target is
/// constant.
Tensor rate_cross_entropy(Tensor x, Tensor target, const SampleRates& rates_hz);

/// LQ-rPPG's waveform loss: 0.2 negative_pearson (epsilon 1e-8) + rate_cross_entropy.
Tensor hybrid_loss(Tensor x, Tensor target, const SampleRates& rates_hz);

/// How power spectra are compared.
struct DivergenceOptions {
  Band band = {0.5, 3.0};
  std::size_t points = 0;  ///< of the transform, zero padded; 0: as many as samples
  signal::Window window = signal::Window::hann_symmetric;
  bool centered = true;   ///< without their means
  double epsilon = 1e-8;  ///< added to the power in the band before shares are taken
  double delta = 1e-8;    ///< added to the shares before their logarithm
};

/// Mean over clips of the Kullback-Leibler divergence of x's spectrum from the target's within the
/// band. x and target (B, T). Both get a gradient where they want one: wrap a teacher in
/// stop_gradient() (losses.h); exchange the two for the reverse direction.
/// Throws std::logic_error for fewer points than samples, or a band without a bin.
Tensor spectral_divergence(Tensor target, Tensor x, double rate_hz,
                           const DivergenceOptions& options = {});

/// |X_k|^2 of each clip. x (B, T) with T = spectrum.length() -> (B, spectrum.bins()). The spectrum
/// must outlive the tape.
Tensor power_spectrum(Tensor x, const signal::PowerSpectrum& spectrum);

}  // namespace rppg::ops
