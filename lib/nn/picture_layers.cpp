#include "nn/picture_layers.h"

#include <cmath>

namespace rppg::nn {
namespace {

Shape weight_shape(const PictureConvolution::Config& config) {
  if (config.options.reach == ops::TimeReach::kernel ||
      config.options.reach == ops::TimeReach::pair) {
    return {config.out, config.in, config.kernel_frames, config.kernel, config.kernel};
  }
  return {config.out, config.in, config.kernel, config.kernel};
}

struct Starts {
  Initialization weight;
  Initialization bias;
};

Starts starts_of(const PictureConvolution::Config& config) {
  const Index under_kernel = weight_shape(config).count() / config.out;
  const double scale = 1 / std::sqrt(static_cast<double>(under_kernel));
  if (config.start == PictureConvolution::Start::lecun_normal) {
    constexpr double cut_deviation = 0.87962566103423978;  // of a normal number within +-2
    return {{Initialization::Kind::truncated_normal, scale / cut_deviation}, {}};
  }
  return {{Initialization::Kind::uniform, scale}, {Initialization::Kind::uniform, scale}};
}

}  // namespace

PictureConvolution::PictureConvolution(const Scope& scope, const Config& config)
    : options_(config.options),
      weight_(scope.parameter("weight", weight_shape(config), starts_of(config).weight)),
      bias_(scope.parameter("bias", {config.out}, starts_of(config).bias)) {}

BatchNorm::BatchNorm(const Scope& scope, Index channels, Activation activation)
    : activation_(activation),
      weight_(scope.parameter("weight", {channels}, {.a = 1})),
      bias_(scope.parameter("bias", {channels}, {})),
      running_mean_(scope.buffer("running_mean", {channels}, 0)),
      running_variance_(scope.buffer("running_var", {channels}, 1)),
      batches_(scope.counter("num_batches_tracked")) {}

Tensor BatchNorm::operator()(Tensor x) const {
  return ops::batch_norm(x, weight_, bias_, running_mean_, running_variance_, batches_,
                         {.activation = activation_});
}

ops::WeightAndBias BatchNorm::absorbed_by(Tape& tape, const ops::WeightAndBias& convolution) const {
  return ops::absorb_batch_norm(tape, convolution, weight_, bias_, running_mean_, running_variance_,
                                ops::BatchNormOptions{}.epsilon);
}

Tensor PictureConvolution::operator()(Tensor x, const BatchNorm& norm) const {
  Tape& tape = x.tape();
  const TapeOptions& mode = tape.options();
  // Costs are counted op by op.
  if (mode.gradients || mode.training || mode.costs != nullptr) return norm((*this)(x));
  const ops::WeightAndBias absorbed = norm.absorbed_by(tape, {weight_, bias_});
  ops::ConvolutionOptions options = options_;
  options.activation = norm.activation();
  return ops::convolution(x, absorbed.weight, absorbed.bias, options);
}

}  // namespace rppg::nn
