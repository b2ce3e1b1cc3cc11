#include "data/label_wave.h"

#include <cmath>

#include "base/error.h"
#include "data/frame_times.h"
#include "signal/filter.h"

namespace rppg::data {
namespace {

/// At rate_hz from the first to the last sample.
std::vector<double> on_even_grid(const std::vector<double>& time_s, const std::vector<double>& ppg,
                                 double rate_hz) {
  std::vector<double> grid;
  for (double i = 0; time_s.front() + i / rate_hz <= time_s.back() + 1e-9; ++i) {
    grid.push_back(time_s.front() + i / rate_hz);
  }
  return signal::interpolate(time_s, ppg, grid);
}

std::vector<double> per_frame(const Labels& labels, double span_s, double rate_hz) {
  if (labels.per_frame) return labels.ppg;
  const std::size_t frames = labels.frame_time_s.empty()
                                 ? static_cast<std::size_t>(span_s * rate_hz + 1e-9) + 1
                                 : labels.frame_time_s.size();
  return signal::resample_index(labels.ppg, frames);
}

}  // namespace

LabelWave label_wave(const Recording& recording, const Labels& labels, Alignment alignment,
                     double rate_hz) {
  require_usable(labels, recording);
  const std::vector<double> time_s = rising(labels.time_s).time_s;
  LabelWave result{{{}, rate_hz}, time_s.front()};
  result.wave.samples = alignment == Alignment::timestamps
                            ? on_even_grid(time_s, labels.ppg, rate_hz)
                            : per_frame(labels, time_s.back() - time_s.front(), rate_hz);
  if (result.wave.samples.size() < 2) {
    throw Error(Status::malformed, recording.labels, "fewer than two samples at this rate");
  }
  return result;
}

}  // namespace rppg::data
