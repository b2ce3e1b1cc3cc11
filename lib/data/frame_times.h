/// Clean time axes out of stamps as devices write them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace rppg::data {

/// Rising times, and how far the stamps were from that.
struct RisingTimes {
  std::vector<double> time_s;
  std::int64_t repeated = 0;  ///< stamps that did not rise
};

/// The largest set of stamps that rise is kept (the earliest of several); the others are spread
/// evenly between those, and at the mean interval before the first and after the last. With fewer
/// than two rising stamps all are given back as they are.
RisingTimes rising(std::span<const double> stamps);

/// How evenly frames come.
struct FrameTiming {
  double nominal_rate_hz = 0;  ///< as container or layout state it
  double mean_rate_hz = 0;     ///< 0 when the times do not rise
  double min_interval_s = 0;
  double max_interval_s = 0;
  std::int64_t repeated = 0;  ///< frames whose stamp does not rise; they are spread evenly
  std::int64_t gaps = 0;      ///< intervals above 1.5 times the median
};
FrameTiming measure_timing(const RisingTimes& frames, double nominal_rate_hz);

/// How the clock of the labels lies to that of the frames.
struct ClockReport {
  double label_rate_hz = 0;   ///< measured; 0 when the times do not rise
  double start_offset_s = 0;  ///< first label minus first frame
  double end_offset_s = 0;    ///< last label minus last frame
};
/// Neither may be empty.
ClockReport compare_clocks(std::span<const double> label_time_s,
                           std::span<const double> frame_time_s);

}  // namespace rppg::data
