/// Dense layers.
#pragma once

#include "ops/columns.h"
#include "tensor/tape.h"

namespace rppg::ops {

/// y = x W^T + b on the last axis: x (..., in), weight (out, in), bias (out) or empty -> (...,
/// out). Throws std::logic_error for shapes that do not fit.
Tensor linear(Columns x, Tensor weight, Tensor bias = {});

}  // namespace rppg::ops
