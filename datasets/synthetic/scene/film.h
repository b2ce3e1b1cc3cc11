/// What one camera of a synthetic sitting records, frame by frame, and what is known of it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "datasets/synthetic/body/session.h"
#include "datasets/synthetic/scene/sensor.h"
#include "datasets/synthetic/scene/stage.h"
#include "video/image.h"

namespace rppg::datasets {

/// One camera of a session.
struct Take {
  std::string id;  ///< of the recording; names its noise
  std::uint64_t seed = 0;
  int width = 0;
  int height = 0;
  double yaw_degrees = 0;
  /// When each frame is taken, on the clock of the session; where it equals the time before, the
  /// same picture comes twice.
  std::vector<double> time_s;
  CameraKind camera = CameraKind::webcam;
};

/// What is known of a take beside its frames.
struct Truth {
  std::vector<double> pulse;  ///< per frame
  std::vector<double> rate_bpm;
  std::vector<FaceBox> faces;
  double mean_rate_bpm = 0;  ///< from first to last frame
};

/// Takes all frames in turn. Throws Error(interrupted) when a stop was requested.
Truth film(const Session& session, const Difficulty& difficulty, const Take& take,
           const std::function<void(const video::Image& frame)>& keep);

}  // namespace rppg::datasets
