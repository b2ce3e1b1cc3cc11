#include "video/smooth_track.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace rppg::video {
namespace {

/// How far two boxes are apart: centres by a share of the side, sizes by a ratio.
struct Tolerance {
  double shift;
  double ratio;
};

constexpr Tolerance nearly_there{0.10, 1.15};
constexpr Tolerance believable{0.50, 1.50};

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

SmoothBox smooth(const Box& box) {
  return {box.x + box.width / 2.0, box.y + box.height / 2.0, static_cast<double>(box.width),
          static_cast<double>(box.height)};
}

Box whole(const SmoothBox& box) {
  const int width = static_cast<int>(std::lround(box.width));
  const int height = static_cast<int>(std::lround(box.height));
  return {static_cast<int>(std::lround(box.center_x - box.width / 2)),
          static_cast<int>(std::lround(box.center_y - box.height / 2)), width, height};
}

double distance(const SmoothBox& a, const SmoothBox& b) {
  return std::hypot(a.center_x - b.center_x, a.center_y - b.center_y);
}

bool within(const SmoothBox& box, const SmoothBox& reference, const Tolerance& tolerance) {
  const double ratio = std::max(box.width / reference.width, reference.width / box.width);
  return distance(box, reference) <= tolerance.shift * reference.width && ratio <= tolerance.ratio;
}

SmoothBox blend(const SmoothBox& a, const SmoothBox& b, double share) {
  const auto between = [share](double x, double y) { return x + share * (y - x); };
  return {between(a.center_x, b.center_x), between(a.center_y, b.center_y),
          between(a.width, b.width), between(a.height, b.height)};
}

}  // namespace

SmoothTrack::SmoothTrack(const FaceOptions& options, std::unique_ptr<FaceDetector> detector)
    : options_(options), detector_(std::move(detector)) {}

FacePlace SmoothTrack::follow(const Frame& frame) {
  ++index_;
  frame_width_ = frame.width();
  frame_height_ = frame.height();
  if (index_ == look_at_) {
    look(frame);
  } else if (state_ == FaceState::detected) {
    state_ = FaceState::tracked;
  }
  if (!first_) return {};
  return {enlarged(position()), state_};
}

std::optional<FacePlace> SmoothTrack::place_of_missing() const {
  if (first_) return FacePlace{enlarged(*first_), FaceState::tracked};
  if (!options_.full_frame_fallback) return std::nullopt;
  return FacePlace{{0, 0, frame_width_, frame_height_}, FaceState::full_frame};
}

void SmoothTrack::look(const Frame& frame) {
  const std::optional<SmoothBox> face = find(frame);
  if (face && accept(*face)) {
    state_ = FaceState::detected;
    lost_since_.reset();
  } else {
    if (!face) far_away_.reset();
    if (first_) state_ = FaceState::held;
    if (!lost_since_) lost_since_ = index_;
  }
  look_at_ = next_look();
}

/// The largest face, later the one that is nearest to the last.
std::optional<SmoothBox> SmoothTrack::find(const Frame& frame) {
  const std::vector<Box> faces =
      first_ ? detector_->detect_near(frame, whole(to_)) : detector_->detect(frame);
  if (faces.empty()) return std::nullopt;
  if (!first_) return smooth(faces.front());
  return smooth(*std::min_element(faces.begin(), faces.end(), [this](const Box& a, const Box& b) {
    return distance(smooth(a), to_) < distance(smooth(b), to_);
  }));
}

bool SmoothTrack::accept(const SmoothBox& face) {
  const auto suspected = std::exchange(far_away_, std::nullopt);
  if (!first_) {
    first_ = from_ = to_ = face;
  } else if (within(face, to_, nearly_there)) {
    return true;
  } else if (within(face, to_, believable)) {
    from_ = position();
    to_ = face;
    glide_start_ = index_;
  } else if (suspected && within(face, *suspected, believable)) {
    from_ = to_ = face;
  } else {
    far_away_ = face;
    return false;
  }
  return true;
}

std::int64_t SmoothTrack::next_look() const {
  const std::int64_t period = options_.period_frames;
  if (options_.schedule == FaceSchedule::first_frame) return never;
  if (!lost_since_) return options_.schedule == FaceSchedule::periodic ? index_ + period : never;
  // Two looks at nearly the same picture would confirm each other's mistakes.
  const std::int64_t soonest = far_away_ ? period / 3 : 1;
  const std::int64_t patience = std::max((index_ - *lost_since_) / 3, soonest);
  return index_ + std::clamp(patience, std::int64_t{1}, period);
}

SmoothBox SmoothTrack::position() const {
  const double share =
      static_cast<double>(index_ - glide_start_) / static_cast<double>(options_.period_frames);
  return blend(from_, to_, std::clamp(share, 0.0, 1.0));
}

Box SmoothTrack::enlarged(const SmoothBox& box) const {
  const double growth = options_.enlargement;
  return intersect(whole({box.center_x, box.center_y, growth * box.width, growth * box.height}),
                   frame_width_, frame_height_);
}

}  // namespace rppg::video
