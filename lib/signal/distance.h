/// Distances of two waveforms, with their derivatives.
///
/// gradient: d/dx, written where it is not empty. Nothing here allocates.
#pragma once

#include <span>

namespace rppg::signal {

/// Mean of (x - y)^2.
double mean_squared_error(std::span<const double> x, std::span<const double> y,
                          std::span<double> gradient);

/// 1 - sum(x y) / (sqrt(sum x^2 sum y^2 + epsilon) + epsilon) of the centred waveforms: 1 - Pearson
/// correlation where epsilon is 0. A constant waveform then counts as uncorrelated, without a
/// gradient.
double correlation_distance(std::span<const double> x, std::span<const double> y, double epsilon,
                            std::span<double> gradient);

}  // namespace rppg::signal
