/// Mamba layers.
#pragma once

#include <vector>

#include "nn/layers.h"
#include "nn/parameters.h"
#include "ops/time_direction.h"

namespace rppg::nn {

/// Sizes of a block of `width` channels.
struct MambaSizes {
  Index width = 0;
  Index states = 48;
  Index expansion = 2;

  Index inner() const { return expansion * width; }
  Index delta_rank() const { return (width + 15) / 16; }
};

/// One direction: filter, selective scan, gate. Parameters conv1d, x_proj, dt_proj, A_log and D of
/// the block, or those with a `b`.
class MambaDirection {
 public:
  MambaDirection(const Scope& scope, const MambaSizes& sizes, ops::TimeDirection direction);

  /// projected (B, T, 2 inner): inputs, then gates -> (B, T, inner).
  Tensor operator()(Tensor projected) const;

 private:
  MambaSizes sizes_;
  ops::TimeDirection direction_;
  Tensor a_log_;
  Tensor skip_;
  Tensor filter_weight_;
  Tensor filter_bias_;
  Linear selection_;
  Linear delta_;
};

/// Which directions of time are scanned, and summed.
enum class MambaReach { forward, both };

/// A gated selective scan, x (B, T, width) -> (B, T, width). With two directions, they share
/// in_proj and out_proj: Zhu et al., "Vision Mamba", 2024, as in Li et al., "VideoMamba", 2024.
/// Starts as VideoMamba does: normal weights of standard deviation 0.02, no bias for delta.
class Mamba {
 public:
  Mamba(const Scope& scope, const MambaSizes& sizes, MambaReach reach);
  Tensor operator()(Tensor x) const;

 private:
  Linear in_;
  std::vector<MambaDirection> directions_;
  Linear out_;
};

/// x (B, T, width) -> x + Mamba of x_norm(x) in both directions, in parameters `x_norm` and
/// `mamba`.
class BiMamba {
 public:
  BiMamba(const Scope& scope, const MambaSizes& sizes);
  Tensor operator()(Tensor x) const;
  /// What is added to x.
  Tensor branch(Tensor x) const;

 private:
  LayerNorm norm_;
  Mamba mamba_;
};

}  // namespace rppg::nn
