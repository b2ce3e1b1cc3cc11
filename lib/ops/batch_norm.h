/// Normalisation of each channel over a batch.
#pragma once

#include "kernels/activation.h"
#include "tensor/tape.h"

namespace rppg::ops {

struct BatchNormOptions {
  float momentum = 0.1F;  ///< share of the new batch in the running averages
  float epsilon = 1e-5F;
  Activation activation = Activation::none;  ///< fused: none, relu or elu
};

/// activation((x - mean) / sqrt(variance + epsilon) weight + bias) for x (..., C); all others (C),
/// counter a single number.
///
/// In training mean and (biased) variance are those of the batch, over all axes but the last; the
/// running averages follow, the variance in its unbiased form, and the counter counts. Otherwise
/// the running averages are used. Throws std::logic_error for a single number per channel in
/// training. Ioffe and Szegedy, "Batch normalization", ICML 2015.
Tensor batch_norm(Tensor x, Tensor weight, Tensor bias, Tensor running_mean, Tensor running_var,
                  Tensor counter, const BatchNormOptions& options = {});

struct WeightAndBias {
  Tensor weight;
  Tensor bias;
};

/// Of a convolution that makes what batch_norm without training would make of the numbers of
/// another one: of `linear`, (Co, ...) and (Co). For use without gradients.
WeightAndBias absorb_batch_norm(Tape& tape, const WeightAndBias& linear, Tensor weight, Tensor bias,
                                Tensor running_mean, Tensor running_var, float epsilon);

}  // namespace rppg::ops
