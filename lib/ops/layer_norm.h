/// Normalisation of each row.
#pragma once

#include "tensor/tape.h"

namespace rppg::ops {

/// (x - mean) / sqrt(variance + epsilon) weight + bias, with mean and (biased) variance over the
/// last axis of x (..., C); weight and bias (C). Ba et al., "Layer normalization", 2016.
Tensor layer_norm(Tensor x, Tensor weight, Tensor bias, float epsilon = 1e-5F);

}  // namespace rppg::ops
