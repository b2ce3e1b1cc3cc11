/// Layers over clips of channels-last pictures.
#pragma once

#include "nn/parameters.h"
#include "ops/batch_norm.h"
#include "ops/convolution.h"

namespace rppg::nn {

/// Batch norm over all axes but the last, with its running averages.
class BatchNorm {
 public:
  BatchNorm(const Scope& scope, Index channels, Activation activation = Activation::none);

  Tensor operator()(Tensor x) const;
  Activation activation() const { return activation_; }
  /// What a convolution needs to make this norm's numbers by itself, but for the activation.
  ops::WeightAndBias absorbed_by(Tape& tape, const ops::WeightAndBias& convolution) const;

 private:
  Activation activation_;
  Tensor weight_;
  Tensor bias_;
  Tensor running_mean_;
  Tensor running_variance_;
  Tensor batches_;
};

/// weight (out, in, k, k), or (out, in, kt, k, k) for TimeReach::kernel and pair, and bias (out).
class PictureConvolution {
 public:
  /// How weight and bias begin, n being the numbers under the kernel.
  enum class Start {
    uniform,       ///< both within 1 / sqrt(n), as PyTorch has it
    lecun_normal,  ///< normal within two deviations, variance 1 / n; no bias (timm)
  };
  struct Config {
    Index in = 0;
    Index out = 0;
    Index kernel = 3;         ///< pixels, both axes
    Index kernel_frames = 1;  ///< for TimeReach::kernel
    ops::ConvolutionOptions options;
    Start start = Start::uniform;
  };
  PictureConvolution(const Scope& scope, const Config& config);

  /// x (B, T, H, W, in) -> (B, T, H', W', out).
  Tensor operator()(Tensor x) const { return on(x.tape())(x); }
  /// `norm` of that. Without gradients and training, the norm takes no pass of its own.
  Tensor operator()(Tensor x, const BatchNorm& norm) const;
  /// With its weights packed once, to be applied several times.
  ops::Convolution on(Tape& tape) const { return {tape, weight_, bias_, options_}; }

 private:
  ops::ConvolutionOptions options_;
  Tensor weight_;
  Tensor bias_;
};

}  // namespace rppg::nn
