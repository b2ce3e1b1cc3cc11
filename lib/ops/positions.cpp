#include "ops/positions.h"

#include <stdexcept>

#include "kernels/kernels.h"

namespace rppg::ops {

Tensor add_positions(Tensor x, Tensor positions) {
  const Shape& shape = x.shape();
  const Index longest = positions.shape()[1];
  require_shape("add_positions: x", shape, {shape[0], shape[1], shape[2]});
  require_shape("add_positions: positions", positions.shape(), {1, longest, shape[2]});
  if (shape[1] > longest) {
    throw std::logic_error("add_positions: " + std::to_string(shape[1]) + " frames, at most " +
                           std::to_string(longest));
  }
  const Index clips = shape[0], size = shape[1] * shape[2];
  const Tensor y = x.tape().output(shape, {x, positions});
  for (Index b = 0; b < clips; ++b) {
    kernels().elementwise.add(x.values().data() + b * size, positions.values().data(), size,
                              y.mutable_values().data() + b * size);
  }
  return y.tape().record("add_positions", y, [=] {
    for (Index b = 0; b < clips; ++b) {
      const float* dy = y.gradient().data() + b * size;
      if (x.wants_gradient()) {
        kernels().elementwise.add_scaled(dy, 1, size, x.gradient().data() + b * size);
      }
      if (positions.wants_gradient()) {
        kernels().elementwise.add_scaled(dy, 1, size, positions.gradient().data());
      }
    }
  });
}

}  // namespace rppg::ops
