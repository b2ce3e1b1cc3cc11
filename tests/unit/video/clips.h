/// Small pictures and video files for the tests of this folder.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "video/image.h"
#include "video/writer.h"

namespace rppg::test {

/// One colour everywhere.
video::Image flat(int width, int height, std::array<std::uint8_t, 3> rgb);

/// Smooth gradients that move with index; no two pixels in a row are alike for long.
video::Image pattern(int width, int height, int index);

/// Writes `count` patterns.
void write_clip(const std::filesystem::path& file, int width, int height, int count,
                const video::WriterOptions& options);

/// Keeps the first `bytes` bytes of a file.
void truncate(const std::filesystem::path& file, std::uintmax_t bytes);

}  // namespace rppg::test
