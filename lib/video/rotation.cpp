#include "video/rotation.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace rppg::video {
namespace {

/// source: width x height pixels of `channels` bytes.
std::vector<std::uint8_t> turned(const std::vector<std::uint8_t>& source, int width, int height,
                                 int channels, int degrees) {
  std::vector<std::uint8_t> target(source.size());
  const bool upright = degrees == 180;
  const int columns = upright ? width : height;
  const int rows = upright ? height : width;
  std::uint8_t* out = target.data();
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      const Box from = coded_box({column, row, 1, 1}, degrees, width, height);
      const std::size_t pixel = static_cast<std::size_t>(from.y) * width + from.x;
      out = std::copy_n(source.data() + pixel * channels, channels, out);
    }
  }
  return target;
}

}  // namespace

Box coded_box(const Box& displayed, int degrees, int width, int height) {
  const auto& [x, y, w, h] = displayed;
  switch (degrees) {
    case 90:
      return {y, height - x - w, h, w};
    case 180:
      return {width - x - w, height - y - h, w, h};
    case 270:
      return {width - y - h, x, h, w};
    default:
      return displayed;
  }
}

Image rotate(Image image, int degrees) {
  if (degrees == 0) return image;
  image.rgb = turned(image.rgb, image.width, image.height, 3, degrees);
  if (degrees != 180) std::swap(image.width, image.height);
  return image;
}

GrayImage rotate(GrayImage image, int degrees) {
  if (degrees == 0) return image;
  image.gray = turned(image.gray, image.width, image.height, 1, degrees);
  if (degrees != 180) std::swap(image.width, image.height);
  return image;
}

}  // namespace rppg::video
