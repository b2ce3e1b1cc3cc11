#include "data/frame_times.h"

#include <algorithm>
#include <functional>

namespace rppg::data {
namespace {

/// Intervals longer than so many medians count as gaps.
constexpr double gap_factor = 1.5;

double mean_rate(std::span<const double> time_s) {
  const double span = time_s.size() < 2 ? 0 : time_s.back() - time_s.front();
  return span > 0 ? static_cast<double>(time_s.size() - 1) / span : 0;
}

/// Indices of the largest set of stamps that rise, the earliest of equally large ones; O(n log n).
std::vector<std::size_t> longest_rise(std::span<const double> stamps) {
  std::vector<double> starts;  // starts[k]: highest start of a rise of k + 1 stamps so far
  std::vector<std::size_t> length(stamps.size());  // of the longest rise from each stamp on
  for (std::size_t i = stamps.size(); i-- > 0;) {
    const auto place = std::lower_bound(starts.begin(), starts.end(), stamps[i], std::greater<>());
    length[i] = static_cast<std::size_t>(place - starts.begin()) + 1;
    if (place == starts.end()) {
      starts.push_back(stamps[i]);
    } else {
      *place = stamps[i];
    }
  }
  std::vector<std::size_t> rise;
  for (std::size_t i = 0; i < stamps.size(); ++i) {
    const bool higher = rise.empty() || stamps[i] > stamps[rise.back()];
    if (higher && length[i] == starts.size() - rise.size()) rise.push_back(i);
  }
  return rise;
}

}  // namespace

RisingTimes rising(std::span<const double> stamps) {
  const std::vector<std::size_t> kept = longest_rise(stamps);
  RisingTimes result{{stamps.begin(), stamps.end()},
                     static_cast<std::int64_t>(stamps.size() - kept.size())};
  if (kept.size() < 2 || result.repeated == 0) return result;

  const std::size_t first = kept.front();
  const std::size_t last = kept.back();
  const auto place = [&](std::size_t i, std::size_t from, double interval) {
    result.time_s[i] =
        stamps[from] + interval * (static_cast<double>(i) - static_cast<double>(from));
  };
  const double mean_interval = (stamps[last] - stamps[first]) / static_cast<double>(last - first);
  for (std::size_t i = 0; i < first; ++i) place(i, first, mean_interval);
  for (std::size_t k = 0; k + 1 < kept.size(); ++k) {
    const std::size_t from = kept[k];
    const std::size_t to = kept[k + 1];
    const double interval = (stamps[to] - stamps[from]) / static_cast<double>(to - from);
    for (std::size_t i = from + 1; i < to; ++i) place(i, from, interval);
  }
  for (std::size_t i = last + 1; i < stamps.size(); ++i) place(i, last, mean_interval);
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
