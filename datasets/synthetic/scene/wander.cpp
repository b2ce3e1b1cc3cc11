#include "datasets/synthetic/scene/wander.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rppg::datasets {

Wander::Wander(const Random& random, const Range& band_hz, double slope) {
  constexpr std::size_t count = 12;
  const double octaves = std::log2(band_hz.high / band_hz.low);
  double power = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double place = (static_cast<double>(i) + random.uniform(2 * i)) / count;
    const double frequency_hz = band_hz.low * std::exp2(octaves * place);
    const double amplitude = std::pow(frequency_hz / band_hz.low, -slope);
    swings_.push_back(
        {amplitude, frequency_hz, random.uniform(2 * i + 1, 0, 2 * std::numbers::pi)});
    power += amplitude * amplitude / 2;
  }
  for (Swing& swing : swings_) swing.amplitude /= std::sqrt(power);
}

double Wander::at(double time_s) const {
  double sum = 0;
  for (const Swing& swing : swings_) sum += swing.at(time_s);
  return sum;
}

double Wander::integral(double time_s) const {
  double sum = 0;
  for (const Swing& swing : swings_) sum += swing.integral(time_s);
  return sum;
}

double Wander::largest() const {
  double sum = 0;
  for (const Swing& swing : swings_) sum += swing.amplitude;
  return sum;
}

double Steps::at(double time_s) const { return at(time_s, 0); }

double Steps::at(double time_s, std::uint64_t kind) const {
  constexpr std::int64_t before_zero = 1 << 20;  // times may be negative, indices may not
  constexpr std::uint64_t numbers = 5;
  const double place = time_s / interval_s_;
  const double cell = std::floor(place);
  const auto index = static_cast<std::uint64_t>(static_cast<std::int64_t>(cell) + before_zero);
  const double change = random_.uniform(numbers * index, 0.1, 0.9);
  const double t = std::clamp((place - cell - change) * interval_s_ / rise_s_ + 0.5, 0.0, 1.0);
  const double from = random_.uniform(numbers * (index - 1) + 1 + kind);
  const double to = random_.uniform(numbers * index + 1 + kind);
  return from + (to - from) * t * t * (3 - 2 * t);
}

}  // namespace rppg::datasets
