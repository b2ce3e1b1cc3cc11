/// Waveforms without their mean, over their standard deviation.
#pragma once

#include "tensor/tape.h"

namespace rppg::ops {

/// (x - mean) / (s + epsilon) of each row of x (B, T), s being the unbiased standard deviation; in
/// double precision. Throws std::logic_error for fewer than two frames.
Tensor standardize(Tensor x, double epsilon);

}  // namespace rppg::ops
