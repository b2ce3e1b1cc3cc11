/// A number against a code book of K scalars (LQ-rPPG): soft reconstruction and token cross
/// entropy.
///
/// Both take -|v - c_j| as the logit of code j. Code books are constants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tensor/tensor.h"

namespace rppg::ops {

/// A value and its derivative for v.
struct ValueAndSlope {
  double value = 0;
  double slope = 0;
};

/// r = sum_j p_j c_j with p = softmax_j(-|v - c_j|); dr/dv = -sum_j p_j (c_j - r) sgn(v - c_j).
/// codes: at least one; the slope of |.| at 0 is 0.
ValueAndSlope soft_code(double v, std::span<const double> codes);

/// -ln p_token with the same p.
ValueAndSlope token_surprise(double v, std::span<const double> codes, std::size_t token);

/// soft_code() of each number. v of any shape; codes: K numbers of any shape.
Tensor soft_reconstruction(Tensor v, Tensor codes);

/// Mean of token_surprise() over all numbers of v; tokens: as many, each in [0, K), or
/// std::logic_error. They are not needed after the call.
Tensor token_cross_entropy(Tensor v, Tensor codes, std::span<const std::int32_t> tokens);

}  // namespace rppg::ops
