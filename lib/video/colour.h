/// Colour range and matrix of a decoded picture.
#pragma once

#include <array>
#include <string>

struct AVFrame;

namespace rppg::video {

/// How Y', Cb, Cr become R', G', B'. Without a declaration BT.601 and limited range are taken, as
/// FFmpeg's scaler and OpenCV do; JPEG's pixel formats are full range.
struct ColourSpace {
  int matrix = 0;           ///< FFmpeg's SWS_CS_* number
  bool full_range = false;  ///< Y' 0..255 instead of 16..235

  friend bool operator==(const ColourSpace&, const ColourSpace&) = default;
};

ColourSpace colour_space(const AVFrame& frame);

/// As declared: "limited", "full" or "unspecified".
std::string range_name(const AVFrame& frame);
/// As declared: "bt601", "bt709", "bt2020", "smpte240m", "fcc", "rgb" or "unspecified".
std::string matrix_name(const AVFrame& frame);

/// R, G, B (0..255, clamped) of 8-bit code values (ITU-R BT.601-7, BT.709-6: section 3).
std::array<double, 3> to_rgb(const ColourSpace& space, double y, double cb, double cr);

}  // namespace rppg::video
