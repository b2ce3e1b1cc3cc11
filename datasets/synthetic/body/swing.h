/// Slow sinusoidal variations, known exactly at any time.
#pragma once

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

}  // namespace rppg::datasets
