/// Face boxes: detectors (the only OpenCV user besides resize) and their use over time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "video/image.h"
#include "video/reader.h"

namespace rppg::video {

/// How the box of one frame came about.
enum class FaceState : std::uint8_t {
  missing = 0,     ///< no face, no box
  detected = 1,    ///< found in this frame
  tracked = 2,     ///< between two looks, the last of which found it
  held = 3,        ///< the last look found none; the last box is kept
  full_frame = 4,  ///< the whole frame is used
};

/// When a face is looked for.
enum class FaceSchedule {
  first_frame,  ///< frame 0 only, its box serves for all (reference pipeline)
  first_face,   ///< from frame 0 on until one is found, its box serves for all
  periodic,     ///< every `period_frames`, smoothed
};

struct FaceOptions {
  std::string detector = "haar";  ///< "haar", "yunet:FILE.onnx" or "none" (whole frame)
  FaceSchedule schedule = FaceSchedule::periodic;
  int period_frames = 30;
  double enlargement = 1.5;  ///< of the detected box
  /// true: grey conversion, fallback box, enlargement and rounding of rPPG-Toolbox, on the
  /// full-size frame (`first_face` counts as `first_frame`); false: luma reduced to at most 480
  /// pixels, box clamped around its centre.
  bool reference_pipeline = false;
  bool median = false;  ///< reference pipeline: one median box of all looks for all frames
  /// No face in the whole video: use the whole frame instead of no box. The reference pipeline
  /// does so always, look by look.
  bool full_frame_fallback = false;
};

/// Finds faces in one frame; boxes in frame pixels, largest first. Not to be shared by threads.
class FaceDetector {
 public:
  virtual ~FaceDetector() = default;
  virtual std::vector<Box> detect(const Frame& frame) = 0;
  /// The same for a face that was last seen at `last`: may look there first, and elsewhere only
  /// when it is not there.
  virtual std::vector<Box> detect_near(const Frame& frame, const Box& last);
};

/// "none" gives the whole frame as the one face. Throws Error: usage (unknown name), missing or
/// malformed (model file), unavailable (cascade files of OpenCV not installed).
std::unique_ptr<FaceDetector> make_face_detector(const FaceOptions& options);

/// Throws as make_face_detector does, but does not load the cascades of "haar": for a check before
/// a batch.
void require_face_detector(const FaceOptions& options);

}  // namespace rppg::video
