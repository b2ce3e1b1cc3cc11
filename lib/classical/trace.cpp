#include "classical/trace.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"
#include "signal/filter.h"

namespace rppg::classical {
namespace {

constexpr double window_seconds = 1.6;

}  // namespace

std::size_t window_length(double rate_hz) {
  return static_cast<std::size_t>(std::ceil(window_seconds * rate_hz));
}

void require_trace(const RgbTrace& trace, std::size_t frames, const char* method) {
  if (trace.size() < frames) {
    throw Error(Status::malformed, concat("too short: ", trace.size(), " frames, ", method,
                                          " needs at least ", frames));
  }
  for (const std::vector<double>& channel : trace.channels) {
    if (!std::all_of(channel.begin(), channel.end(), [](double x) { return std::isfinite(x); })) {
      throw Error(Status::malformed, concat(method, ": a colour is not finite"));
    }
  }
}

double nonzero_mean(std::span<const double> color, const char* method) {
  const double mean = signal::mean(color);
  if (!(mean > 0)) throw Error(Status::malformed, concat(method, ": a colour channel is black"));
  return mean;
}

std::array<std::vector<double>, 3> normalized_window(const RgbTrace& trace, std::size_t start,
                                                     std::size_t length, const char* method) {
  std::array<std::vector<double>, 3> window;
  for (std::size_t c = 0; c < 3; ++c) {
    const auto part = std::span(trace.channels[c]).subspan(start, length);
    const double mean = nonzero_mean(part, method);
    for (const double value : part) window[c].push_back(value / mean);
  }
  return window;
}

}  // namespace rppg::classical
