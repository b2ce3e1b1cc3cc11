/// Power spectral densities.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "signal/waveform.h"

namespace rppg::signal {

/// One-sided power spectral density: bin k stands for frequency k * bin_hz.
struct Spectrum {
  std::vector<double> power;
  double bin_hz = 0;

  double frequency(std::size_t bin) const { return static_cast<double>(bin) * bin_hz; }
};

enum class Window { rectangular, hann_periodic, hann_symmetric };

std::vector<double> window(Window kind, std::size_t length);
/// The same into memory of the caller.
void fill_window(Window kind, std::span<double> weights);

/// Periodogram as scipy.signal.periodogram(scaling="density", detrend=False), zero padded to
/// nfft >= size points. Throws Error(malformed) without samples.
Spectrum periodogram(const Waveform& signal, std::size_t nfft, Window kind = Window::rectangular);

/// Welch's averaged periodogram as scipy.signal.welch: periodic Hann segments, the mean of each
/// removed, zero padded to nfft points.
Spectrum welch(const Waveform& signal, std::size_t segment, std::size_t overlap, std::size_t nfft);

}  // namespace rppg::signal
