// Activations against double precision: errors over dense ranges, ends of arrays, special numbers.
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "kernels/kernels.h"
#include "support/framed_floats.h"

namespace rppg {
namespace {

using test::FramedFloats;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

double normal_distribution(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

double value(Activation activation, double x) {
  switch (activation) {
    case Activation::none:
      return x;
    case Activation::relu:
      return x > 0 ? x : 0;
    case Activation::elu:
      return x > 0 ? x : std::expm1(x);
    case Activation::tanh:
      return std::tanh(x);
    case Activation::sigmoid:
      return 1 / (1 + std::exp(-x));
    case Activation::silu:
      return x / (1 + std::exp(-x));
    case Activation::gelu:
      return x * normal_distribution(x);
    case Activation::softplus:
      return (x > 0 ? x : 0) + std::log1p(std::exp(-std::abs(x)));
  }
  return 0;
}

double slope(Activation activation, double x) {
  const double s = 1 / (1 + std::exp(-x));
  switch (activation) {
    case Activation::none:
      return 1;
    case Activation::relu:
      return x > 0 ? 1 : 0;
    case Activation::elu:
      return x > 0 ? 1 : std::exp(x);
    case Activation::tanh:
      return 1 - std::tanh(x) * std::tanh(x);
    case Activation::sigmoid:
      return s * (1 - s);
    case Activation::silu:
      return s + s * x * (1 - s);
    case Activation::gelu:
      return normal_distribution(x) + x * std::exp(-x * x / 2) * 0.39894228040143268;
    case Activation::softplus:
      return s;
  }
  return 0;
}

const std::vector<Activation> all_activations{
    Activation::none,    Activation::relu, Activation::elu,  Activation::tanh,
    Activation::sigmoid, Activation::silu, Activation::gelu, Activation::softplus};

struct Errors {
  double absolute = 0;
  double relative = 0;
};

/// Over [low, high] in even steps, and near zero in steps of a constant ratio.
Errors largest_errors(const Kernels& table, Activation activation, double low, double high) {
  std::vector<float> x;
  for (int i = 0; i <= 200000; ++i) x.push_back(static_cast<float>(low + (high - low) * i / 2e5));
  for (double small = 1e-30; small < 1; small *= 1.01) {
    if (high > 0) x.push_back(static_cast<float>(small));
    if (low < 0) x.push_back(static_cast<float>(-small));
  }
  std::vector<float> y(x.size());
  table.activation.apply(activation, x.data(), static_cast<Index>(x.size()), y.data());
  Errors errors;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double wanted = value(activation, double{x[i]});
    const double error = std::abs(double{y[i]} - wanted);
    errors.absolute = std::max(errors.absolute, error);
    if (wanted != 0) errors.relative = std::max(errors.relative, error / std::abs(wanted));
  }
  return errors;
}

float apply(const Kernels& table, Activation activation, float x) {
  float y = 0;
  table.activation.apply(activation, &x, 1, &y);
  return y;
}

TEST_CASE("activations are as exact as they state") {
  for (const Kernels* table : available_kernels()) {
    CAPTURE(std::string(table->isa));
    CHECK(largest_errors(*table, Activation::relu, -20, 20).absolute == 0);
    CHECK(largest_errors(*table, Activation::elu, -80, 20).relative < 3e-7);
    CHECK(largest_errors(*table, Activation::tanh, -20, 20).relative < 4e-7);
    CHECK(largest_errors(*table, Activation::sigmoid, -87, 87).relative < 4e-7);
    CHECK(largest_errors(*table, Activation::silu, -87, 87).relative < 4e-7);
    CHECK(largest_errors(*table, Activation::gelu, -10, 10).absolute < 1.5e-6);
    CHECK(largest_errors(*table, Activation::gelu, -1, 1).relative < 7e-7);
    CHECK(largest_errors(*table, Activation::softplus, -87, 87).relative < 3e-7);
  }
}

TEST_CASE("activations at infinity and beyond their ranges") {
  for (const Kernels* table : available_kernels()) {
    CAPTURE(std::string(table->isa));
    for (const float large : {100.0F, 1e30F, infinity}) {
      CHECK(apply(*table, Activation::elu, -large) == -1);
      CHECK(std::abs(apply(*table, Activation::tanh, large) - 1) <= 3e-7F);
      CHECK(std::abs(apply(*table, Activation::tanh, -large) + 1) <= 3e-7F);
      CHECK(std::abs(apply(*table, Activation::sigmoid, large) - 1) <= 1.2e-7F);
      CHECK(apply(*table, Activation::sigmoid, -large) < 2e-38F);
      CHECK(apply(*table, Activation::softplus, large) == large);
      CHECK(apply(*table, Activation::softplus, -large) == 0);
      CHECK(apply(*table, Activation::gelu, large) == large);
      CHECK(std::abs(apply(*table, Activation::gelu, -large)) <= 1.5e-6F);
    }
    for (const Activation activation : all_activations) {
      CAPTURE(static_cast<int>(activation));
      CHECK(std::isnan(apply(*table, activation, not_a_number)));
    }
  }
}

TEST_CASE("activations and their gradients at every length up to 67") {
  for (const Kernels* table : available_kernels()) {
    for (const Activation activation : all_activations) {
      for (Index n = 0; n <= 67; ++n) {
        CAPTURE(n);
        FramedFloats x(n, "x", -3, 3);
        FramedFloats dy(n, "dy", -1, 1);
        FramedFloats y(n);
        FramedFloats dx(n, 0.5F);
        table->activation.apply(activation, x.begin(), n, y.begin());
        FramedFloats& known = gradient_needs_input(activation) ? x : y;
        table->activation.add_gradient(activation, known.begin(), dy.begin(), n, dx.begin());
        for (Index i = 0; i < n; ++i) {
          REQUIRE(double{y[i]} == doctest::Approx(value(activation, double{x[i]})).epsilon(1e-6));
          const double wanted = 0.5 + slope(activation, double{x[i]}) * double{dy[i]};
          REQUIRE(std::abs(double{dx[i]} - wanted) < 1e-6);
        }
        REQUIRE((y.frame_is_whole() && dx.frame_is_whole()));
      }
    }
  }
}

TEST_CASE("softmax and its gradient at every width up to 40") {
  constexpr Index rows = 3;
  for (const Kernels* table : available_kernels()) {
    for (Index width = 1; width <= 40; ++width) {
      CAPTURE(width);
      FramedFloats x(rows * width, "x", -90, 5);
      FramedFloats dy(rows * width, "dy", -1, 1);
      FramedFloats y(rows * width);
      FramedFloats dx(rows * width, 0.5F);
      table->activation.softmax(x.begin(), rows, width, y.begin());
      table->activation.add_softmax_gradient(y.begin(), dy.begin(), rows, width, dx.begin());
      for (Index row = 0; row < rows; ++row) {
        double sum = 0;
        double product = 0;
        for (Index i = row * width; i < (row + 1) * width; ++i) sum += std::exp(double{x[i]});
        for (Index i = row * width; i < (row + 1) * width; ++i) {
          const double wanted = std::exp(double{x[i]}) / sum;
          // The exponent, up to 95, is rounded to 4e-6.
          if (wanted > 1e-37) REQUIRE(std::abs(double{y[i]} - wanted) < 5e-6 * wanted);
          product += wanted * double{dy[i]};
        }
        for (Index i = row * width; i < (row + 1) * width; ++i) {
          const double wanted = 0.5 + std::exp(double{x[i]}) / sum * (double{dy[i]} - product);
          REQUIRE(std::abs(double{dx[i]} - wanted) < 1e-6);
        }
      }
      REQUIRE((y.frame_is_whole() && dx.frame_is_whole()));
    }
  }
}

TEST_CASE("softmax of large numbers and of minus infinity") {
  for (const Kernels* table : available_kernels()) {
    float row[4] = {1e30F, 1e30F, -infinity, 0};
    table->activation.softmax(row, 1, 4, row);
    CHECK(row[0] == 0.5F);
    CHECK(row[1] == 0.5F);
    CHECK(row[2] == 0);
    CHECK(row[3] == 0);
  }
}

}  // namespace
}  // namespace rppg
