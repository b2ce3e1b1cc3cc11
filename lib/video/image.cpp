#include "video/image.h"

#include <algorithm>

namespace rppg::video {

Box intersect(const Box& box, int width, int height) {
  const int left = std::clamp(box.x, 0, width);
  const int top = std::clamp(box.y, 0, height);
  const int right = std::clamp(box.x + box.width, left, width);
  const int bottom = std::clamp(box.y + box.height, top, height);
  return {left, top, right - left, bottom - top};
}

}  // namespace rppg::video
