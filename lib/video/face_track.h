/// The box of every frame of a video, from a detector that looks at a few of them.
#pragma once

#include <memory>
#include <optional>

#include "video/face.h"

namespace rppg::video {

/// The box of one frame, inside it and enlarged; empty when the state is `missing`.
struct FacePlace {
  Box box;
  FaceState state = FaceState::missing;
};

class FaceTrack {
 public:
  virtual ~FaceTrack() = default;
  /// Frames must come one after another. `missing` when no place is known yet.
  virtual FacePlace follow(const Frame& frame) = 0;
  /// After the last frame: the place of all frames that were `missing`; none when they stay so.
  virtual std::optional<FacePlace> place_of_missing() const = 0;
};

/// Throws as make_face_detector().
std::unique_ptr<FaceTrack> make_face_track(const FaceOptions& options);

}  // namespace rppg::video
