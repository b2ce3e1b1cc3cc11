/// The clean finger pulse of synthetic recordings, as `synthesize` keeps it beside them.
#pragma once

#include <optional>
#include <vector>

#include "data/recording.h"

namespace rppg::datasets {

struct CleanPulse {
  std::vector<double> stamp_s;  ///< per frame, from the first one, as the data set's files have it
  std::vector<double> pulse;    ///< per frame: blood volume in the finger
};

/// From truth.json beside the labels or truth/ID.truth.json beside their folder; none where there
/// is no such file. Throws Error(malformed).
std::optional<CleanPulse> read_clean_pulse(const data::Recording& recording);

}  // namespace rppg::datasets
