// The bidirectional Mamba block and its gradients against a plain PyTorch restatement of
// VideoMamba's in double precision.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "io/hdf5.h"
#include "kernels/kernels.h"
#include "nn/mamba.h"
#include "support/compare.h"
#include "support/resources.h"
#include "tensor/tape.h"

using namespace rppg;

namespace {

std::vector<double> as_doubles(std::span<const float> values) {
  return {values.begin(), values.end()};
}

/// A case of the file: width, number of states.
struct Golden {
  const char* name;
  Index width;
  Index states;
};

void load(const io::Hdf5Reader& file, const std::string& folder, nn::ParameterStore& store) {
  store.initialize(0);
  for (const nn::Parameter& parameter : store.parameters()) {
    const std::vector<float> values = file.floats(concat(folder, parameter.name));
    REQUIRE(values.size() == parameter.tensor.values().size());
    std::copy(values.begin(), values.end(), parameter.tensor.mutable_values().begin());
  }
  REQUIRE(store.parameters().size() == file.list(folder).size());
}

void check(const io::Hdf5Reader& file, const Golden& golden, int threads) {
  const std::string folder = concat("/", golden.name, "/");
  nn::ParameterStore store;
  const nn::BiMamba block(nn::Scope(store), {.width = golden.width, .states = golden.states});
  load(file, folder + "param/", store);

  const std::vector<std::uint64_t> extents = file.extents(folder + "x");
  const Shape shape{static_cast<Index>(extents[0]), static_cast<Index>(extents[1]), golden.width};
  const std::vector<float> input = file.floats(folder + "x");
  Arena arena;
  Tape tape(arena, {.training = true, .gradients = true, .threads = threads});
  const Tensor x = tape.input(input, shape, true);
  const Tensor y = block(x);
  tape.backward(y, file.floats(folder + "grad_y"));

  constexpr double tolerance = 1e-4;
  constexpr double rounding = 1e-9;  // of the reference, where the gradient is zero: width 1
  CHECK(test::relative_difference(as_doubles(y.values()), file.doubles(folder + "y")) < tolerance);
  CHECK(test::relative_difference(as_doubles(x.gradient()), file.doubles(folder + "grad_x")) <
        tolerance);
  for (const nn::Parameter& parameter : store.parameters()) {
    CAPTURE(parameter.name);
    const std::vector<double> gradient = as_doubles(parameter.tensor.gradient());
    const std::vector<double> expected = file.doubles(concat(folder, "grad/", parameter.name));
    if (test::largest_difference(gradient, expected) > rounding) {
      CHECK(test::relative_difference(gradient, expected) < tolerance);
    }
  }
}

}  // namespace

TEST_CASE("a bidirectional Mamba block agrees with PyTorch, forward and backward") {
  const io::Hdf5Reader file(test::fixture("golden/nn/bimamba.h5"));
  for (const Kernels* table : available_kernels()) {
    const KernelsOverride override(*table);
    CAPTURE(table->isa);
    for (const Golden& golden : {Golden{"d8", 8, 16}, {"d32", 32, 8}, {"d1", 1, 48}}) {
      CAPTURE(golden.name);
      check(file, golden, 1);
      check(file, golden, 2);
    }
  }
}
