/// A video reduced to what estimators need: per frame its time, face box, mean colour and, if
/// wanted, the resized face crop.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "video/face.h"
#include "video/reader.h"

namespace rppg::video {

struct ClipOptions {
  FaceOptions face;
  ReaderOptions reader;
  /// Side of the square crop in pixels; 0 = no crop is made.
  int crop_size = 0;
  /// Mean colour of the resized 8-bit crop (reference pipeline) instead of the full-size box.
  bool mean_of_crop = false;
  bool keep_crops = true;       ///< false: only their mean is wanted
  std::int64_t max_frames = 0;  ///< stop after so many; 0 = all
};

/// Everything per frame; all vectors have length T.
struct Clip {
  std::vector<double> time_s;
  std::vector<std::array<double, 3>> mean_rgb;  ///< NaN where there is no box
  std::vector<Box> boxes;
  std::vector<FaceState> states;
  std::vector<std::uint8_t> crops;  ///< (T, crop_size, crop_size, 3), empty unless kept
  StreamInfo info;
  ReadSummary summary;

  /// Share of frames whose box was found (detected or tracked), 0..1.
  double face_coverage() const;
};

/// Reads source once, streaming; memory does not grow with the length but for the vectors above.
/// (A second, partial pass gives frames before the first found face its box.)
Clip read_clip(const VideoSource& source, const ClipOptions& options);

}  // namespace rppg::video
