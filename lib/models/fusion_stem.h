/// The stem of LQ-rPPG's coarse-to-fine network: pictures and their differences, to one row of
/// numbers per frame.
#pragma once

#include "nn/picture_layers.h"

namespace rppg::models {

class FusionStem {
 public:
  static constexpr Index channels = 64;

  /// Parameters Fusion_Stem.stem11, stem12, stem21, stem22 and stem3 below `scope`.
  explicit FusionStem(const nn::Scope& scope);

  /// clips (B, T, H, W, 3), H and W multiples of 8 -> (B, T, 64).
  Tensor operator()(Tensor clips) const;

 private:
  /// Convolution of 7 x 7 pixels, batch norm, ReLU, largest of 2 x 2 pixels.
  struct Unit {
    nn::PictureConvolution convolution;
    nn::BatchNorm norm;

    Unit(const nn::Scope& scope, const nn::PictureConvolution::Config& config);
    Tensor operator()(Tensor x) const;
  };

  Unit stem11_, stem12_, stem21_, stem22_;
  nn::PictureConvolution stem3_;
  nn::BatchNorm norm3_;
};

}  // namespace rppg::models
