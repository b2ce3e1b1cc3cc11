/// LQ-rPPG's coarse-to-fine network, with the label quantisers that it was trained for.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "models/fusion_stem.h"
#include "models/label_quantizer.h"
#include "models/model.h"
#include "nn/layers.h"
#include "nn/mamba.h"

namespace rppg::models {

/// Five heads give the wave with more and more levels: 2, 4, 8, 16 and 32, the codes of as many
/// quantisers. The first four lie behind Mamba blocks and feed what they find back into the
/// network; the last one gives the pulse wave. Other bit depths, in any order, levels without a
/// head and heads without codes are there for comparisons.
///
/// Parameters have the names of the published program. Those of the quantisers stand with them,
/// below quantizer1 to quantizer5, and are no part of what is trained: the network needs their code
/// books to run, and all of them to be trained on.
class CoarseToFine final : public Model {
 public:
  static constexpr std::size_t block_levels = 4;
  static constexpr std::size_t levels = block_levels + 1;
  /// Of its parameters in the network: "quantizer1" for level 0.
  static std::string quantizer_name(std::size_t level);

  struct Config {
    Index frame_size = 128;   ///< pixels; a multiple of 8
    Index clip_frames = 160;  ///< the longest clip
    /// Of the quantiser of each level; 0: the level has neither head nor quantiser. The last has.
    std::array<int, levels> bits{1, 2, 3, 4, 5};
    /// Heads are drawn to the codes of their level; false: they are the waves themselves.
    bool soft_codes = true;
  };
  CoarseToFine(const nn::Scope& scope, const Config& config);

  const InputFormat& input() const override { return input_; }

  /// What the network makes of clips, level by level. Levels without a head have no heads, waves
  /// and projections.
  struct Output {
    std::array<Tensor, levels> heads;          ///< (B, T), before they are compared with codes
    std::array<Tensor, levels> waves;          ///< (B, T), their soft reconstructions
    std::array<Tensor, block_levels> encoded;  ///< (B, T, 64), behind each Mamba block
    std::array<Tensor, block_levels> fused;    ///< the same and all projections of waves so far
  };
  /// T is at most clip_frames.
  Output run(Tensor clips) const;

  /// The last wave, standardised in each clip.
  static Tensor pulse(const Output& output);
  Tensor operator()(Tensor clips) const override;

  const Config& config() const { return config_; }
  bool has_head(std::size_t level) const { return config_.bits[level] > 0; }
  /// Of a level with a head.
  const LabelQuantizer& quantizer(std::size_t level) const { return *quantizers_[level]; }

 private:
  /// A head before the last, and the way back of what it finds.
  struct Head {
    nn::Convolution1d head;
    nn::Convolution1d projection;

    Head(const nn::Scope& scope, const std::string& number);
  };
  Tensor wave(Tensor head, std::size_t level) const;
  Tensor predict(Tensor x) const;

  Config config_;
  InputFormat input_;
  FusionStem stem_;
  Tensor positions_;
  std::vector<nn::BiMamba> blocks_;
  std::array<std::optional<Head>, block_levels> heads_;
  std::vector<nn::Convolution1d> predictor_;
  std::array<std::optional<LabelQuantizer>, levels> quantizers_;
};

}  // namespace rppg::models
