// Both algorithms against the definition of a convolution, forward and backward.
#include "ops/convolution.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "kernels/kernels.h"
#include "nn/parameters.h"

using namespace rppg;
using ops::ConvolutionOptions;
using ops::TimeReach;

namespace {

struct Case {
  std::string name;
  Shape x;
  Shape weight;
  ConvolutionOptions options;
};

std::vector<float> random_values(Index n, std::string_view stream) {
  const Random random(7, stream);
  std::vector<float> values(static_cast<std::size_t>(n));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<float>(random.uniform(i, -1, 1));
  }
  return values;
}

/// y, dx, dw, db by their definition in double.
struct Reference {
  std::vector<double> y, dx, dw, db;
};

double derivative(Activation activation, double y) {
  if (activation == Activation::tanh) return 1 - y * y;
  if (activation == Activation::relu) return y > 0 ? 1 : 0;
  return 1;
}

/// Calls visit(index in y without channel, index in x, index in w without output channel).
template <class Visit>
void for_terms(const Case& c, const Visit& visit) {
  const ConvolutionOptions& o = c.options;
  const Index B = c.x[0], T = c.x[1], H = c.x[2], W = c.x[3], C = c.x[4];
  const Index k = c.weight[-1], kt = o.reach == TimeReach::kernel ? c.weight[2] : 1;
  const Index Ho = (H + 2 * o.padding - k) / o.stride + 1;
  const Index Wo = (W + 2 * o.padding - k) / o.stride + 1;
  const Index Cw = c.weight[1];
  for (Index b = 0; b < B; ++b)
    for (Index t = 0; t < T; ++t)
      for (Index oy = 0; oy < Ho; ++oy)
        for (Index ox = 0; ox < Wo; ++ox)
          for (Index cw = 0; cw < Cw; ++cw)
            for (Index it = 0; it < kt; ++it) {
              const Index channel = cw % C;
              Index source = t + it - kt / 2;
              Index begin = 0, end = T;
              if (o.reach == TimeReach::stack)
                source = t + o.offsets[static_cast<std::size_t>(cw / C)];
              if (o.reach == TimeReach::shift) {
                source = t + (channel < C / 3 ? 1 : channel < 2 * (C / 3) ? -1 : 0);
                if (o.segment > 0) {
                  begin = t / o.segment * o.segment;
                  end = std::min(begin + o.segment, T);
                }
              }
              if (source < begin || source >= end) continue;
              for (Index ky = 0; ky < k; ++ky)
                for (Index kx = 0; kx < k; ++kx) {
                  const Index y = oy * o.stride + ky - o.padding,
                              x = ox * o.stride + kx - o.padding;
                  if (y < 0 || y >= H || x < 0 || x >= W) continue;
                  visit(((b * T + t) * Ho + oy) * Wo + ox,
                        (((b * T + source) * H + y) * W + x) * C + channel,
                        ((cw * kt + it) * k + ky) * k + kx);
                }
            }
}

Reference reference(const Case& c, const std::vector<float>& x, const std::vector<float>& w,
                    const std::vector<float>& bias, const std::vector<float>& dy) {
  const auto Co = static_cast<std::size_t>(c.weight[0]);
  const std::size_t per_output = w.size() / Co;
  Reference r;
  r.y.assign(dy.size(), 0);
  r.dx.assign(x.size(), 0);
  r.dw.assign(w.size(), 0);
  r.db.assign(Co, 0);
  for (std::size_t i = 0; i < r.y.size(); ++i) r.y[i] = static_cast<double>(bias[i % Co]);
  for_terms(c, [&](Index to, Index from, Index weight) {
    for (std::size_t o = 0; o < Co; ++o) {
      r.y[static_cast<std::size_t>(to) * Co + o] +=
          static_cast<double>(x[static_cast<std::size_t>(from)]) *
          static_cast<double>(w[o * per_output + static_cast<std::size_t>(weight)]);
    }
  });
  std::vector<double> gradient(dy.size());
  for (std::size_t i = 0; i < dy.size(); ++i) {
    double& y = r.y[i];
    if (c.options.activation == Activation::tanh) y = std::tanh(y);
    if (c.options.activation == Activation::relu) y = std::max(y, 0.0);
    gradient[i] = static_cast<double>(dy[i]) * derivative(c.options.activation, y);
    r.db[i % Co] += gradient[i];
  }
  for_terms(c, [&](Index to, Index from, Index weight) {
    for (std::size_t o = 0; o < Co; ++o) {
      const double g = gradient[static_cast<std::size_t>(to) * Co + o];
      const std::size_t at = o * per_output + static_cast<std::size_t>(weight);
      r.dx[static_cast<std::size_t>(from)] += g * static_cast<double>(w[at]);
      r.dw[at] += g * static_cast<double>(x[static_cast<std::size_t>(from)]);
    }
  });
  return r;
}

/// The largest difference, as a share of the largest number.
double error_of(std::span<const float> values, const std::vector<double>& wanted) {
  REQUIRE(values.size() == wanted.size());
  double error = 0, largest = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    error = std::max(error, std::abs(static_cast<double>(values[i]) - wanted[i]));
    largest = std::max(largest, std::abs(wanted[i]));
  }
  return error / largest;
}

struct Outcome {
  std::vector<float> y, dx, dw, db;
  bool operator==(const Outcome&) const = default;
};

Outcome run(const Case& c, const std::vector<float>& x, const std::vector<float>& w,
            const std::vector<float>& bias, const std::vector<float>& dy, int threads) {
  nn::ParameterStore store;
  const Tensor weight = store.add("weight", c.weight, nn::Role::trained, {});
  const Tensor b = store.add("bias", {c.weight[0]}, nn::Role::trained, {});
  store.initialize(0);
  std::copy(w.begin(), w.end(), weight.mutable_values().begin());
  std::copy(bias.begin(), bias.end(), b.mutable_values().begin());
  // Backward passes add: what is there before must still be in the sum.
  std::fill(weight.gradient().begin(), weight.gradient().end(), 1.0F);
  Arena arena;
  Tape tape(arena, {.gradients = true, .threads = threads});
  const Tensor input = tape.input(x, c.x, true);
  const Tensor y = ops::convolution(input, weight, b, c.options);
  tape.backward(y, dy);
  Outcome outcome;
  outcome.y.assign(y.values().begin(), y.values().end());
  outcome.dx.assign(input.gradient().begin(), input.gradient().end());
  for (const float g : weight.gradient()) outcome.dw.push_back(g - 1.0F);
  outcome.db.assign(b.gradient().begin(), b.gradient().end());
  return outcome;
}

const std::vector<Case> cases{
    {"3x3", {1, 2, 9, 10, 8}, {16, 8, 3, 3}, {.padding = 1}},
    {"3x3 without padding, tanh",
     {1, 3, 11, 14, 16},
     {16, 16, 3, 3},
     {.activation = Activation::tanh}},
    {"3x3 of odd channels, relu",
     {2, 3, 7, 5, 11},
     {13, 11, 3, 3},
     {.padding = 1, .activation = Activation::relu}},
    {"temporal shift",
     {1, 10, 8, 8, 32},
     {32, 32, 3, 3},
     {.reach = TimeReach::shift, .segment = 5}},
    {"temporal shift of the clip",
     {2, 4, 6, 6, 9},
     {8, 9, 3, 3},
     {.padding = 1, .reach = TimeReach::shift}},
    {"temporal shift of three channels",
     {1, 10, 9, 9, 3},
     {32, 3, 3, 3},
     {.padding = 1, .reach = TimeReach::shift, .segment = 5, .activation = Activation::tanh}},
    {"3x3x3", {2, 5, 6, 7, 16}, {24, 16, 3, 3, 3}, {.padding = 1, .reach = TimeReach::kernel}},
    {"3x3x3 longer than a block",
     {1, 37, 4, 4, 8},
     {8, 8, 3, 3, 3},
     {.padding = 1, .reach = TimeReach::kernel}},
    {"3x5x5", {1, 4, 8, 8, 16}, {16, 16, 3, 5, 5}, {.padding = 2, .reach = TimeReach::kernel}},
    {"1x5x5 of three channels",
     {1, 3, 12, 9, 3},
     {16, 3, 1, 5, 5},
     {.padding = 2, .reach = TimeReach::kernel}},
    {"7x7 with stride 2", {1, 3, 16, 18, 3}, {8, 3, 7, 7}, {.stride = 2, .padding = 3}},
    {"7x7 over stacked frames",
     {1, 6, 16, 16, 3},
     {8, 12, 7, 7},
     {.stride = 2, .padding = 3, .reach = TimeReach::stack, .offsets = {-1, 0, 1, 2}}},
    {"7x7 of an odd width", {1, 2, 13, 17, 4}, {6, 4, 7, 7}, {.stride = 2, .padding = 3}},
    {"7x7", {1, 2, 12, 12, 8}, {16, 8, 7, 7}, {.padding = 3}},
    {"7x7 with stride 2, of odd extents",
     {1, 2, 13, 17, 8},
     {9, 8, 7, 7},
     {.stride = 2, .padding = 3}},
    {"5x5 with stride 2, without padding", {2, 2, 12, 15, 8}, {8, 8, 5, 5}, {.stride = 2}},
    {"3x7x7 with stride 3",
     {1, 4, 14, 16, 8},
     {8, 8, 3, 7, 7},
     {.stride = 3, .padding = 2, .reach = TimeReach::kernel}},
    {"3x7x7 of more tiles than are computed at a time",
     {1, 18, 16, 16, 8},
     {8, 8, 3, 7, 7},
     {.padding = 3, .reach = TimeReach::kernel}},
    {"1x1", {1, 2, 5, 5, 20}, {1, 20, 1, 1}, {}},
};

}  // namespace

TEST_CASE("convolutions and their gradients are those of the definition") {
  for (const Case& c : cases) {
    const auto x = random_values(c.x.count(), "x");
    auto w = random_values(c.weight.count(), "w");
    for (float& each : w) each *= 0.1F;
    const auto bias = random_values(c.weight[0], "bias");
    const Index k = c.weight[-1], stride = c.options.stride;
    const Index height = (c.x[2] + 2 * c.options.padding - k) / stride + 1;
    const Index width = (c.x[3] + 2 * c.options.padding - k) / stride + 1;
    const auto dy = random_values(c.x[0] * c.x[1] * height * width * c.weight[0], "dy");
    const Reference wanted = reference(c, x, w, bias, dy);
    for (const Kernels* table : available_kernels()) {
      CAPTURE(c.name);
      CAPTURE(table->isa);
      const KernelsOverride chosen(*table);
      const Outcome outcome = run(c, x, w, bias, dy, 1);
      // Winograd's transforms cost a digit.
      const double tolerance = k > 1 ? 2e-5 : 1e-6;
      CHECK(error_of(outcome.y, wanted.y) < tolerance);
      CHECK(error_of(outcome.dx, wanted.dx) < tolerance);
      CHECK(error_of(outcome.dw, wanted.dw) < tolerance);
      CHECK(error_of(outcome.db, wanted.db) < 1e-6);
      CHECK(run(c, x, w, bias, dy, 2) == outcome);
    }
  }
}
