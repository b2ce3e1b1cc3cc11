/// Area resize of images, as OpenCV's INTER_AREA has it.
#pragma once

#include "video/image.h"

namespace rppg::video {

Image resize_area(const Image& image, int width, int height);
GrayImage resize_area(const GrayImage& image, int width, int height);

}  // namespace rppg::video
