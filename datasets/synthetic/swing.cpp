#include "datasets/synthetic/swing.h"

#include <cmath>
#include <numbers>

namespace rppg::datasets {
namespace {

constexpr double two_pi = 2 * std::numbers::pi;

}  // namespace

double Swing::at(double time_s) const {
  return amplitude * std::sin(two_pi * frequency_hz * time_s + phase);
}

double Swing::integral(double time_s) const {
  const double w = two_pi * frequency_hz;
  return amplitude / w * (std::cos(phase) - std::cos(w * time_s + phase));
}

std::array<Swing, 2> slow_swings(const Random& random, std::uint64_t index, double largest,
                                 double speed) {
  return {{{0.65 * largest, speed * random.uniform(index, 0.03, 0.08),
            random.uniform(index + 1, 0, two_pi)},
           {0.35 * largest, speed * random.uniform(index + 2, 0.12, 0.25),
            random.uniform(index + 3, 0, two_pi)}}};
}

double sum_at(const std::array<Swing, 2>& swings, double time_s) {
  return swings[0].at(time_s) + swings[1].at(time_s);
}

}  // namespace rppg::datasets
