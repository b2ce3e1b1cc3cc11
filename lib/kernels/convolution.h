/// Parts of convolutions over channels-last pictures, but for the products (kernels/matrix.h).
#pragma once

#include "base/shape.h"
#include "kernels/activation.h"

namespace rppg {

/// Tiles of one channels-last picture. A tile reads 6 x 6 pixels and makes M x M outputs of a
/// kernel of 7 - M pixels per axis, M = 4, 3 or 2 (Lavin and Gray, "Fast algorithms for
/// convolutional neural networks", CVPR 2016; points 0, 1, -1, 2, -2 and infinity). A transformed
/// tile has 36 numbers per channel; number p of tile t and channel c lies at p * point + t *
/// channels + c.
struct WinogradTiles {
  Index first;  ///< tiles [first, first + count) in reading order; some may lie beyond the picture
  Index count;
  Index per_row;  ///< tiles side by side
  Index outputs;  ///< M
  Index padding;  ///< zeros around the input, in pixels; the output has its own size
  Index height;   ///< of the picture that is read or written, in pixels
  Index width;
  Index channels;
  Index point;  ///< from a number of a transformed tile to the next, in floats
};

struct ConvolutionKernels {
  /// sums[c] += numbers of channel c over all pixels.
  void (*add_pixels)(const float* picture, Index pixels, Index channels, float* sums);

  /// Transformed tiles of an input picture.
  void (*winograd_input)(const WinogradTiles& tiles, const float* picture, float* transformed);
  /// Output pixels from transformed sums, with bias (channels numbers, or null) and activation.
  void (*winograd_output)(const WinogradTiles& tiles, const float* transformed, const float* bias,
                          Activation activation, float* picture);
  /// Adjoint of `input`: adds to the gradient of the picture.
  void (*winograd_input_adjoint)(const WinogradTiles& tiles, const float* transformed,
                                 float* gradient);
  /// Adjoint of `output`: `picture` is what the activation made, `gradient` the loss's for it. Adds
  /// to the gradient of the bias (channels numbers, or null).
  void (*winograd_output_adjoint)(const WinogradTiles& tiles, const float* picture,
                                  const float* gradient, Activation activation, float* transformed,
                                  float* bias_gradient);
};

/// The 6 x K matrix that transforms a kernel of K numbers, both axes alike.
template <int K>
struct WinogradWeights {
  double row[6][K];

  constexpr WinogradWeights() : row{} {
    constexpr double places[5] = {0, 1, -1, 2, -2};
    constexpr double scales[5] = {1.0 / 4, -1.0 / 6, -1.0 / 6, 1.0 / 24, 1.0 / 24};
    for (int p = 0; p < 5; ++p) {
      double power = scales[p];
      for (int k = 0; k < K; ++k, power *= places[p]) row[p][k] = power;
    }
    row[5][K - 1] = 1;
  }
};
template <int K>
inline constexpr WinogradWeights<K> winograd_weights;

}  // namespace rppg
