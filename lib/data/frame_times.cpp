#include "data/frame_times.h"

#include <algorithm>

namespace rppg::data {

RisingTimes rising(std::span<const double> stamps) {
  RisingTimes result{{stamps.begin(), stamps.end()}, 0};
  if (stamps.empty()) return result;
  std::vector<std::size_t> anchors{0};
  for (std::size_t i = 1; i < stamps.size(); ++i) {
    if (stamps[i] > stamps[anchors.back()]) anchors.push_back(i);
  }
  result.repeated = static_cast<std::int64_t>(stamps.size() - anchors.size());
  if (anchors.size() < 2 || result.repeated == 0) return result;

  const auto spread = [&](std::size_t from, std::size_t to, double interval) {
    for (std::size_t i = from + 1; i < to; ++i) {
      result.time_s[i] = stamps[from] + interval * static_cast<double>(i - from);
    }
  };
  for (std::size_t k = 0; k + 1 < anchors.size(); ++k) {
    const std::size_t from = anchors[k];
    const std::size_t to = anchors[k + 1];
    spread(from, to, (stamps[to] - stamps[from]) / static_cast<double>(to - from));
  }
  const std::size_t last = anchors.back();
  const double span = stamps[last] - stamps[anchors.front()];
  spread(last, stamps.size(), span / static_cast<double>(last - anchors.front()));
  return result;
}

std::vector<double> sorted_intervals(std::span<const double> time_s) {
  std::vector<double> intervals;
  for (std::size_t i = 1; i < time_s.size(); ++i) intervals.push_back(time_s[i] - time_s[i - 1]);
  std::sort(intervals.begin(), intervals.end());
  return intervals;
}

}  // namespace rppg::data
