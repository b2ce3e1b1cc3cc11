/// When a synthetic camera takes its frames, and what the files say about it.
#pragma once

#include <vector>

#include "base/random.h"
#include "datasets/synthetic/body/body_traits.h"

namespace rppg::datasets {

/// One entry per frame that is written.
struct FrameTimes {
  std::vector<double> exposure_s;  ///< equal to the one before where a picture is doubled
  std::vector<double> stamp_s;     ///< rises
};

/// `frames` frames from start_s on; the first one is exactly there. The camera runs at a rate up to
/// `slowness` below nominal; frames are lost one or a few at a time, seldom for as long as a
/// second, and leave a gap; a doubled frame has its own stamp.
FrameTimes frame_times(const TimingTraits& traits, const Random& random, std::size_t frames,
                       double start_s, double nominal_rate_hz);

}  // namespace rppg::datasets
