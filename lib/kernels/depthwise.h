/// Short causal filters along time, one per channel.
#pragma once

#include "base/shape.h"

namespace rppg {

/// Taps of each filter; the last one meets the present.
constexpr Index depthwise_taps = 4;

/// One sequence in the order in which it is filtered: its rows lie at x, x + x_row, ... Backwards
/// in time, x is the last row and x_row negative; the same goes for all other rows.
struct DepthwiseSequence {
  Index steps;
  Index channels;
  bool silu;  ///< y = SiLU(filtered) instead of y = filtered
  const float* x;
  Index x_row;
  const float* weight;  ///< (channels, 4)
  const float* bias;    ///< (channels)
};

/// Where gradients are added; each but dy may be null.
struct DepthwiseGradients {
  const float* dy;
  Index dy_row;
  float* dx;
  Index dx_row;
  float* dweight;
  float* dbias;
};

struct DepthwiseKernels {
  /// y[t] = [SiLU](bias + sum_j weight[j] x[t - 3 + j]), numbers before the first being zero. y has
  /// rows at y, y + y_row, ...
  void (*forward)(const DepthwiseSequence& sequence, float* y, Index y_row);
  void (*backward)(const DepthwiseSequence& sequence, const DepthwiseGradients& gradients);
};

}  // namespace rppg
