/// Distances of two signals in frequency, with their derivatives for the shares of power.
///
/// Gradients are written where they are not empty. Nothing here allocates.
#pragma once

#include <cstddef>
#include <span>

#include "signal/power_spectrum.h"

namespace rppg::signal {

/// Pulse rates that are told apart as classes, 1 bpm each: 45, 46, ..., 149 bpm.
inline constexpr double first_rate_bpm = 45;
inline constexpr std::size_t rate_count = 105;

/// Their frequencies for signals of this rate.
FrequencyGrid pulse_rates(double rate_hz);

/// Index of the largest share, the first of equal ones.
std::size_t strongest(std::span<const double> shares);

/// Cross entropy of softmax(shares) and a class. The shares themselves, in [0, 1], are the logits,
/// as in PhysFormer (Yu et al. 2022) and LQ-rPPG: for 105 rates the value lies in
/// [3.67, 4.67].
double share_cross_entropy(std::span<const double> shares, std::size_t target,
                           std::span<double> d_shares);

/// Kullback-Leibler divergence sum_k p_k (ln(p_k + delta) - ln(q_k + delta)) of `estimate` q from
/// `target` p.
double divergence(std::span<const double> target, std::span<const double> estimate, double delta,
                  std::span<double> d_target, std::span<double> d_estimate);

}  // namespace rppg::signal
