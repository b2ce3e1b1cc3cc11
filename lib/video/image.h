/// Images and boxes, as small values.
#pragma once

#include <cstdint>
#include <vector>

namespace rppg::video {

/// Rectangle in pixels, origin at the top left of the displayed (rotated) frame.
struct Box {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;

  bool empty() const { return width <= 0 || height <= 0; }
  friend bool operator==(const Box&, const Box&) = default;
};

/// The part of box that lies inside a width x height frame.
Box intersect(const Box& box, int width, int height);

/// Interleaved 8-bit RGB, rows without padding.
struct Image {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;  ///< (H, W, 3)
};

/// 8-bit grey image, rows without padding.
struct GrayImage {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> gray;  ///< (H, W)
};

}  // namespace rppg::video
