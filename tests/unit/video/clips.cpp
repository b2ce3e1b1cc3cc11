#include "clips.h"

namespace rppg::test {

video::Image flat(int width, int height, std::array<std::uint8_t, 3> rgb) {
  video::Image image{width, height, {}};
  for (int i = 0; i < width * height; ++i)
    image.rgb.insert(image.rgb.end(), rgb.begin(), rgb.end());
  return image;
}

video::Image pattern(int width, int height, int index) {
  video::Image image{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (const int value : {5 * x + 3 * y + 7 * index, 2 * x + 6 * y, 9 * x - 4 * y + index}) {
        image.rgb.push_back(static_cast<std::uint8_t>(value & 0xff));
      }
    }
  }
  return image;
}

void write_clip(const std::filesystem::path& file, int width, int height, int count,
                const video::WriterOptions& options) {
  video::Writer writer(file, width, height, options);
  for (int i = 0; i < count; ++i) writer.write(pattern(width, height, i));
  writer.finish();
}

void truncate(const std::filesystem::path& file, std::uintmax_t bytes) {
  std::filesystem::resize_file(file, bytes);
}

}  // namespace rppg::test
