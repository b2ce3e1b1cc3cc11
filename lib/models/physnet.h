/// PhysNet, "padding encoder-decoder with max pooling": 3-D convolutions on differences of frames.
///
/// Yu et al., "Remote photoplethysmograph signal measurement from facial videos using
/// spatio-temporal networks", BMVC 2019. Names of parameters are those of rPPG-Toolbox.
#pragma once

#include <vector>

#include "models/model.h"
#include "nn/picture_layers.h"

namespace rppg::models {

class PhysNet final : public Model {
 public:
  struct Config {
    Index frame_size = 72;  ///< pixels; at least 16
    Index clip_frames = 128;
  };
  PhysNet(const nn::Scope& scope, const Config& config);

  const InputFormat& input() const override { return input_; }

  /// T is a multiple of 4.
  Tensor operator()(Tensor clips) const override;

 private:
  /// Convolution, batch norm, ReLU.
  struct Block {
    nn::PictureConvolution convolution;
    nn::BatchNorm norm;

    Tensor operator()(Tensor x) const { return convolution(x, norm); }
  };
  /// Twice the frames, batch norm, ELU.
  struct Upsample {
    Tensor weight;
    Tensor bias;
    nn::BatchNorm norm;

    Tensor operator()(Tensor x) const;
  };
  static Block block(const nn::Scope& scope, Index in, Index out, Index frames, Index kernel);
  static Upsample upsample(const nn::Scope& scope);

  InputFormat input_;
  std::vector<Block> blocks_;  ///< ConvBlock1 to ConvBlock9
  Upsample upsample1_, upsample2_;
  nn::PictureConvolution last_;
};

}  // namespace rppg::models
