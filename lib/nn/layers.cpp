#include "nn/layers.h"

#include <cmath>

#include "ops/layer_norm.h"
#include "ops/linear.h"

namespace rppg::nn {

Initialization uniform_by_inputs(Index inputs) {
  return {.kind = Initialization::Kind::uniform, .a = 1 / std::sqrt(static_cast<double>(inputs))};
}

LayerNorm::LayerNorm(const Scope& scope, Index channels)
    : weight_(scope.parameter("weight", {channels}, {.a = 1})),
      bias_(scope.parameter("bias", {channels}, {.a = 0})) {}

Tensor LayerNorm::operator()(Tensor x) const { return ops::layer_norm(x, weight_, bias_); }

Linear::Linear(const Scope& scope, Index in, Index out)
    : Linear(scope, in, out,
             {.weight_start = uniform_by_inputs(in), .bias_start = uniform_by_inputs(in)}) {}

Linear::Linear(const Scope& scope, Index in, Index out, const LinearOptions& options)
    : weight_(scope.parameter("weight", {out, in}, options.weight_start)) {
  if (options.bias) bias_ = scope.parameter("bias", {out}, options.bias_start);
}

Tensor Linear::operator()(ops::Columns x) const { return ops::linear(x, weight_, bias_); }

Convolution1d::Convolution1d(const Scope& scope, Index in, Index out, Index taps,
                             const ops::Convolution1dOptions& options, bool bias)
    : options_(options),
      weight_(scope.parameter("weight", {out, in, taps}, uniform_by_inputs(in * taps))) {
  if (bias) bias_ = scope.parameter("bias", {out}, uniform_by_inputs(in * taps));
}

Tensor Convolution1d::operator()(Tensor x) const {
  return ops::convolution1d(x, weight_, bias_, options_);
}

}  // namespace rppg::nn
