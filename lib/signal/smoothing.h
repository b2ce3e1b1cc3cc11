/// Simple ways to take noise from a waveform, to compare learned ones with.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace rppg::signal {

/// Mean over the `width` samples around each one (width odd, else std::logic_error); at the ends,
/// over those there are.
std::vector<double> moving_average(std::span<const double> samples, std::size_t width);

/// Wavelet shrinkage (Donoho, IEEE Trans. Inf. Theory 41:613, 1995): Daubechies wavelets with four
/// vanishing moments on the signal continued by its mirror image, at most `levels` octaves; detail
/// coefficients are moved towards zero by sigma sqrt(2 ln n), with sigma = median |finest details|
/// / 0.6745. Signals too short for one octave (below 16 samples) stay as they are.
std::vector<double> shrink_wavelets(std::span<const double> samples, int levels);

}  // namespace rppg::signal
