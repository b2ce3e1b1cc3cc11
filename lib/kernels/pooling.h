/// Channels-last pictures made smaller.
#pragma once

#include "base/shape.h"

namespace rppg {

/// The mask of EfficientPhys's attention, applied and pooled, for one picture x (H, W, C):
///   g = sigmoid(w . x + b),  mask = g H W / (2 sum g),  y = mean over 2 x 2 pixels of mask x.
/// A last odd row or column has a mask but no part in y (H/2, W/2, C).
struct AttentionPool {
  Index height;
  Index width;
  Index channels;
  const float* weight;  ///< (C)
  float bias;
};

struct PoolingKernels {
  /// gates (H, W) gets g; returns the sum of g.
  float (*attention_pool)(const AttentionPool& attention, const float* x, float* gates, float* y);
  /// From dy (H/2, W/2, C): adds to dx where it is not null, and to dw (C) and db; `slopes` (H, W)
  /// is scratch.
  void (*attention_pool_gradient)(const AttentionPool& attention, const float* x,
                                  const float* gates, float gate_sum, const float* dy,
                                  float* slopes, float* dx, float* dw, float* db);

  /// Mean of a picture x (pixels, channels), each channel weighted by its own gates sigmoid(x):
  /// y[c] = sum g x / (2 sum g); sums[c] = sum g.
  void (*gated_mean)(const float* x, Index pixels, Index channels, float* y, float* sums);
  void (*add_gated_mean_gradient)(const float* x, Index pixels, Index channels, const float* y,
                                  const float* sums, const float* dy, float* dx);

  /// Pixel i of a row y is the largest of pixels 2 i and 2 i + 1 of `count` rows, channel by
  /// channel; y has `width` pixels.
  void (*maximum)(const float* const* rows, Index count, Index width, Index channels, float* y);
  /// Adds dy to the gradient of the first of them that is y.
  void (*maximum_gradient)(const float* const* rows, Index count, Index width, Index channels,
                           const float* y, const float* dy, float* const* gradients);
};

}  // namespace rppg
