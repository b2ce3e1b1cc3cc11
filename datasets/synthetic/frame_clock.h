/// When a synthetic camera takes its frames.
#pragma once

#include <vector>

#include "base/random.h"
#include "datasets/synthetic/difficulty.h"

namespace rppg::datasets {

/// Stamps of `frames` frames from start_s at rate_hz with the difficulty's jitter; they rise, and
/// the first one has none.
std::vector<double> frame_stamps(const Difficulty& difficulty, const Random& random,
                                 std::size_t frames, double start_s, double rate_hz);

}  // namespace rppg::datasets
