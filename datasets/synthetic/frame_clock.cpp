#include "datasets/synthetic/frame_clock.h"

#include <algorithm>

namespace rppg::datasets {

std::vector<double> frame_stamps(const Difficulty& difficulty, const Random& random,
                                 std::size_t frames, double start_s, double rate_hz) {
  const double jitter_s = std::min(difficulty.camera.stamp_jitter_s, 0.4 / rate_hz);
  std::vector<double> stamps;
  for (std::size_t i = 0; i < frames; ++i) {
    const double offset = i == 0 ? 0 : random.uniform(i, -jitter_s, jitter_s);
    stamps.push_back(start_s + static_cast<double>(i) / rate_hz + offset);
  }
  return stamps;
}

}  // namespace rppg::datasets
