/// Layers over clips of channels-last pictures.
#pragma once

#include "nn/parameters.h"
#include "ops/batch_norm.h"
#include "ops/convolution.h"

namespace rppg::nn {

/// weight (out, in, k, k), or (out, in, kt, k, k) for TimeReach::kernel, and bias (out); both start
/// uniform within 1 / sqrt(numbers under the kernel), as PyTorch has it.
class PictureConvolution {
 public:
  struct Config {
    Index in = 0;
    Index out = 0;
    Index kernel = 3;         ///< pixels, both axes
    Index kernel_frames = 1;  ///< for TimeReach::kernel
    ops::ConvolutionOptions options;
  };
  PictureConvolution(const Scope& scope, const Config& config);

  /// x (B, T, H, W, in) -> (B, T, H', W', out).
  Tensor operator()(Tensor x) const { return on(x.tape())(x); }
  /// With its weights packed once, to be applied several times.
  ops::Convolution on(Tape& tape) const { return {tape, weight_, bias_, options_}; }

 private:
  ops::ConvolutionOptions options_;
  Tensor weight_;
  Tensor bias_;
};

/// Batch norm over all axes but the last, with its running averages.
class BatchNorm {
 public:
  BatchNorm(const Scope& scope, Index channels, Activation activation = Activation::none);

  Tensor operator()(Tensor x) const;

 private:
  Activation activation_;
  Tensor weight_;
  Tensor bias_;
  Tensor running_mean_;
  Tensor running_variance_;
  Tensor batches_;
};

}  // namespace rppg::nn
