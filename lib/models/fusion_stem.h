/// The stem of RhythmMamba and of LQ-rPPG's coarse-to-fine network: pictures and their differences,
/// to one row of numbers per frame, or per pair of frames.
#pragma once

#include "nn/picture_layers.h"

namespace rppg::models {

class FusionStem {
 public:
  struct Config {
    Index channels = 64;  ///< a multiple of 8
    bool pairs = false;   ///< rows are of two frames each
  };
  /// Parameters Fusion_Stem.stem11, stem12, stem21, stem22 and stem3 below `scope`.
  FusionStem(const nn::Scope& scope, const Config& config);

  /// clips (B, T, H, W, 3), H and W multiples of 8 -> (B, T, channels), or (B, T / 2, channels).
  Tensor operator()(Tensor clips) const;

 private:
  Tensor fuse(Tensor pictures, Tensor differences) const;
  Tensor fuse_by_stretches(Tensor clips) const;

  /// Convolution of 7 x 7 pixels, batch norm, ReLU, largest of 2 x 2 pixels.
  struct Unit {
    nn::PictureConvolution convolution;
    nn::BatchNorm norm;

    Unit(const nn::Scope& scope, const nn::PictureConvolution::Config& config);
    Tensor operator()(Tensor x) const;
  };

  Config config_;
  Unit stem11_, stem12_, stem21_, stem22_;
  nn::PictureConvolution stem3_;
  nn::BatchNorm norm3_;
};

}  // namespace rppg::models
