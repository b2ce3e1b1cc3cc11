/// How learning rate and momentum change from step to step.
#pragma once

#include "base/shape.h"

namespace rppg::nn {

/// What an optimizer is told at one step.
struct StepRates {
  double learning_rate = 0;
  double beta1 = 0.9;  ///< of Adam; the momentum of gradient descent
};

/// A rule for all steps of a training.
struct Schedule {
  enum class Kind {
    constant,
    cosine,  ///< from the learning rate down along half a cosine; 0 one step after the last
    /// PyTorch's OneCycleLR at its defaults (Smith & Topin 2019): along half cosines from 1/25 of
    /// the learning rate to all of it, at step 0.3 steps - 1, and down to 1/250000 at the last one;
    /// beta1 goes the other way, 0.95, 0.85, 0.95.
    one_cycle,
  };

  Kind kind = Kind::constant;
  double learning_rate = 1e-3;  ///< the largest
  Index steps = 1;              ///< of the whole training
  double beta1 = 0.9;           ///< `one_cycle` has its own

  /// Step 0 is the first; beyond the last one, what holds there.
  StepRates at(Index step) const;
};

}  // namespace rppg::nn
