#include "signal/spectral_distance.h"

#include <algorithm>
#include <cmath>

namespace rppg::signal {

FrequencyGrid pulse_rates(double rate_hz) {
  const double bpm = 1 / (60 * rate_hz);  // cycles per sample
  return {first_rate_bpm * bpm, bpm, rate_count};
}

std::size_t strongest(std::span<const double> shares) {
  return static_cast<std::size_t>(
      std::distance(shares.begin(), std::max_element(shares.begin(), shares.end())));
}

double share_cross_entropy(std::span<const double> shares, std::size_t target,
                           std::span<double> d_shares) {
  double sum = 0;
  for (const double share : shares) sum += std::exp(share);
  for (std::size_t k = 0; k < d_shares.size(); ++k) {
    d_shares[k] = std::exp(shares[k]) / sum - (k == target ? 1 : 0);
  }
  return std::log(sum) - shares[target];
}

double divergence(std::span<const double> target, std::span<const double> estimate, double delta,
                  std::span<double> d_target, std::span<double> d_estimate) {
  const auto log_ratio = [&](std::size_t k) {
    return std::log(target[k] + delta) - std::log(estimate[k] + delta);
  };
  double sum = 0;
  for (std::size_t k = 0; k < target.size(); ++k) {
    if (target[k] > 0) sum += target[k] * log_ratio(k);
  }
  for (std::size_t k = 0; k < d_target.size(); ++k) {
    d_target[k] = log_ratio(k) + target[k] / (target[k] + delta);
  }
  for (std::size_t k = 0; k < d_estimate.size(); ++k) {
    d_estimate[k] = -target[k] / (estimate[k] + delta);
  }
  return sum;
}

}  // namespace rppg::signal
