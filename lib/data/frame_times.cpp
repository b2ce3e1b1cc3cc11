#include "data/frame_times.h"

#include <algorithm>

namespace rppg::data {
namespace {

/// Intervals longer than so many medians count as gaps.
constexpr double gap_factor = 1.5;

double mean_rate(std::span<const double> time_s) {
  const double span = time_s.size() < 2 ? 0 : time_s.back() - time_s.front();
  return span > 0 ? static_cast<double>(time_s.size() - 1) / span : 0;
}

}  // namespace

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

FrameTiming measure_timing(const RisingTimes& frames, double nominal_rate_hz) {
  FrameTiming timing;
  timing.nominal_rate_hz = nominal_rate_hz;
  timing.mean_rate_hz = mean_rate(frames.time_s);
  timing.repeated = frames.repeated;
  std::vector<double> intervals;
  for (std::size_t i = 1; i < frames.time_s.size(); ++i) {
    intervals.push_back(frames.time_s[i] - frames.time_s[i - 1]);
  }
  if (intervals.empty()) return timing;
  std::sort(intervals.begin(), intervals.end());
  timing.min_interval_s = intervals.front();
  timing.max_interval_s = intervals.back();
  const double limit = gap_factor * intervals[intervals.size() / 2];
  timing.gaps = intervals.end() - std::upper_bound(intervals.begin(), intervals.end(), limit);
  return timing;
}

ClockReport compare_clocks(std::span<const double> label_time_s,
                           std::span<const double> frame_time_s) {
  return {mean_rate(label_time_s), label_time_s.front() - frame_time_s.front(),
          label_time_s.back() - frame_time_s.back()};
}

}  // namespace rppg::data
