/// Steps of optimizers on slabs of parameters: one pass over memory each.
#pragma once

#include "base/shape.h"

namespace rppg {

/// One step of Adam (Kingma & Ba 2015) or AdamW (Loshchilov & Hutter 2019):
///   g' = gradient_scale g + coupled_decay p
///   m = beta1 m + (1 - beta1) g',  v = beta2 v + (1 - beta2) g'^2
///   p = kept p - step m / (root_scale sqrt(v) + epsilon)
struct AdamStep {
  float gradient_scale;  ///< of clipping
  float coupled_decay;   ///< Adam's weight decay
  float kept;            ///< 1 - learning rate * AdamW's weight decay
  float beta1;
  float beta1_rest;  ///< 1 - beta1, of the unrounded beta1
  float beta2;
  float beta2_rest;
  float step;        ///< learning rate / (1 - beta1^t)
  float root_scale;  ///< 1 / sqrt(1 - beta2^t)
  float epsilon;
};

/// One step of gradient descent:
///   m = momentum m + gradient_scale g + coupled_decay p,  p = p - learning_rate m
struct DescentStep {
  float gradient_scale;
  float coupled_decay;
  float momentum;
  float learning_rate;
};

struct OptimizerKernels {
  /// On n parameters with their gradients and moments; sets the gradients to zero. Instruction sets
  /// differ by rounding.
  void (*adam)(float* parameters, float* gradients, float* first_moments, float* second_moments,
               Index n, const AdamStep& step);
  void (*descend)(float* parameters, float* gradients, float* moments, Index n,
                  const DescentStep& step);

  /// Sum of squares, in double precision: the same bits under every instruction set.
  double (*squared_norm)(const float* values, Index n);
  void (*scale)(float* values, Index n, float factor);
};

}  // namespace rppg
