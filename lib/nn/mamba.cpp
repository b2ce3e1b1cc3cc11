#include "nn/mamba.h"

#include <string>

#include "kernels/depthwise.h"
#include "ops/arithmetic.h"
#include "ops/depthwise_convolution.h"
#include "ops/selective_scan.h"

namespace rppg::nn {
namespace {

/// Cut at +-2, as in timm, which is no cut at all.
constexpr Initialization projection_start{
    .kind = Initialization::Kind::truncated_normal, .a = 0.02, .b = 100};

constexpr LinearOptions projection{.bias = false, .weight_start = projection_start};
constexpr LinearOptions projection_with_bias{
    .bias = true, .weight_start = projection_start, .bias_start = {.a = 0}};

/// "x_proj" -> "x_proj_b", for backward in time.
std::string twin(const char* name, ops::TimeDirection direction) {
  return direction == ops::TimeDirection::forward ? name : std::string(name) + "_b";
}

const char* rates_name(ops::TimeDirection direction) {
  return direction == ops::TimeDirection::forward ? "A_log" : "A_b_log";
}

}  // namespace

MambaDirection::MambaDirection(const Scope& scope, const MambaSizes& sizes,
                               ops::TimeDirection direction)
    : sizes_(sizes),
      direction_(direction),
      a_log_(scope.parameter(rates_name(direction), {sizes.inner(), sizes.states},
                             {.kind = Initialization::Kind::log_ranks})),
      skip_(scope.parameter(twin("D", direction), {sizes.inner()}, {.a = 1})),
      filter_weight_((scope / twin("conv1d", direction))
                         .parameter("weight", {sizes.inner(), 1, depthwise_taps},
                                    uniform_by_inputs(depthwise_taps))),
      filter_bias_((scope / twin("conv1d", direction))
                       .parameter("bias", {sizes.inner()}, uniform_by_inputs(depthwise_taps))),
      selection_(scope / twin("x_proj", direction), sizes.inner(),
                 sizes.delta_rank() + 2 * sizes.states, projection),
      delta_(scope / twin("dt_proj", direction), sizes.delta_rank(), sizes.inner(),
             projection_with_bias) {}

Tensor MambaDirection::operator()(Tensor projected) const {
  const Index inner = sizes_.inner(), rank = sizes_.delta_rank(), states = sizes_.states;
  const Tensor x = ops::depthwise_convolution({projected, 0, inner}, filter_weight_, filter_bias_,
                                              {.direction = direction_, .silu = true});
  const Tensor selected = selection_(x);  // delta's inputs, b, c
  return ops::selective_scan({.x = x,
                              .delta = delta_({selected, 0, rank}),
                              .b = {selected, rank, states},
                              .c = {selected, rank + states, states},
                              .gate = {projected, inner, inner},
                              .a_log = a_log_,
                              .skip = skip_},
                             direction_);
}

Mamba::Mamba(const Scope& scope, const MambaSizes& sizes, MambaReach reach)
    : in_(scope / "in_proj", sizes.width, 2 * sizes.inner(), projection),
      out_(scope / "out_proj", sizes.inner(), sizes.width, projection) {
  directions_.emplace_back(scope, sizes, ops::TimeDirection::forward);
  if (reach == MambaReach::both) {
    directions_.emplace_back(scope, sizes, ops::TimeDirection::backward);
  }
}

Tensor Mamba::operator()(Tensor x) const {
  const Tensor projected = in_(x);
  Tensor sum = directions_.front()(projected);
  if (directions_.size() > 1) sum = ops::add(sum, directions_.back()(projected));
  return out_(sum);
}

BiMamba::BiMamba(const Scope& scope, const MambaSizes& sizes)
    : norm_(scope / "x_norm", sizes.width), mamba_(scope / "mamba", sizes, MambaReach::both) {}

Tensor BiMamba::branch(Tensor x) const { return mamba_(norm_(x)); }

Tensor BiMamba::operator()(Tensor x) const { return ops::add(x, branch(x)); }

}  // namespace rppg::nn
