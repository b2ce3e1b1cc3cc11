/// Normalisation of channels over a batch (batch norm) and of rows (layer norm).
#pragma once

#include "base/shape.h"
#include "kernels/activation.h"

namespace rppg {

/// Channels-last numbers, and for each place of a period of `length` numbers (a multiple of the
/// number of channels, the channels again and again) what normalises it:
/// y = activation((x - mean) factor + bias).
struct BatchNormPeriod {
  Activation activation;  ///< none, relu or elu
  Index length;
  const float* mean;
  const float* factor;
  const float* bias;
};

/// Arrays of n numbers begin at the start of a period. Instruction sets differ by rounding.
struct NormKernels {
  /// For each place p of the period: sums[p] += x - pivot[p], sums[length + p] += (x - pivot[p])^2.
  void (*moments)(const float* x, const float* pivot, Index length, Index n, double* sums);

  void (*batch_norm)(const BatchNormPeriod& period, const float* x, Index n, float* y);
  /// With dz = dy times the slope of the activation, which is computed again from x:
  /// sums[p] += dz, sums[length + p] += dz (x - mean[p]).
  void (*batch_norm_sums)(const BatchNormPeriod& period, const float* x, const float* dy, Index n,
                          double* sums);
  /// dx += dz factor - offset - (x - mean) lean
  void (*add_batch_norm_gradient)(const BatchNormPeriod& period, const float* offset,
                                  const float* lean, const float* x, const float* dy, Index n,
                                  float* dx);

  /// Rows of `width` numbers: y = (x - mean) rstd weight + bias, with the mean of each row and
  /// rstd = 1 / sqrt(variance + epsilon), which are kept.
  void (*layer_norm)(const float* x, const float* weight, const float* bias, float epsilon,
                     Index rows, Index width, float* y, float* mean, float* rstd);
  /// sums[c] += gradient of weight[c], sums[width + c] += gradient of bias[c].
  void (*layer_norm_sums)(const float* x, const float* mean, const float* rstd, const float* dy,
                          Index rows, Index width, float* sums);
  void (*add_layer_norm_gradient)(const float* x, const float* weight, const float* mean,
                                  const float* rstd, const float* dy, Index rows, Index width,
                                  float* dx);
};

}  // namespace rppg
