#include "nn/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rppg::nn {
namespace {

/// From a (u = 0) to b (u = 1) along half a cosine.
double half_cosine(double a, double b, double u) {
  return b + (a - b) / 2 * (1 + std::cos(std::numbers::pi * u));
}

StepRates one_cycle(double largest, double step, double steps) {
  constexpr double rising_share = 0.3;
  constexpr double beta1_outside = 0.95;
  constexpr double beta1_at_peak = 0.85;
  const double start = largest / 25;
  const double end = start / 1e4;
  const double peak = rising_share * steps - 1;
  if (step <= peak) {
    const double u = peak > 0 ? step / peak : 1;
    return {half_cosine(start, largest, u), half_cosine(beta1_outside, beta1_at_peak, u)};
  }
  const double u = (step - peak) / (steps - 1 - peak);
  return {half_cosine(largest, end, u), half_cosine(beta1_at_peak, beta1_outside, u)};
}

}  // namespace

StepRates Schedule::at(Index step) const {
  const auto total = static_cast<double>(std::max<Index>(steps, 1));
  const double place = std::clamp(static_cast<double>(step), 0.0, total - 1);
  switch (kind) {
    case Kind::cosine:
      return {half_cosine(learning_rate, 0, place / total), beta1};
    case Kind::one_cycle:
      return one_cycle(learning_rate, place, total);
    case Kind::constant:
      break;
  }
  return {learning_rate, beta1};
}

}  // namespace rppg::nn
