/// Face boxes over time as in rPPG-Toolbox: of frame 0, of every period, or their median.
#pragma once

#include <cstdint>
#include <vector>

#include "video/face_track.h"

namespace rppg::video {

class ReferenceTrack final : public FaceTrack {
 public:
  ReferenceTrack(const FaceOptions& options, std::unique_ptr<FaceDetector> detector);

  FacePlace follow(const Frame& frame) override;
  std::optional<FacePlace> place_of_missing() const override;

 private:
  bool looks_at(std::int64_t index) const;
  void look(const Frame& frame);

  FaceOptions options_;
  std::unique_ptr<FaceDetector> detector_;
  std::int64_t index_ = 0;
  int frame_width_ = 0;
  int frame_height_ = 0;
  bool found_ = false;      ///< by the last look
  bool any_found_ = false;  ///< by any look
  std::vector<Box> boxes_;  ///< of all looks, as reference_box() has them
};

}  // namespace rppg::video
