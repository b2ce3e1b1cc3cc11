#include "ops/layer_norm.h"

#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "kernels/kernels.h"

namespace rppg::ops {
namespace {

TEST_CASE("layer norm of one channel is the bias, exactly") {
  const std::vector<float> x{0.1F, -3.7F, 1e6F, 1e-6F, 0};
  const float weight = 3;
  const float bias = 0.7F;
  for (const Kernels* table : available_kernels()) {
    const KernelsOverride override(*table);
    Arena arena;
    Tape tape(arena, {});
    const Tensor y = layer_norm(tape.input(x, {5, 1}), tape.input({&weight, 1}, {1}),
                                tape.input({&bias, 1}, {1}));
    for (const float v : y.values()) CHECK(v == bias);
  }
}

TEST_CASE("layer norm by hand") {
  const std::vector<float> x{1, 2, 3, 6};
  const std::vector<float> weight{1, 2, 1, 1};
  const std::vector<float> bias{0, 0, 1, 0};
  Arena arena;
  Tape tape(arena, {});
  const Tensor y =
      layer_norm(tape.input(x, {1, 4}), tape.input(weight, {4}), tape.input(bias, {4}), 0.5F);
  // Mean 3, variance (4 + 1 + 0 + 9) / 4 = 3.5; 1 / sqrt(3.5 + 0.5) = 0.5.
  CHECK(y.values()[0] == -1);
  CHECK(y.values()[1] == -1);
  CHECK(y.values()[2] == 1);
  CHECK(y.values()[3] == 1.5F);
  CHECK_THROWS_AS(layer_norm(tape.input(x, {2, 2}), tape.input(weight, {4}), tape.input(bias, {4})),
                  std::logic_error);
}

}  // namespace
}  // namespace rppg::ops
