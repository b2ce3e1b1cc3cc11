/// Pictures reduced by whole factors, for detectors that need no detail.
#pragma once

#include <cstddef>

#include "video/image.h"

namespace rppg::video {

/// The smallest whole factor that brings the longer side to at most max_side (>= 1) pixels.
int reduction_factor(int width, int height, int max_side);

/// Means (rounded) of factor x factor blocks of a plane of bytes with rows of row_bytes.
/// width, height: of the result.
GrayImage reduce_plane(const std::uint8_t* plane, std::ptrdiff_t row_bytes, int width, int height,
                       int factor);

/// The same of the luma (BT.601 weights, full range) of interleaved pixels whose three colours lie
/// at offsets 0, 1, 2; reversed: B, G, R instead of R, G, B.
GrayImage reduce_rgb(const std::uint8_t* pixels, std::ptrdiff_t row_bytes, int width, int height,
                     int factor, bool reversed);

}  // namespace rppg::video
