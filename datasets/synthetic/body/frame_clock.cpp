#include "datasets/synthetic/body/frame_clock.h"

#include <algorithm>
#include <cmath>

namespace rppg::datasets {
namespace {

constexpr double least_distance_s = 0.001;
constexpr int longest_run = 28;
constexpr double tail = 1.43;  ///< runs of n or more lost frames: a share n^-tail of all runs

double mean_run() {
  double mean = 0;
  for (int n = 1; n <= longest_run; ++n) mean += std::pow(n, -tail);
  return mean;
}

/// Numbers of the camera's frames that are kept.
std::vector<double> kept_frames(double dropped, const Random& random, std::size_t frames) {
  const double chance = dropped / ((1 - dropped) * mean_run());
  std::vector<double> kept;
  double number = 0;
  for (std::size_t i = 0; i < frames; ++i) {
    if (i > 0) number += 1;
    if (i > 0 && random.uniform(2 * i) < chance) {
      const double luck = std::max(random.uniform(2 * i + 1), 1e-6);
      number += std::min<double>(std::floor(std::pow(luck, -1 / tail)), longest_run);
    }
    kept.push_back(number);
  }
  return kept;
}

double polled(double time_s, double poll_s) {
  return poll_s > 0 ? std::ceil(time_s / poll_s - 1e-9) * poll_s : time_s;
}

}  // namespace

FrameTimes frame_times(const TimingTraits& traits, const Random& random, std::size_t frames,
                       double start_s, double nominal_rate_hz) {
  const double rate_hz = nominal_rate_hz * (1 - random.uniform(0, 0, traits.slowness));
  const double jitter_s = std::min(traits.jitter_s, 0.4 / rate_hz);
  const Random offsets(random.bits(1), "jitter");
  const Random repeats(random.bits(2), "doubled");
  FrameTimes times;
  for (const double number : kept_frames(traits.dropped, {random.bits(3), "dropped"}, frames)) {
    const std::size_t i = times.stamp_s.size();
    const double offset_s = i == 0 ? 0 : offsets.uniform(i, -jitter_s, jitter_s);
    const double exposure_s = start_s + number / rate_hz + offset_s;
    const double stamp_s = i == 0 ? start_s : polled(exposure_s, traits.poll_s);
    const bool doubled = i > 0 && repeats.uniform(i) < traits.doubled;
    times.exposure_s.push_back(doubled ? times.exposure_s.back() : exposure_s);
    times.stamp_s.push_back(i == 0 ? stamp_s
                                   : std::max(stamp_s, times.stamp_s.back() + least_distance_s));
  }
  return times;
}

}  // namespace rppg::datasets
