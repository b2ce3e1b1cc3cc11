/// What the ops of one forward pass cost.
#pragma once

#include <vector>

#include "base/shape.h"

namespace rppg {

struct TensorNode;

/// One op: the same counts whatever algorithm computes it.
struct OpCost {
  const char* op;            ///< its name on the tape
  const TensorNode* weight;  ///< its largest parameter; null when it has none
  double multiplications;    ///< multiply-adds of the textbook form
  double additions;          ///< those of means, which multiply nothing
  double outputs;            ///< numbers that it makes
};

using CostLog = std::vector<OpCost>;

}  // namespace rppg
