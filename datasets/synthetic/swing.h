/// Slow sinusoidal variations, known exactly at any time.
#pragma once

#include <array>
#include <cstdint>

#include "base/random.h"

namespace rppg::datasets {

/// amplitude * sin(2 pi frequency t + phase).
struct Swing {
  double amplitude = 0;
  double frequency_hz = 0;
  double phase = 0;

  double at(double time_s) const;
  /// Integral from time 0.
  double integral(double time_s) const;
};

/// Two slow swings whose amplitudes add up to `largest`; uses four numbers from `index`.
std::array<Swing, 2> slow_swings(const Random& random, std::uint64_t index, double largest,
                                 double speed);

double sum_at(const std::array<Swing, 2>& swings, double time_s);

}  // namespace rppg::datasets
