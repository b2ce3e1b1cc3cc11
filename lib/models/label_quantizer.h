/// LQ-rPPG's label quantiser: pulse waves as a few code values.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "nn/layers.h"
#include "nn/mamba.h"
#include "ops/vector_quantizer.h"

namespace rppg::models {

/// An encoder, which changes the wave a little, and a code book of scalars. Parameters `encoder`
/// and `quantizer` have the names of the published program.
class LabelQuantizer {
 public:
  struct Config {
    Index codes = 2;
    Index clip_frames = 160;  ///< the longest wave
  };
  LabelQuantizer(const nn::Scope& scope, const Config& config);

  /// Quantised waves.
  struct Output {
    Tensor encoded;    ///< (B, T)
    Tensor quantized;  ///< (B, T): codes; the gradient goes straight through to `encoded`
    /// Half the mean squared distance of the two, with a gradient for `encoded` only.
    Tensor commitment;
    std::span<const std::int32_t> tokens;  ///< B T numbers of codes; in the tape's memory
  };
  /// waves (B, T), band-passed and standardised. Changes nothing, also in training.
  Output operator()(Tensor waves) const;

  /// The code book follows what it has quantised; once per training step, after the forward pass.
  void follow(const Output& output, const ops::CodeBookRule& rule) const;

  /// (K, 1), in the order of the file.
  Tensor codes() const { return codes_; }

  // --- Parts of the encoder, (B, T) -> (B, T) ----------------------------------------------------

  /// waves + a stack of dilated convolutions of them.
  Tensor filtered(Tensor waves) const;
  /// filtered() + learned positions + drift().
  Tensor encode(Tensor waves) const;
  /// What the Mamba block adds to every wave of `frames` frames, (frames, 1). It does not depend on
  /// the wave: the layer norm before it has a single channel, of which nothing but its bias is
  /// left.
  Tensor drift(Tape& tape, Index frames) const;

 private:
  std::array<nn::Convolution1d, 5> convolutions_;
  Tensor positions_;
  nn::BiMamba block_;
  Tensor codes_;
  Tensor sums_;
  Tensor counts_;
};

}  // namespace rppg::models
