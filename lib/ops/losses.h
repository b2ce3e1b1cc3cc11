/// Distances of waveforms in time. Each loss is one number (shape ()); the arithmetic is in double
/// precision. Targets are constants: no gradient goes to them.
#pragma once

#include "tensor/tensor.h"

namespace rppg::ops {

/// The same numbers as a constant.
Tensor stop_gradient(Tensor x);

/// Mean of (x - target)^2 over all numbers. x and target (B, T).
Tensor mean_squared_error(Tensor x, Tensor target);

/// Mean over clips of 1 - Pearson correlation, as for PhysNet (Yu et al. 2019): epsilon 0; LQ-rPPG
/// has 1e-8 in the denominator (signal/distance.h). x and target (B, T).
Tensor negative_pearson(Tensor x, Tensor target, double epsilon = 0);

}  // namespace rppg::ops
