/// Sums, products, slices and turns of tensors.
#pragma once

#include "tensor/tape.h"

namespace rppg::ops {

// a and b have the same shape.
Tensor add(Tensor a, Tensor b);
Tensor subtract(Tensor a, Tensor b);
Tensor multiply(Tensor a, Tensor b);

Tensor scale(Tensor x, float factor);

/// x plus the bias, again and again. The shape of the bias is that of x's last axes: (C), or (T, C)
/// for (B, T, C).
Tensor add_bias(Tensor x, Tensor bias);

/// [begin, end) of the last axis.
Tensor slice(Tensor x, Index begin, Index end);
/// One after the other along the last axis; the other axes are the same.
Tensor concatenate(Tensor a, Tensor b);

/// (B, T, C), last frame first.
Tensor flip_time(Tensor x);

}  // namespace rppg::ops
