/// The heart of a synthetic subject: a rhythm and a wave form, both known exactly at any time.
#pragma once

#include <array>

#include "datasets/synthetic/difficulty.h"
#include "datasets/synthetic/swing.h"

namespace rppg::datasets {

/// Heart rate over time: a mean with respiratory, Mayer-wave and slow variation.
class HeartRhythm {
 public:
  HeartRhythm(double mean_bpm, const Range& swing_bpm, const Random& random);

  /// Instantaneous rate.
  double rate_bpm(double time_s) const;
  /// Beats since an arbitrary zero, with their fraction; the exact integral of the rate.
  double cycles(double time_s) const;
  /// Beats between two times, as a rate.
  double mean_rate_bpm(double from_s, double to_s) const;

 private:
  double mean_bpm_;
  double start_cycle_;
  std::array<Swing, 3> swings_;
};

/// One beat as the sum of a systolic and a dicrotic bell (after McSharry et al., IEEE TBME 50:289,
/// 2003), of zero mean and unit peak-to-peak height; high when the vessels are full.
class PulseShape {
 public:
  struct Bell {
    double height;
    double center;  ///< in cycles
    double width;   ///< standard deviation, in cycles
  };

  PulseShape(const Bell& systolic, const Bell& dicrotic);

  double at(double cycles) const;

 private:
  double raw(double cycles) const;

  std::array<Bell, 2> bells_;
  double mean_ = 0;
  double height_ = 1;
};

/// Blood volume in the skin of the face: rounded.
PulseShape face_pulse_shape();
/// At the fingertip: steeper, with a marked notch; a little different for every subject.
PulseShape finger_pulse_shape(const Random& random);

}  // namespace rppg::datasets
