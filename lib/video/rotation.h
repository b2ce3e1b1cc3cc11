/// Quarter turns between the picture as it is coded and as it is displayed.
#pragma once

#include "video/image.h"

namespace rppg::video {

/// Where a box of the displayed picture lies in the coded one of width x height pixels, which is
/// displayed after a clockwise turn by `degrees` (0, 90, 180 or 270).
Box coded_box(const Box& displayed, int degrees, int width, int height);

/// The picture after a clockwise turn by `degrees`.
Image rotate(Image image, int degrees);
GrayImage rotate(GrayImage image, int degrees);

}  // namespace rppg::video
