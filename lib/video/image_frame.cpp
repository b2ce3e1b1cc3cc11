#include "video/image_frame.h"

#include <algorithm>
#include <utility>

#include "kernels/kernels.h"
#include "video/reduce.h"

namespace rppg::video {
namespace {

const std::uint8_t* pixel(const Image& image, int x, int y) {
  return image.rgb.data() + (static_cast<std::size_t>(y) * image.width + x) * 3;
}

}  // namespace

ImageFrame::ImageFrame(Image image, double time_s) : image_(std::move(image)), time_s_(time_s) {}

Image ImageFrame::rgb(const Box& box) const { return cut(image_, box); }

std::array<double, 3> ImageFrame::mean_rgb(const Box& box) const {
  std::array<std::uint64_t, 3> total{};
  for (int y = box.y; y < box.y + box.height; ++y) {
    std::array<std::uint64_t, 3> row{};
    kernels().reduction.sum_rgb(pixel(image_, box.x, y), static_cast<std::size_t>(box.width),
                                row.data());
    for (std::size_t c = 0; c < 3; ++c) total[c] += row[c];
  }
  const double count = static_cast<double>(box.width) * box.height;
  return {static_cast<double>(total[0]) / count, static_cast<double>(total[1]) / count,
          static_cast<double>(total[2]) / count};
}

GrayImage ImageFrame::luma(int max_side, int& scale) const {
  scale = reduction_factor(width(), height(), max_side);
  return reduce_rgb(image_.rgb.data(), std::ptrdiff_t{3} * image_.width, width() / scale,
                    height() / scale, scale, false);
}

Image cut(const Image& image, const Box& box) {
  Image part{box.width, box.height, {}};
  part.rgb.reserve(static_cast<std::size_t>(box.width) * box.height * 3);
  for (int y = box.y; y < box.y + box.height; ++y) {
    const std::uint8_t* row = pixel(image, box.x, y);
    part.rgb.insert(part.rgb.end(), row, row + static_cast<std::ptrdiff_t>(box.width) * 3);
  }
  return part;
}

std::array<double, 3> mean_rgb(const Image& image) {
  std::array<std::uint64_t, 3> sums{};
  const std::size_t count = image.rgb.size() / 3;
  kernels().reduction.sum_rgb(image.rgb.data(), count, sums.data());
  const auto n = static_cast<double>(count);
  return {static_cast<double>(sums[0]) / n, static_cast<double>(sums[1]) / n,
          static_cast<double>(sums[2]) / n};
}

}  // namespace rppg::video
