/// The sensor and the picture processing of a synthetic camera: light becomes 8-bit code values.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/random.h"
#include "datasets/synthetic/scene/scene_traits.h"
#include "datasets/synthetic/scene/sensor.h"
#include "datasets/synthetic/scene/wander.h"

namespace rppg::datasets {

class Camera {
 public:
  /// base_gain: what the automatic exposure chose at first; more gain brings more noise.
  Camera(CameraKind kind, const CameraTraits& traits, double base_gain, int width,
         const Random& random);

  /// Factor on the light: the automatic exposure, which changes in steps.
  double gain(double time_s) const;
  /// Turns light (R, G, B of a row, white = 1) times gain into codes: shot and read noise, which
  /// depend on frame and row alone, and the curve of sRGB.
  void develop(std::int64_t frame, int row, double gain, const float* light,
               std::uint8_t* codes) const;

 private:
  static constexpr std::size_t levels = 4096;

  std::size_t row_length_;
  float shot_;  ///< variance per signal and gain
  float read_;  ///< variance at unit gain
  double base_gain_;
  double exposure_steps_;
  Steps exposure_;
  Random random_;
  std::vector<float> noise_;  ///< every row of every frame starts somewhere in this table
  std::array<std::uint8_t, levels> curve_{};
};

}  // namespace rppg::datasets
