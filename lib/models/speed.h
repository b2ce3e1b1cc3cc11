/// How fast a network runs here, and how much memory that takes.
#pragma once

#include <cstddef>
#include <functional>

#include "models/network.h"

namespace rppg::models {

struct Speed {
  double frames_per_second = 0;
  std::size_t arena_bytes = 0;  ///< the most that activations and their gradients took
};

/// What is timed: a function of a clip (1, T, H, W, 3), and the parameters that it uses.
struct Timed {
  nn::ParameterStore& parameters;
  Shape clip;
  std::function<Tensor(Tensor)> function;
};

/// A whole network, which must outlive it, on a clip of so many frames.
Timed timed(Network& network, Index frames);

/// One clip of random numbers at a time, the median of five runs after two that are not timed.
/// Throw std::logic_error for a clip that the function cannot take, Error(interrupted) when a stop
/// was requested.
Speed measure_forward(const Timed& what, int threads);
/// Forward, backward and a step of AdamW; changes the parameters.
Speed measure_training(const Timed& what, int threads);

}  // namespace rppg::models
