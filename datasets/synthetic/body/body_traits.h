/// What a preset says of heart, finger sensor, clocks and files.
#pragma once

#include <span>

#include "base/random.h"
#include "datasets/synthetic/body/amounts.h"

namespace rppg::datasets {

/// Interval from which a value is drawn, once per subject, session or camera.
struct Range {
  double low = 0;
  double high = 0;

  double draw(const Random& random, std::uint64_t index) const {
    return random.uniform(index, low, high);
  }
};

/// Normal distribution; what falls beyond an end is put there.
struct Spread {
  double mean = 0;
  double deviation = 0;
  double low = 0;
  double high = 0;

  double draw(const Random& random, std::uint64_t index) const;
};

// The defaults are the preset "easy".

/// Swings are standard deviations at 75 beats per minute; others are in proportion to the rate.
struct HeartTraits {
  Spread rate_bpm{82, 15, 55, 110};  ///< of layouts without rest and exercise
  /// Instead of it: mean rates of real subjects, which synthetic ones have in turn, within 1 %.
  std::span<const double> known_rates_bpm;
  Spread resting_rate_bpm{68, 7, 55, 82};
  Range exercise_rise_bpm{15, 28};         ///< when the recording begins
  Range recovery_s{0, 0};                  ///< time constant of its fall; 0: the rise stays
  Range respiratory_swing_bpm{0.15, 0.4};  ///< sinus arrhythmia
  Range mayer_swing_bpm{0.15, 0.4};        ///< about 0.1 Hz
  Range slow_swing_bpm{0.15, 0.4};         ///< below 0.05 Hz, as 1/f
  Range ectopic_per_min{0, 0};
  Range age_years{20, 60};

  /// Of one subject of a layout without rest and exercise.
  double mean_rate_bpm(int subject_index, const Random& random) const;
};

/// What a contact sensor adds to the pulse; every amount is known, and 0 switches it off.
struct LabelNoise {
  double noise = 0.01;
  double breathing = 0.06;
  double wander = 0;
  double bursts = 0;
  double clipping = 0;
  double loss = 0;
  double drift = 0;
  double dropouts = 0;
  double lag_s = 0;
  double clock_s_per_min = 0;
};

/// The names of `--label-noise`.
std::span<const Amount<LabelNoise>> label_noise_amounts();

struct FingerTraits {
  Range delay_s{0.15, 0.25};  ///< transit time, behind the face
  LabelNoise noise;
};

/// When frames are taken, and how they are stamped.
struct TimingTraits {
  double jitter_s = 0.002;
  double slowness = 0;
  double dropped = 0;
  double doubled = 0;
  double poll_s = 0;
};

/// The names of `--timing`.
std::span<const Amount<TimingTraits>> timing_amounts();

struct FileTraits {
  double bits_per_pixel = 0;  ///< of lossy codecs; 0: nearly lossless
  bool quirks = false;        ///< oddities of the public files
};

}  // namespace rppg::datasets
