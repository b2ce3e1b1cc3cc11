/// Face detection with the Haar cascades that come with OpenCV (Viola and Jones 2001).
#pragma once

#include <memory>

#include "video/face.h"

namespace rppg::video {

/// Frontal faces on reduced luma; where there are none, profiles in both directions.
/// Throws Error(unavailable) when the cascade files are not installed. They are looked for in the
/// folder that RPPG_HAAR_DIR names, else in those of OpenCV's packages.
std::unique_ptr<FaceDetector> make_haar_detector();

/// Throws as make_haar_detector() does when a cascade file is missing.
void require_haar_cascades();

/// Frontal faces as rPPG-Toolbox finds them: all defaults of OpenCV, on the full-size frame, whose
/// red and blue are swapped in the conversion to grey.
std::unique_ptr<FaceDetector> make_reference_haar_detector();

}  // namespace rppg::video
