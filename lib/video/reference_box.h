/// The face box of rPPG-Toolbox (Liu et al., NeurIPS 2023), with its rounding and its fallback.
#pragma once

#include <vector>

#include "video/image.h"

namespace rppg::video {

/// The widest of the faces (the first one on ties), else {0, 0, frame HEIGHT, frame WIDTH} as the
/// toolbox has it; then enlarged: moved up and left by half of what it grows, not beyond 0, and
/// grown by its old size, all truncated. May reach beyond the frame on the right and below.
Box reference_box(const std::vector<Box>& faces, int frame_width, int frame_height,
                  double enlargement);

/// Component-wise median, truncated; boxes must not be empty.
Box median_box(const std::vector<Box>& boxes);

}  // namespace rppg::video
