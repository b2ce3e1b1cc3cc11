/// A face box that follows periodic looks without jumping with each of them.
#pragma once

#include <cstdint>

#include "video/face_track.h"

namespace rppg::video {

/// A box whose sides need not be whole pixels.
struct SmoothBox {
  double center_x = 0;
  double center_y = 0;
  double width = 0;
  double height = 0;
};

/// Detectors answer a little differently every time, and a box that followed them would write
/// their period into the mean colour, within the band of the pulse. So the box stays while a face
/// is found nearly where it was; otherwise it glides there evenly during one period. A face far
/// away is believed, and the box put there at once, when the next look finds it there again.
class SmoothTrack final : public FaceTrack {
 public:
  SmoothTrack(const FaceOptions& options, std::unique_ptr<FaceDetector> detector);

  FacePlace follow(const Frame& frame) override;
  std::optional<FacePlace> place_of_missing() const override;

 private:
  void look(const Frame& frame);
  std::optional<SmoothBox> find(const Frame& frame);
  /// False when the face is too far away to be believed yet.
  bool accept(const SmoothBox& face);
  /// The longer a face is lost, the rarer the looks, so that they do not slow reading down.
  std::int64_t next_look() const;
  SmoothBox position() const;
  Box enlarged(const SmoothBox& box) const;

  FaceOptions options_;
  std::unique_ptr<FaceDetector> detector_;
  std::int64_t index_ = -1;
  std::int64_t look_at_ = 0;
  int frame_width_ = 0;
  int frame_height_ = 0;
  FaceState state_ = FaceState::missing;
  std::optional<std::int64_t> lost_since_;  ///< the first of the looks that failed in a row
  std::optional<SmoothBox> first_;
  std::optional<SmoothBox> far_away_;  ///< found by the last look, not believed yet
  SmoothBox from_;                     ///< where the box was at glide_start_
  SmoothBox to_;
  std::int64_t glide_start_ = 0;
};

}  // namespace rppg::video
