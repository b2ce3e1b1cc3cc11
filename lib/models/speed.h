/// How fast a network runs here, and how much memory that takes.
#pragma once

#include <cstddef>

#include "models/network.h"

namespace rppg::models {

struct Speed {
  double frames_per_second = 0;
  std::size_t arena_bytes = 0;  ///< the most that activations and their gradients took
};

/// One clip of random numbers at a time, the median of five runs after two that are not timed.
/// Throw std::logic_error for a number of frames that the network cannot take, Error(interrupted)
/// when a stop was requested.
Speed measure_forward(const Network& network, Index frames, int threads);
/// Forward, backward and a step of AdamW; changes the network.
Speed measure_training(Network& network, Index frames, int threads);

}  // namespace rppg::models
