// Videos: the first frames are decoded and reduced, or the file is refused.
#include <cstddef>
#include <cstdint>

#include "base/error.h"
#include "fuzz/input_file.h"
#include "video/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const rppg::fuzz::InputFile input(data, size);
  try {
    rppg::video::Reader reader({.file = input.path()},
                               {.max_pixels = 1 << 20, .timeout_seconds = 5});
    for (int i = 0; i < 20 && reader.next(); ++i) {
      const rppg::video::Frame& frame = reader.frame();
      frame.mean_rgb({0, 0, frame.width(), frame.height()});
      frame.rgb();
    }
  } catch (const rppg::Error&) {
  }
  return 0;
}
