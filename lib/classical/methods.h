/// The methods themselves; registry.cpp makes the table of them. Equations: docs/methods.md.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "signal/waveform.h"

namespace rppg::classical {

std::vector<double> pos(const RgbTrace& trace);
std::vector<double> chrom(const RgbTrace& trace);
std::vector<double> pbv(const RgbTrace& trace);
std::vector<double> green(const RgbTrace& trace);
std::vector<double> lgi(const RgbTrace& trace);
std::vector<double> ica(const RgbTrace& trace);
std::vector<double> omit(const RgbTrace& trace);

/// Frames of the 1.6 s window that POS and CHROM work in.
std::size_t window_length(double rate_hz);

/// Throws Error(malformed) naming the method when the trace has fewer frames or a colour that is
/// not finite.
void require_trace(const RgbTrace& trace, std::size_t frames, const char* method);

/// Mean of a colour that is going to be divided by it. Throws Error(malformed) naming the method
/// when the colour is black.
double nonzero_mean(std::span<const double> color, const char* method);

/// A colour that varies by less than this share of its mean is constant: what is left is rounding.
inline constexpr double constant_below = 1e-9;

}  // namespace rppg::classical
