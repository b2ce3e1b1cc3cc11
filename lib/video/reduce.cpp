#include "video/reduce.h"

#include <algorithm>
#include <cstdint>

namespace rppg::video {
namespace {

/// Adds the bytes of one row to sums.
void add_row(const std::uint8_t* row, std::vector<std::uint32_t>& sums) {
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += row[i];
}

GrayImage blank(int width, int height) {
  return {width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height)};
}

}  // namespace

int reduction_factor(int width, int height, int max_side) {
  const int side = std::max(width, height);
  return std::max(1, (side + max_side - 1) / max_side);
}

GrayImage reduce_plane(const std::uint8_t* plane, std::ptrdiff_t row_bytes, int width, int height,
                       int factor) {
  GrayImage reduced = blank(width, height);
  std::vector<std::uint32_t> columns(static_cast<std::size_t>(width) * factor);
  const std::uint32_t area = static_cast<std::uint32_t>(factor) * factor;
  auto out = reduced.gray.begin();
  for (int y = 0; y < height; ++y) {
    std::fill(columns.begin(), columns.end(), 0U);
    for (int i = 0; i < factor; ++i, plane += row_bytes) add_row(plane, columns);
    for (auto column = columns.begin(); column != columns.end();) {
      std::uint32_t sum = 0;
      for (int i = 0; i < factor; ++i) sum += *column++;
      *out++ = static_cast<std::uint8_t>((sum + area / 2) / area);
    }
  }
  return reduced;
}

GrayImage reduce_rgb(const std::uint8_t* pixels, std::ptrdiff_t row_bytes, int width, int height,
                     int factor, bool reversed) {
  constexpr std::uint64_t red_weight = 299, green_weight = 587, blue_weight = 114;
  GrayImage reduced = blank(width, height);
  std::vector<std::uint32_t> columns(static_cast<std::size_t>(width) * factor * 3);
  const std::uint64_t area = std::uint64_t{1000} * factor * factor;
  auto out = reduced.gray.begin();
  for (int y = 0; y < height; ++y) {
    std::fill(columns.begin(), columns.end(), 0U);
    for (int i = 0; i < factor; ++i, pixels += row_bytes) add_row(pixels, columns);
    for (auto column = columns.begin(); column != columns.end();) {
      std::uint64_t first = 0, second = 0, third = 0;
      for (int i = 0; i < factor; ++i) {
        first += *column++;
        second += *column++;
        third += *column++;
      }
      if (reversed) std::swap(first, third);
      const std::uint64_t sum = red_weight * first + green_weight * second + blue_weight * third;
      *out++ = static_cast<std::uint8_t>((sum + area / 2) / area);
    }
  }
  return reduced;
}

}  // namespace rppg::video
