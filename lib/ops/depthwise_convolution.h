/// Causal convolution along time, one filter of four taps per channel.
#pragma once

#include "ops/columns.h"
#include "ops/time_direction.h"
#include "tensor/tape.h"

namespace rppg::ops {

struct DepthwiseOptions {
  TimeDirection direction = TimeDirection::forward;
  bool silu = false;  ///< SiLU(filtered), fused
};

/// x (B, T, C), weight (C, 1, 4), bias (C) -> (B, T, C):
/// y[t] = bias + sum_j weight[j] x[t - 3 + j] forward in time, x[t + 3 - j] backward; zeros
/// outside. Throws std::logic_error for shapes that do not fit.
Tensor depthwise_convolution(Columns x, Tensor weight, Tensor bias,
                             const DepthwiseOptions& options);

}  // namespace rppg::ops
