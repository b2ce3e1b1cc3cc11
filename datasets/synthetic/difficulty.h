/// How hard a synthetic data set is: one struct of knobs per preset.
#pragma once

#include <string_view>

#include "base/random.h"

namespace rppg::datasets {

/// Interval from which a value is drawn, once per subject, session or camera.
struct Range {
  double low = 0;
  double high = 0;

  double draw(const Random& random, std::uint64_t index) const {
    return random.uniform(index, low, high);
  }
};

// The defaults are the preset "easy": one steady face, dull light, a pulse well above the noise.

struct HeartTraits {
  Range resting_rate_bpm{55, 82};
  Range any_rate_bpm{55, 110};  ///< layouts without exercise
  Range exercise_rise_bpm{15, 28};
  Range rate_swing_bpm{0.4, 1.2};  ///< respiratory, Mayer and slow swing, each
};

struct FingerTraits {
  Range delay_s{0.15, 0.25};  ///< behind the face
  double noise = 0.01;        ///< standard deviation, as a share of the pulse
};

struct SceneTraits {
  Range pulse_amplitude{0.006, 0.015};  ///< green, peak to peak, as a share of the code value
  Range sway{0.002, 0.006};             ///< largest shift, as a share of the picture's width
  Range light_drift{0.005, 0.02};       ///< as a share of the steady light
  double side_view_degrees = 45;
};

struct CameraTraits {
  Range noise_codes{1.0, 2.0};    ///< standard deviation, code values
  double stamp_jitter_s = 0.002;  ///< frame stamps lie within +- this of the even grid
};

struct Difficulty {
  std::string_view name = "easy";
  HeartTraits heart;
  FingerTraits finger;
  SceneTraits scene;
  CameraTraits camera;
};

/// Throws Error(usage) that lists the presets.
const Difficulty& find_difficulty(std::string_view name);

}  // namespace rppg::datasets
