/// Single PNG and JPEG images, in memory.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "video/image.h"

namespace rppg::video {

struct StillImage {
  Image image;
  std::string codec;         ///< "png" or "mjpeg"
  std::string pixel_format;  ///< as coded
  std::string color_range;
  std::string color_matrix;
};

/// bytes: the content of `file`, which is only named in errors. Damage of any kind is an error.
/// Throws Error: malformed, or unavailable when it has more than max_pixels.
StillImage decode_still(const std::filesystem::path& file, std::string_view bytes,
                        std::int64_t max_pixels);

/// The bytes of a PNG file; equal images give equal bytes.
std::string encode_png(const Image& image);

}  // namespace rppg::video
