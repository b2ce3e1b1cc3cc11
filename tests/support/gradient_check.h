/// Compares the backward pass of an op with differences of its forward pass.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tensor/tape.h"

namespace rppg::test {

/// What an input is filled with.
enum class Values {
  smooth,  ///< uniform in [low, high)
  spread,  ///< all at least 0.05 from zero and 0.1 from each other, in random order: for ops with
           ///< kinks or a maximum
};

/// An op on some inputs.
struct GradientCase {
  std::string name;           ///< the op's on the tape
  std::vector<Shape> inputs;  ///< each is checked on its own
  /// The tensor to check; x in the order of `inputs`. Called many times; must not keep anything.
  std::function<Tensor(const std::vector<Tensor>& x)> function;

  Values values = Values::smooth;
  double low = -1;
  double high = 1;
  bool training = true;
  double tolerance = 2e-3;  ///< of a directional derivative, relative to the gradient's norm
  double step = 1e-2;       ///< of the differences
};

/// Empty when the backward pass is right under the kernels in use; otherwise what is wrong.
///
/// With a random cotangent c, <gradient, v> is compared with the derivative of <c, f(x + h v)> by h
/// for random directions v of each input on its own, with sums in double. Gradients start with
/// random numbers, so that a pass that assigns is found; inputs that want no gradient must get
/// none, and leave the others' as they are; one and two threads must give the same bits.
std::string gradient_fault(const GradientCase& the_case);

}  // namespace rppg::test
