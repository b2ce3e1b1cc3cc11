#include "ops/batch_norm.h"

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "kernels/kernels.h"
#include "ops/activation.h"
#include "ops/convolution.h"

namespace rppg::ops {
namespace {

std::vector<float> random_floats(Index n, std::string_view stream, double low, double high) {
  const Random random(2, stream);
  std::vector<float> values(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(random.uniform(i, low, high));
  }
  return values;
}

/// Parameters and running averages of a batch norm.
struct Layer {
  explicit Layer(Index channels)
      : weight(random_floats(channels, "weight", 0.5, 2)),
        bias(random_floats(channels, "bias", -1, 1)),
        mean(static_cast<std::size_t>(channels), 0.25F),
        variance(static_cast<std::size_t>(channels), 2) {
    const Shape shape{channels};
    nodes[0] = {.shape = shape, .values = mean.data()};
    nodes[1] = {.shape = shape, .values = variance.data()};
    nodes[2] = {.shape = {}, .values = &count};
  }

  Tensor apply(Tensor x, const BatchNormOptions& options = {}) {
    const Shape shape{static_cast<Index>(weight.size())};
    Tape& tape = x.tape();
    return batch_norm(x, tape.input(weight, shape), tape.input(bias, shape), Tensor(&nodes[0]),
                      Tensor(&nodes[1]), Tensor(&nodes[2]), options);
  }

  std::vector<float> weight, bias, mean, variance;
  float count = 0;
  TensorNode nodes[3];
};

struct Moments {
  double mean = 0;
  double variance = 0;  ///< biased
};

Moments moments_of_channel(const std::vector<float>& x, std::size_t channel, std::size_t channels) {
  const auto count = static_cast<double>(x.size() / channels);
  Moments moments;
  for (std::size_t i = channel; i < x.size(); i += channels) moments.mean += double{x[i]} / count;
  for (std::size_t i = channel; i < x.size(); i += channels) {
    moments.variance += std::pow(double{x[i]} - moments.mean, 2) / count;
  }
  return moments;
}

TEST_CASE("batch norm in training: statistics of the batch, running averages, counter") {
  for (const Kernels* table : available_kernels()) {
    const KernelsOverride override(*table);
    for (const Index channels : {1, 3, 8, 17, 64, 300}) {
      CAPTURE(channels);
      const Shape shape{2, 7, 5, channels};
      const std::vector<float> x = random_floats(shape.count(), "x", -1, 3);
      Layer layer(channels);
      Arena arena;
      Tape tape(arena, {.training = true});
      const Tensor y = layer.apply(tape.input(x, shape));
      for (std::size_t i = 0; i < x.size(); ++i) {
        const std::size_t c = i % layer.weight.size();
        const Moments moments = moments_of_channel(x, c, layer.weight.size());
        const double normal = (double{x[i]} - moments.mean) / std::sqrt(moments.variance + 1e-5);
        const double wanted = normal * double{layer.weight[c]} + double{layer.bias[c]};
        REQUIRE(std::abs(double{y.values()[i]} - wanted) < 5e-6);
        REQUIRE(std::abs(double{layer.mean[c]} - (0.9 * 0.25 + 0.1 * moments.mean)) < 1e-6);
        REQUIRE(std::abs(double{layer.variance[c]} - (1.8 + 0.1 * moments.variance * 70 / 69)) <
                1e-6);
      }
      CHECK(layer.count == 1);
    }
  }
}

TEST_CASE("batch norm otherwise: running averages, which stay") {
  const Shape shape{5, 3};
  const std::vector<float> x = random_floats(shape.count(), "x", -1, 3);
  Layer layer(3);
  Arena arena;
  Tape tape(arena, {});
  const Tensor y = layer.apply(tape.input(x, shape));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double normal = (double{x[i]} - 0.25) / std::sqrt(2 + 1e-5);
    const double wanted = normal * double{layer.weight[i % 3]} + double{layer.bias[i % 3]};
    CHECK(std::abs(double{y.values()[i]} - wanted) < 1e-6);
  }
  CHECK(layer.mean == std::vector<float>(3, 0.25F));
  CHECK(layer.variance == std::vector<float>(3, 2));
  CHECK(layer.count == 0);
}

TEST_CASE("batch norm of a small signal on a large mean") {
  const Index n = 50000;
  std::vector<float> x = random_floats(n, "x", -0.5, 0.5);
  for (float& v : x) v += 1000;
  Layer layer(1);
  Arena arena;
  Tape tape(arena, {.training = true});
  const Tensor y = layer.apply(tape.input(x, {n, 1}));
  const Moments moments = moments_of_channel(x, 0, 1);
  for (std::size_t i = 0; i < x.size(); i += 97) {
    const double normal = (double{x[i]} - moments.mean) / std::sqrt(moments.variance + 1e-5);
    const double wanted = normal * double{layer.weight[0]} + double{layer.bias[0]};
    CHECK(std::abs(double{y.values()[i]} - wanted) < 5e-4);  // x itself is rounded to 6e-5
  }
}

TEST_CASE("fused activations are the composition of the parts, gradients too") {
  const Shape shape{60, 24};
  const std::vector<float> x = random_floats(shape.count(), "x", -1, 3);
  const std::vector<float> cotangent = random_floats(shape.count(), "cotangent", -1, 1);
  for (const Kernels* table : available_kernels()) {
    const KernelsOverride override(*table);
    for (const bool training : {false, true}) {
      for (const Activation activation : {Activation::relu, Activation::elu}) {
        const auto run = [&](bool fused) {
          Layer layer(24);
          Arena arena;
          Tape tape(arena, {.training = training, .gradients = true});
          const Tensor in = tape.input(x, shape, true);
          const Tensor y = fused ? layer.apply(in, {.activation = activation})
                                 : activate(layer.apply(in), activation);
          tape.backward(y, cotangent);
          std::vector<float> all(y.values().begin(), y.values().end());
          all.insert(all.end(), in.gradient().begin(), in.gradient().end());
          return all;
        };
        const std::vector<float> fused = run(true);
        const std::vector<float> parts = run(false);
        for (std::size_t i = 0; i < fused.size(); ++i) {
          REQUIRE(std::abs(fused[i] - parts[i]) < 2e-6F);
        }
      }
    }
  }
}

TEST_CASE("batch norm does not depend on the number of threads") {
  const Shape shape{20000, 8};
  const std::vector<float> x = random_floats(shape.count(), "x", -1, 3);
  const auto run = [&](int threads) {
    Layer layer(8);
    Arena arena;
    Tape tape(arena, {.training = true, .gradients = true, .threads = threads});
    const Tensor in = tape.input(x, shape, true);
    const Tensor y = layer.apply(in);
    tape.backward(y, x);
    std::vector<float> all(y.values().begin(), y.values().end());
    all.insert(all.end(), in.gradient().begin(), in.gradient().end());
    return all;
  };
  CHECK((run(1) == run(3)));
}

TEST_CASE("batch norm refuses what it cannot do") {
  const std::vector<float> x(6, 1);
  Layer layer(3);
  Arena arena;
  Tape tape(arena, {.training = true});
  CHECK_THROWS_AS(layer.apply(tape.input(x, {3, 2})), std::logic_error);
  CHECK_THROWS_AS(layer.apply(tape.input(x, {2, 3}), {.activation = Activation::tanh}),
                  std::logic_error);
  CHECK_THROWS_AS(layer.apply(tape.input(std::span(x).first(3), {1, 3})), std::logic_error);
}

TEST_CASE("a convolution that has absorbed a batch norm makes the norm's numbers") {
  const Shape shape{5, 2, 3, 3};
  const std::vector<float> w = random_floats(shape.count(), "w", -1, 1);
  const std::vector<float> b = random_floats(5, "b", -1, 1);
  const std::vector<float> clip = random_floats(2 * 3 * 6 * 7 * 2, "clip", -1, 1);
  Layer layer(5);
  layer.mean = random_floats(5, "mean", -1, 1);
  layer.variance = random_floats(5, "variance", 0.1, 3);
  for (std::size_t c = 0; c < 2; ++c)
    layer.nodes[c].values = (c == 0 ? layer.mean : layer.variance).data();
  Arena arena;
  Tape tape(arena, {});
  const Tensor x = tape.input(clip, {2, 3, 6, 7, 2});
  const WeightAndBias linear{tape.input(w, shape), tape.input(b, {5})};
  const Tensor normed = layer.apply(convolution(x, linear.weight, linear.bias, {.padding = 1}));
  const WeightAndBias absorbed = absorb_batch_norm(
      tape, linear, tape.input(layer.weight, {5}), tape.input(layer.bias, {5}),
      Tensor(&layer.nodes[0]), Tensor(&layer.nodes[1]), BatchNormOptions{}.epsilon);
  const Tensor y = convolution(x, absorbed.weight, absorbed.bias, {.padding = 1});
  for (std::size_t i = 0; i < y.values().size(); ++i) {
    REQUIRE(std::abs(y.values()[i] - normed.values()[i]) < 2e-5F);
  }
}

}  // namespace
}  // namespace rppg::ops
