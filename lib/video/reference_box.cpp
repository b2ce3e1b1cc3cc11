#include "video/reference_box.h"

#include <algorithm>

namespace rppg::video {

Box reference_box(const std::vector<Box>& faces, int frame_width, int frame_height,
                  double enlargement) {
  const auto narrower = [](const Box& a, const Box& b) { return a.width < b.width; };
  const Box face = faces.empty() ? Box{0, 0, frame_height, frame_width}
                                 : *std::max_element(faces.begin(), faces.end(), narrower);
  const auto start = [&](int position, int length) {
    return static_cast<int>(std::max(0.0, position - (enlargement - 1) / 2 * length));
  };
  const auto grown = [&](int length) { return static_cast<int>(enlargement * length); };
  return {start(face.x, face.width), start(face.y, face.height), grown(face.width),
          grown(face.height)};
}

Box median_box(const std::vector<Box>& boxes) {
  const auto median = [&](int Box::*component) {
    std::vector<int> values;
    values.reserve(boxes.size());
    for (const Box& box : boxes) values.push_back(box.*component);
    std::sort(values.begin(), values.end());
    return (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
  };
  return {median(&Box::x), median(&Box::y), median(&Box::width), median(&Box::height)};
}

}  // namespace rppg::video
