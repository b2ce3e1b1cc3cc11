/// Layers: parameters under PyTorch's names with PyTorch's initial values, and the op they serve.
#pragma once

#include "nn/parameters.h"
#include "ops/columns.h"
#include "ops/convolution1d.h"

namespace rppg::nn {

/// Uniform within +-1 / sqrt(inputs): how PyTorch starts weights and biases.
Initialization uniform_by_inputs(Index inputs);

/// `weight`, `bias` (C): normalises the last axis, (..., C) -> (..., C).
class LayerNorm {
 public:
  LayerNorm(const Scope& scope, Index channels);
  Tensor operator()(Tensor x) const;

 private:
  Tensor weight_;
  Tensor bias_;
};

struct LinearOptions {
  bool bias = true;
  Initialization weight_start;  ///< uniform_by_inputs() unless Linear is given these options
  Initialization bias_start;
};

/// `weight` (out, in), `bias` (out): (..., in) -> (..., out).
class Linear {
 public:
  Linear(const Scope& scope, Index in, Index out);
  Linear(const Scope& scope, Index in, Index out, const LinearOptions& options);
  Tensor operator()(ops::Columns x) const;

 private:
  Tensor weight_;
  Tensor bias_;
};

/// `weight` (out, in, taps), `bias` (out), unless there is none: (B, T, in) -> (B, T', out).
class Convolution1d {
 public:
  Convolution1d(const Scope& scope, Index in, Index out, Index taps,
                const ops::Convolution1dOptions& options, bool bias = true);
  Tensor operator()(Tensor x) const;

 private:
  ops::Convolution1dOptions options_;
  Tensor weight_;
  Tensor bias_;
};

}  // namespace rppg::nn
