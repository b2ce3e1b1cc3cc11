/// Convolutions along time.
#pragma once

#include "tensor/tape.h"

namespace rppg::ops {

struct Convolution1dOptions {
  Index dilation = 1;  ///< frames from a tap to the next
  Index padding = 0;   ///< zeros before and after
};

/// x (B, T, Ci), weight (Co, Ci, k), bias (Co) or empty -> (B, T', Co) with
/// T' = T + 2 padding - dilation (k - 1):
/// y[t] = bias + sum_j weight[:, :, j] x[t + j dilation - padding].
/// Throws std::logic_error for shapes that do not fit.
Tensor convolution1d(Tensor x, Tensor weight, Tensor bias, const Convolution1dOptions& options);

}  // namespace rppg::ops
