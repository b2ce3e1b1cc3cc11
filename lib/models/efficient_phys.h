/// EfficientPhys-C: convolutions with temporal shifts on normalised frame differences.
///
/// Liu et al., "EfficientPhys: Enabling simple, fast and accurate camera-based cardiac
/// measurement", WACV 2023. Names of parameters are those of rPPG-Toolbox.
#pragma once

#include <optional>

#include "models/model.h"
#include "nn/layers.h"
#include "nn/picture_layers.h"

namespace rppg::models {

class EfficientPhys final : public Model {
 public:
  struct Config {
    Index frame_size = 72;   ///< pixels; at least 12
    Index frame_depth = 10;  ///< frames that the temporal shift keeps together
    Index clip_frames = 180;
  };
  EfficientPhys(const nn::Scope& scope, const Config& config);

  const InputFormat& input() const override { return input_; }

  /// The last difference of each clip is zero; T is a multiple of the frame depth.
  Tensor operator()(Tensor clips) const override;

  /// The network behind the differences (B, T, H, W, 3) -> (B, T).
  Tensor from_differences(Tensor differences) const;

  /// The frame size of a network whose first dense layer has so many inputs: of the four sizes that
  /// share it the multiple of 4, as 36, 72, 96 and 128 are. None when no size has it.
  static std::optional<Index> frame_size_for(Index dense_inputs);

 private:
  /// Weights of the convolutions, packed on a tape.
  struct Packed {
    ops::Convolution conv1, conv2, conv3, conv4;
  };
  Packed pack(Tape& tape) const;
  Tensor features(const Packed& packed, Tensor differences) const;
  Tensor waveform(Tensor features) const;
  Tensor waveform_by_segments(Tensor clips) const;

  InputFormat input_;
  nn::BatchNorm norm_;
  nn::PictureConvolution conv1_, conv2_, conv3_, conv4_;
  Tensor attention1_weight_, attention1_bias_;
  Tensor attention2_weight_, attention2_bias_;
  nn::Linear dense1_, dense2_;
};

}  // namespace rppg::models
