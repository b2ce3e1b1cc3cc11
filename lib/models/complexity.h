/// What networks cost, layer by layer; also as the tool thop counts it, whose numbers papers quote.
#pragma once

#include <string>
#include <vector>

#include "models/network.h"

namespace rppg::models {

/// Trained numbers, and multiply-adds of one clip.
struct Cost {
  Index parameters = 0;
  double multiply_adds = 0;
};

/// A layer: the parameters under one name and the ops that read them, or all ops of a kind that
/// read none.
struct LayerCost {
  std::string name;  ///< "ConvBlock1.0", or "average_pool"
  std::string op;    ///< the first one; empty when none reports a cost
  Cost cost;
  /// By thop 0.1.1 (https://github.com/Lyken17/pytorch-OpCounter), as it profiles the published
  /// PyTorch modules: biases cost nothing, a norm 4 operations for each number, a transposed
  /// convolution all its taps at every output, average pools their additions. Layers whose module
  /// it never sees run cost nothing and have no parameters: Mamba blocks, which are one fused
  /// kernel there, and bare parameters such as position embeddings.
  Cost thop;
};

struct Complexity {
  Index frames = 0;               ///< of the clip
  std::vector<LayerCost> layers;  ///< in the order in which they run

  Cost total() const;
  Cost thop_total() const;
};

/// Counts a forward pass over one clip of zeros. Throws std::logic_error for a number of frames
/// that the network cannot take, Error(interrupted) when a stop was requested.
Complexity complexity_of(const Network& network, Index frames, int threads);

}  // namespace rppg::models
