#include "datasets/synthetic/pulse.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rppg::datasets {
namespace {

constexpr double two_pi = 2 * std::numbers::pi;

}  // namespace

HeartRhythm::HeartRhythm(double mean_bpm, const Range& swing_bpm, const Random& random)
    : mean_bpm_(mean_bpm), start_cycle_(random.uniform(0)) {
  constexpr std::array<Range, 3> frequencies_hz{{{0.20, 0.32}, {0.08, 0.12}, {0.01, 0.03}}};
  for (std::size_t i = 0; i < swings_.size(); ++i) {
    swings_[i] = {swing_bpm.draw(random, 3 * i + 1), frequencies_hz[i].draw(random, 3 * i + 2),
                  random.uniform(3 * i + 3, 0, two_pi)};
  }
}

double HeartRhythm::rate_bpm(double time_s) const {
  double rate = mean_bpm_;
  for (const Swing& swing : swings_) rate += swing.at(time_s);
  return rate;
}

double HeartRhythm::cycles(double time_s) const {
  double beats = mean_bpm_ * time_s;
  for (const Swing& swing : swings_) beats += swing.integral(time_s);
  return start_cycle_ + beats / 60;
}

double HeartRhythm::mean_rate_bpm(double from_s, double to_s) const {
  return 60 * (cycles(to_s) - cycles(from_s)) / (to_s - from_s);
}

PulseShape::PulseShape(const Bell& systolic, const Bell& dicrotic) : bells_{systolic, dicrotic} {
  constexpr int steps = 1000;
  double low = raw(0);
  double high = low;
  for (int i = 0; i < steps; ++i) {
    const double value = raw(static_cast<double>(i) / steps);
    low = std::min(low, value);
    high = std::max(high, value);
    mean_ += value / steps;
  }
  height_ = high - low;
}

double PulseShape::raw(double cycles) const {
  const double position = cycles - std::floor(cycles);
  double sum = 0;
  for (const Bell& bell : bells_) {
    for (const int beat : {-1, 0, 1}) {
      const double u = (position - bell.center - beat) / bell.width;
      sum += bell.height * std::exp(-0.5 * u * u);
    }
  }
  return sum;
}

double PulseShape::at(double cycles) const { return (raw(cycles) - mean_) / height_; }

PulseShape face_pulse_shape() { return {{1.0, 0.25, 0.11}, {0.35, 0.58, 0.13}}; }

PulseShape finger_pulse_shape(const Random& random) {
  return {{1.0, 0.20, random.uniform(0, 0.065, 0.085)},
          {random.uniform(1, 0.35, 0.50), random.uniform(2, 0.48, 0.53), 0.09}};
}

}  // namespace rppg::datasets
