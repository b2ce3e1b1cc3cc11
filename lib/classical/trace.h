/// What the methods ask of a colour trace, and the windows that POS and CHROM cut out of it.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "signal/waveform.h"

namespace rppg::classical {

/// Throws Error(malformed) naming the method when the trace has fewer frames or a colour that is
/// not finite.
void require_trace(const RgbTrace& trace, std::size_t frames, const char* method);

/// Mean of a colour that is going to be divided by it. Throws Error(malformed) naming the method
/// when the colour is black.
double nonzero_mean(std::span<const double> color, const char* method);

/// A colour that varies by less than this share of its mean is constant: what is left is rounding.
inline constexpr double constant_below = 1e-9;

/// Frames of the 1.6 s window that POS and CHROM work in.
std::size_t window_length(double rate_hz);

/// The colours of `length` frames from `start` on, each divided by its mean over them. Throws as
/// nonzero_mean().
std::array<std::vector<double>, 3> normalized_window(const RgbTrace& trace, std::size_t start,
                                                     std::size_t length, const char* method);

}  // namespace rppg::classical
