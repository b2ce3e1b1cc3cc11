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

/// Stamps that exceed all before them are kept; the others are spread evenly between those, the
/// last ones at the mean interval. With fewer than two rising stamps all are given back as they
/// are.
RisingTimes rising(std::span<const double> stamps);

/// Sorted differences of successive times.
std::vector<double> sorted_intervals(std::span<const double> time_s);

}  // namespace rppg::data
