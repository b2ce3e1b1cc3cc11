#include "video/face_track.h"

#include <utility>

#include "video/reference_track.h"
#include "video/smooth_track.h"

namespace rppg::video {
namespace {

class WholeFrameTrack final : public FaceTrack {
 public:
  FacePlace follow(const Frame& frame) override {
    return {{0, 0, frame.width(), frame.height()}, FaceState::full_frame};
  }
  std::optional<FacePlace> place_of_missing() const override { return std::nullopt; }
};

}  // namespace

std::unique_ptr<FaceTrack> make_face_track(const FaceOptions& options) {
  if (options.detector == "none") return std::make_unique<WholeFrameTrack>();
  auto detector = make_face_detector(options);
  if (options.reference_pipeline) {
    return std::make_unique<ReferenceTrack>(options, std::move(detector));
  }
  return std::make_unique<SmoothTrack>(options, std::move(detector));
}

}  // namespace rppg::video
