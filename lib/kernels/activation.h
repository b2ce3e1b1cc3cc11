/// Functions applied to each number, and softmax.
#pragma once

#include "base/shape.h"

namespace rppg {

enum class Activation {
  none,
  relu,
  elu,  ///< x above 0, e^x - 1 below
  tanh,
  sigmoid,
  silu,      ///< x sigmoid(x)
  gelu,      ///< x times the normal distribution function, with erf
  softplus,  ///< ln(1 + e^x)
};

/// Whether add_gradient needs what went in (silu, gelu, softplus) or what came out (all others).
constexpr bool gradient_needs_input(Activation activation) {
  return activation >= Activation::silu;
}

/// Instruction sets differ by rounding; kernels/vector_math.inc.h states errors. NaN stays NaN.
struct ActivationKernels {
  /// y = activation(x), n numbers; y may be x.
  void (*apply)(Activation activation, const float* x, Index n, float* y);
  /// dx += dy times the slope, which `known` gives: x or y, see gradient_needs_input.
  void (*add_gradient)(Activation activation, const float* known, const float* dy, Index n,
                       float* dx);

  /// y[r] = e^x[r] / its sum, for rows of `width` > 0 numbers. At least one number of each row is
  /// finite; -inf gives 0.
  void (*softmax)(const float* x, Index rows, Index width, float* y);
  /// dx[r] += y[r] (dy[r] - <y[r], dy[r]>)
  void (*add_softmax_gradient)(const float* y, const float* dy, Index rows, Index width, float* dx);
};

}  // namespace rppg
