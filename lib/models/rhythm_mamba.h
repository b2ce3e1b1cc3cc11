/// RhythmMamba: the network that LQ-rPPG compares its cost with.
///
/// Zou et al., "RhythmMamba: fast, lightweight, and accurate remote physiological measurement",
/// AAAI 2025. Names of parameters are those of rPPG-Toolbox. Its stochastic depth in training is
/// left out.
#pragma once

#include <vector>

#include "models/fusion_stem.h"
#include "models/model.h"
#include "nn/layers.h"
#include "nn/mamba.h"

namespace rppg::models {

class RhythmMamba final : public Model {
 public:
  struct Config {
    Index frame_size = 128;  ///< pixels; a multiple of 8
    Index clip_frames = 160;
    nn::MambaReach reach = nn::MambaReach::both;  ///< rPPG-Toolbox's Mamba scans both ways
  };
  RhythmMamba(const nn::Scope& scope, const Config& config);

  const InputFormat& input() const override { return input_; }

  /// T is even and at least 8.
  Tensor operator()(Tensor clips) const override;

 private:
  /// Each channel's spectrum is weighted, between two dense layers.
  class FrequencyLayer {
   public:
    explicit FrequencyLayer(const nn::Scope& scope);
    Tensor operator()(Tensor x) const;

   private:
    nn::Convolution1d in_;
    nn::BatchNorm in_norm_;
    Tensor real_, imaginary_, real_bias_, imaginary_bias_;
    nn::Convolution1d out_;
    nn::BatchNorm out_norm_;
  };
  /// Mamba over the clip from several starting points, then a frequency layer.
  struct Block {
    nn::LayerNorm before;
    nn::Mamba mamba;
    nn::LayerNorm after;
    nn::LayerNorm norm;
    FrequencyLayer frequencies;

    Block(const nn::Scope& scope, nn::MambaReach reach);
    Tensor operator()(Tensor x) const;
  };

  InputFormat input_;
  FusionStem stem_;
  std::vector<Block> blocks_;
  nn::Convolution1d last_;
};

}  // namespace rppg::models
