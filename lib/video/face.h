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
  tracked = 2,     ///< between two detections that found it
  held = 3,        ///< the last look found none; the last box is kept
  full_frame = 4,  ///< the whole frame is used
};

/// When a face is looked for.
enum class FaceSchedule {
  first_frame,  ///< frame 0 only, its box serves for all (reference pipeline)
  first_face,   ///< every frame until one is found, its box serves for all
  periodic,     ///< every `period_frames`, smoothed
};

struct FaceOptions {
  std::string detector = "haar";  ///< "haar", "yunet:FILE.onnx" or "none" (whole frame)
  FaceSchedule schedule = FaceSchedule::periodic;
  int period_frames = 30;
  double enlargement = 1.5;       ///< of the detected box
  /// true: grey conversion, fallback box, enlargement and rounding of rPPG-Toolbox, on the
  /// full-size frame; false: luma reduced to at most 480 pixels, box clamped around its centre.
  bool reference_pipeline = false;
  bool median = false;            ///< reference pipeline, periodic: one median box for all frames
};

/// Finds faces in one frame; boxes in frame pixels, largest first.
class FaceDetector {
 public:
  virtual ~FaceDetector() = default;
  virtual std::vector<Box> detect(const Frame& frame) = 0;
};

/// Throws Error(usage) for an unknown name, Error(missing) or Error(malformed) for the model file.
std::unique_ptr<FaceDetector> make_face_detector(const FaceOptions& options);

}  // namespace rppg::video
