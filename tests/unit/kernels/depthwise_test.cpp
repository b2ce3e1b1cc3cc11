// Causal filters against their definition in double precision.
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "kernels/kernels.h"
#include "support/compare.h"
#include "support/framed_floats.h"

using namespace rppg;
using test::FramedFloats;

namespace {

using Doubles = std::vector<double>;

struct Case {
  Index steps, channels;
  bool silu, reversed;
};

struct Expected {
  Doubles y, dx, dweight, dbias;
};

std::size_t size(Index count) { return static_cast<std::size_t>(count); }

/// Channel c of the definition; x, dy with rows of n.channels.
void expect_channel(const Case& n, Index c, FramedFloats& x, FramedFloats& weight,
                    FramedFloats& bias, FramedFloats& dy, Expected& expected) {
  const auto tap = [&](Index j) { return static_cast<double>(weight[4 * c + j]); };
  const auto at = [&](Index step) {
    return (n.reversed ? n.steps - 1 - step : step) * n.channels + c;
  };
  for (Index t = 0; t < n.steps; ++t) {
    double sum = bias[c];
    for (Index j = 0; j < 4; ++j) {
      if (t - 3 + j >= 0) sum += tap(j) * static_cast<double>(x[at(t - 3 + j)]);
    }
    const double sigmoid = 1 / (1 + std::exp(-sum));
    expected.y[size(at(t))] = n.silu ? sum * sigmoid : sum;
    const double derivative = n.silu ? sigmoid * (1 + sum * (1 - sigmoid)) : 1.0;
    const double slope = derivative * static_cast<double>(dy[at(t)]);
    expected.dbias[size(c)] += slope;
    for (Index j = 0; j < 4; ++j) {
      if (t - 3 + j < 0) continue;
      expected.dweight[size(4 * c + j)] += slope * static_cast<double>(x[at(t - 3 + j)]);
      expected.dx[size(at(t - 3 + j))] += slope * tap(j);
    }
  }
}

/// Whether `got`, which started with `start`, is that much more than expected.
void check_values(FramedFloats& got, Doubles expected, double start) {
  CHECK(got.frame_is_whole());
  for (double& value : expected) value += start;
  CHECK(test::relative_difference(Doubles(got.begin(), got.end()), expected) < 3e-6);
}

void check(const Kernels& table, const Case& n) {
  CAPTURE(table.isa);
  CAPTURE(n.steps);
  CAPTURE(n.channels);
  CAPTURE(n.silu);
  CAPTURE(n.reversed);
  const Index count = n.steps * n.channels;
  FramedFloats x(count, "x", -1, 1), dy(count, "dy", -1, 1);
  FramedFloats weight(4 * n.channels, "weight", -1, 1), bias(n.channels, "bias", -1, 1);
  Expected expected{Doubles(size(count)), Doubles(size(count)), Doubles(size(4 * n.channels)),
                    Doubles(size(n.channels))};
  for (Index c = 0; c < n.channels; ++c) expect_channel(n, c, x, weight, bias, dy, expected);

  const Index start = n.reversed ? count - n.channels : 0;
  const Index row = n.reversed ? -n.channels : n.channels;
  const DepthwiseSequence sequence{.steps = n.steps,
                                   .channels = n.channels,
                                   .silu = n.silu,
                                   .x = x.begin() + start,
                                   .x_row = row,
                                   .weight = weight.begin(),
                                   .bias = bias.begin()};
  FramedFloats y(count), dx(count, 1), dweight(4 * n.channels, 1), dbias(n.channels, 1);
  table.depthwise.forward(sequence, y.begin() + start, row);
  check_values(y, expected.y, 0);
  table.depthwise.backward(sequence, {.dy = dy.begin() + start,
                                      .dy_row = row,
                                      .dx = dx.begin() + start,
                                      .dx_row = row,
                                      .dweight = dweight.begin(),
                                      .dbias = dbias.begin()});
  check_values(dx, expected.dx, 1);
  check_values(dweight, expected.dweight, 1);
  check_values(dbias, expected.dbias, 1);
}

}  // namespace

TEST_CASE("depthwise filters agree with their definition, forward and backward") {
  for (const Kernels* table : available_kernels()) {
    for (const bool silu : {false, true}) {
      for (const bool reversed : {false, true}) {
        for (const Index channels : {1, 2, 4, 7, 16, 19, 35}) {
          for (const Index steps : {1, 2, 3, 4, 11}) {
            check(*table, {steps, channels, silu, reversed});
          }
        }
      }
    }
  }
}
