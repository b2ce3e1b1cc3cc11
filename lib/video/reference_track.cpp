#include "video/reference_track.h"

#include <utility>

#include "video/reference_box.h"

namespace rppg::video {

ReferenceTrack::ReferenceTrack(const FaceOptions& options, std::unique_ptr<FaceDetector> detector)
    : options_(options), detector_(std::move(detector)) {}

bool ReferenceTrack::looks_at(std::int64_t index) const {
  if (options_.schedule != FaceSchedule::periodic) return index == 0;
  return index % options_.period_frames == 0;
}

void ReferenceTrack::look(const Frame& frame) {
  frame_width_ = frame.width();
  frame_height_ = frame.height();
  const std::vector<Box> faces = detector_->detect(frame);
  found_ = !faces.empty();
  any_found_ = any_found_ || found_;
  boxes_.push_back(reference_box(faces, frame_width_, frame_height_, options_.enlargement));
}

FacePlace ReferenceTrack::follow(const Frame& frame) {
  const bool looking = looks_at(index_++);
  if (looking) look(frame);
  if (options_.median) return {};
  const FaceState state = !found_   ? FaceState::full_frame
                          : looking ? FaceState::detected
                                    : FaceState::tracked;
  return {intersect(boxes_.back(), frame_width_, frame_height_), state};
}

std::optional<FacePlace> ReferenceTrack::place_of_missing() const {
  if (!options_.median || boxes_.empty()) return std::nullopt;
  return FacePlace{intersect(median_box(boxes_), frame_width_, frame_height_),
                   any_found_ ? FaceState::tracked : FaceState::full_frame};
}

}  // namespace rppg::video
