// Batch norm and layer norm against double precision, for any number of channels and any length.
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "kernels/kernels.h"
#include "support/framed_floats.h"

namespace rppg {
namespace {

using test::FramedFloats;

struct Place {
  double sum = 0;
  double second = 0;
};

void check_sums(const std::vector<double>& sums, const std::vector<Place>& wanted, double limit) {
  for (std::size_t p = 0; p < wanted.size(); ++p) {
    REQUIRE(std::abs(sums[p] - wanted[p].sum) < limit);
    REQUIRE(std::abs(sums[wanted.size() + p] - wanted[p].second) < limit);
  }
}

double activation_of(Activation activation, double z) {
  if (activation == Activation::relu) return z > 0 ? z : 0;
  if (activation == Activation::elu) return z > 0 ? z : std::expm1(z);
  return z;
}

double slope_of(Activation activation, double z) {
  if (activation == Activation::relu) return z > 0 ? 1 : 0;
  if (activation == Activation::elu) return z > 0 ? 1 : std::exp(z);
  return 1;
}

void check_batch_norm(const Kernels& table, Activation activation, Index length, Index n) {
  FramedFloats x(n, "x", -2, 2);
  FramedFloats dy(n, "dy", -1, 1);
  FramedFloats mean(length, "mean", -1, 1);
  FramedFloats factor(length, "factor", 0.5, 2);
  FramedFloats bias(length, "bias", -1, 1);
  FramedFloats offset(length, "offset", -1, 1);
  FramedFloats lean(length, "lean", -1, 1);
  FramedFloats y(n);
  FramedFloats dx(n, 0.5F);
  const BatchNormPeriod period{activation, length, mean.begin(), factor.begin(), bias.begin()};
  const auto size = static_cast<std::size_t>(length);
  std::vector<double> moments(2 * size, 3);
  std::vector<double> sums(2 * size, 3);
  table.norm.moments(x.begin(), mean.begin(), length, n, moments.data());
  table.norm.batch_norm(period, x.begin(), n, y.begin());
  table.norm.batch_norm_sums(period, x.begin(), dy.begin(), n, sums.data());
  table.norm.add_batch_norm_gradient(period, offset.begin(), lean.begin(), x.begin(), dy.begin(), n,
                                     dx.begin());
  std::vector<Place> wanted_moments(size, {3, 3});
  std::vector<Place> wanted_sums(size, {3, 3});
  for (Index i = 0; i < n; ++i) {
    const Index p = i % length;
    const double d = double{x[i]} - double{mean[p]};
    const double z = d * double{factor[p]} + double{bias[p]};
    const double dz = double{dy[i]} * slope_of(activation, z);
    auto& moment = wanted_moments[static_cast<std::size_t>(p)];
    auto& sum = wanted_sums[static_cast<std::size_t>(p)];
    moment.sum += d;
    moment.second += d * d;
    sum.sum += dz;
    sum.second += dz * d;
    REQUIRE(std::abs(double{y[i]} - activation_of(activation, z)) < 3e-6);
    if (std::abs(z) < 1e-5) continue;  // either side of the kink is right
    const double change = dz * double{factor[p]} - double{offset[p]} - d * double{lean[p]};
    REQUIRE(std::abs(double{dx[i]} - 0.5 - change) < 3e-6);
  }
  check_sums(moments, wanted_moments, 1e-4);
  check_sums(sums, wanted_sums, 1e-4);
  REQUIRE((y.frame_is_whole() && dx.frame_is_whole()));
}

TEST_CASE("batch norm for periods and arrays of any length") {
  for (const Kernels* table : available_kernels()) {
    for (const Activation activation : {Activation::none, Activation::relu, Activation::elu}) {
      for (const Index length : {1, 16, 21, 48, 64}) {
        for (const Index n : {Index{1}, length - 1, length, 3 * length + 1, 9 * length + 5,
                              133 * length + length / 3}) {
          CAPTURE(length);
          CAPTURE(n);
          check_batch_norm(*table, activation, length, n);
        }
      }
    }
  }
}

void check_layer_norm(const Kernels& table, Index rows, Index width) {
  const Index n = rows * width;
  FramedFloats x(n, "x", -2, 2);
  FramedFloats dy(n, "dy", -1, 1);
  FramedFloats weight(width, "weight", -1, 1);
  FramedFloats bias(width, "bias", -1, 1);
  FramedFloats y(n);
  FramedFloats dx(n, 0.5F);
  FramedFloats mean(rows);
  FramedFloats rstd(rows);
  FramedFloats sums(2 * width, 0.25F);
  table.norm.layer_norm(x.begin(), weight.begin(), bias.begin(), 0.01F, rows, width, y.begin(),
                        mean.begin(), rstd.begin());
  table.norm.layer_norm_sums(x.begin(), mean.begin(), rstd.begin(), dy.begin(), rows, width,
                             sums.begin());
  table.norm.add_layer_norm_gradient(x.begin(), weight.begin(), mean.begin(), rstd.begin(),
                                     dy.begin(), rows, width, dx.begin());
  const auto size = static_cast<std::size_t>(width);
  std::vector<double> weight_sums(size, 0.25);
  std::vector<double> bias_sums(size, 0.25);
  for (Index row = 0; row < rows; ++row) {
    const auto at = [&](FramedFloats& values, Index c) { return double{values[row * width + c]}; };
    const auto count = static_cast<double>(width);
    double m = 0;
    double variance = 0;
    for (Index c = 0; c < width; ++c) m += at(x, c) / count;
    for (Index c = 0; c < width; ++c) variance += (at(x, c) - m) * (at(x, c) - m) / count;
    const double r = 1 / std::sqrt(variance + 0.01);
    double offset = 0;
    double lean = 0;
    for (Index c = 0; c < width; ++c) {
      const double normal = (at(x, c) - m) * r;
      const double g = at(dy, c) * double{weight[c]};
      offset += g / count;
      lean += g * normal / count;
      weight_sums[static_cast<std::size_t>(c)] += at(dy, c) * normal;
      bias_sums[static_cast<std::size_t>(c)] += at(dy, c);
      REQUIRE(std::abs(at(y, c) - normal * double{weight[c]} - double{bias[c]}) < 5e-6);
    }
    for (Index c = 0; c < width; ++c) {
      const double g = at(dy, c) * double{weight[c]};
      const double wanted = 0.5 + r * (g - offset - (at(x, c) - m) * r * lean);
      REQUIRE(std::abs(at(dx, c) - wanted) < 2e-5);
    }
  }
  for (Index c = 0; c < width; ++c) {
    REQUIRE(std::abs(double{sums[c]} - weight_sums[static_cast<std::size_t>(c)]) < 2e-5);
    REQUIRE(std::abs(double{sums[width + c]} - bias_sums[static_cast<std::size_t>(c)]) < 2e-5);
  }
  REQUIRE((y.frame_is_whole() && dx.frame_is_whole() && sums.frame_is_whole()));
  REQUIRE((mean.frame_is_whole() && rstd.frame_is_whole()));
}

TEST_CASE("layer norm for every width up to 67") {
  for (const Kernels* table : available_kernels()) {
    for (Index width = 1; width <= 67; ++width) {
      CAPTURE(width);
      check_layer_norm(*table, 5, width);
    }
    check_layer_norm(*table, 0, 8);
  }
}

}  // namespace
}  // namespace rppg
