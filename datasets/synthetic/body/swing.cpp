#include "datasets/synthetic/body/swing.h"

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

}  // namespace rppg::datasets
