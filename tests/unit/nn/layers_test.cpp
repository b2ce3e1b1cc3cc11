// Names, shapes and initial values of layers.
#include "nn/layers.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <doctest/doctest.h>

#include "nn/mamba.h"

namespace rppg::nn {
namespace {

Tensor find(const ParameterStore& store, const char* name) {
  const Parameter* parameter = store.find(name);
  REQUIRE_MESSAGE(parameter != nullptr, name);
  return parameter->tensor;
}

void check_uniform(Tensor tensor, double bound) {
  const auto [low, high] = std::minmax_element(tensor.values().begin(), tensor.values().end());
  CHECK(static_cast<double>(*low) >= -bound);
  CHECK(static_cast<double>(*high) < bound);
  CHECK(static_cast<double>(*high - *low) > bound);
}

void check_constant(Tensor tensor, float value) {
  for (const float v : tensor.values()) CHECK(v == value);
}

double standard_deviation(Tensor tensor) {
  double sum = 0;
  for (const float v : tensor.values()) sum += static_cast<double>(v) * static_cast<double>(v);
  return std::sqrt(sum / static_cast<double>(tensor.count()));
}

}  // namespace

TEST_CASE("layers start as PyTorch's do") {
  ParameterStore store;
  const Scope scope(store);
  const Linear linear(scope / "linear", 25, 30);
  const Linear bare(scope / "bare", 3, 2, {.bias = false, .weight_start = {.a = 7}});
  const Convolution1d convolution(scope / "convolution", 5, 40, 5, {});
  const LayerNorm norm(scope / "norm", 6);
  store.initialize(1);
  CHECK(find(store, "linear.weight").shape() == Shape{30, 25});
  check_uniform(find(store, "linear.weight"), 0.2);
  check_uniform(find(store, "linear.bias"), 0.2);
  check_constant(find(store, "bare.weight"), 7);
  CHECK(store.find("bare.bias") == nullptr);
  CHECK(find(store, "convolution.weight").shape() == Shape{40, 5, 5});
  check_uniform(find(store, "convolution.weight"), 0.2);
  check_uniform(find(store, "convolution.bias"), 0.2);
  check_constant(find(store, "norm.weight"), 1);
  check_constant(find(store, "norm.bias"), 0);
}

TEST_CASE("a bidirectional Mamba block has the published names, shapes and initial values") {
  ParameterStore store;
  const BiMamba block(Scope(store) / "mamba_1" / 0, {.width = 64});
  store.initialize(1);
  CHECK(store.parameters().size() == 18);
  CHECK(store.trained_count() == 65408);
  const auto get = [&](const char* name) {
    return find(store, (std::string("mamba_1.0.") + name).c_str());
  };
  for (const char* name : {"mamba.A_log", "mamba.A_b_log"}) {
    CHECK(get(name).shape() == Shape{128, 48});
    CHECK(get(name).values()[0] == 0);
    CHECK(get(name).values()[127 * 48 + 47] == static_cast<float>(std::log(48.0)));
  }
  check_constant(get("mamba.D"), 1);
  check_constant(get("mamba.D_b"), 1);
  check_constant(get("mamba.dt_proj.bias"), 0);
  check_constant(get("mamba.dt_proj_b.bias"), 0);
  check_constant(get("x_norm.weight"), 1);
  check_constant(get("x_norm.bias"), 0);
  CHECK(get("mamba.conv1d.weight").shape() == Shape{128, 1, 4});
  check_uniform(get("mamba.conv1d.weight"), 0.5);
  check_uniform(get("mamba.conv1d_b.bias"), 0.5);
  CHECK(get("mamba.in_proj.weight").shape() == Shape{256, 64});
  CHECK(get("mamba.x_proj.weight").shape() == Shape{100, 128});
  CHECK(get("mamba.dt_proj_b.weight").shape() == Shape{128, 4});
  CHECK(get("mamba.out_proj.weight").shape() == Shape{64, 128});
  for (const char* name : {"mamba.in_proj.weight", "mamba.x_proj_b.weight", "mamba.dt_proj.weight",
                           "mamba.out_proj.weight"}) {
    CHECK(standard_deviation(get(name)) == doctest::Approx(0.02).epsilon(0.1));
  }
}

TEST_CASE("a second step of a Mamba block needs no more memory, and no gradient is left out") {
  ParameterStore store;
  const BiMamba block(Scope(store), {.width = 3});
  store.initialize(1);
  const std::vector<float> x{0.3F, -1, 2, 0.5F, 0.1F, -0.2F};
  Arena arena;
  std::size_t peak = 0;
  for (int step = 0; step < 2; ++step) {
    Tape tape(arena, {.training = true, .gradients = true});
    const Tensor y = block(tape.input(x, {1, 2, 3}, true));
    CHECK(y.shape() == Shape{1, 2, 3});
    tape.backward(y, x);
    if (step > 0) CHECK(arena.peak_bytes() == peak);
    peak = arena.peak_bytes();
  }
  for (const Parameter& parameter : store.parameters()) {
    const std::span<const float> gradient = parameter.tensor.gradient();
    CAPTURE(parameter.name);
    CHECK(std::any_of(gradient.begin(), gradient.end(), [](float v) { return v != 0; }));
  }
}

}  // namespace rppg::nn
