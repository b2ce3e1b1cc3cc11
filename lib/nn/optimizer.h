/// Changes the parameters of a model by their gradients.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nn/parameters.h"
#include "nn/schedule.h"

namespace rppg::nn {

struct OptimizerOptions {
  enum class Kind {
    adamw,    ///< Adam with decoupled weight decay (Loshchilov & Hutter 2019)
    adam,     ///< weight decay is added to the gradient (Kingma & Ba 2015)
    descent,  ///< stochastic gradient descent; beta1 is its momentum, weight decay as for Adam
  };
  Kind kind = Kind::adamw;
  double weight_decay = 0;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double max_gradient_norm = 0;  ///< longer gradients are shortened to it; 0: never
};

/// Steps over all trained parameters of a store, as PyTorch's optimizers take them: bias correction
/// uses the current beta1, 1 - beta1^t. Nothing is allocated after the constructor, and results do
/// not depend on the number of threads.
class Optimizer {
 public:
  /// The store must be initialised, and outlive the optimizer.
  Optimizer(ParameterStore& store, const OptimizerOptions& options, int threads = 1);

  /// One step; sets the gradients to zero. Returns their norm as it was, over all parameters. Where
  /// that is not finite, parameters and moments stay as they are.
  double step(const StepRates& rates);

  /// What goes on from step to step, to be saved; second moments are empty for `descent`.
  std::span<const float> first_moments() const { return first_moments_; }
  std::span<const float> second_moments() const { return second_moments_; }
  std::int64_t steps() const { return steps_; }
  /// Throws std::logic_error when sizes differ from those of this optimizer.
  void restore(std::span<const float> first_moments, std::span<const float> second_moments,
               std::int64_t steps);

 private:
  double gradient_norm();
  float gradient_scale(double norm) const;

  ParameterStore& store_;
  OptimizerOptions options_;
  int threads_;
  std::int64_t steps_ = 0;
  std::vector<float> first_moments_;
  std::vector<float> second_moments_;
  std::vector<double> partial_sums_;  ///< of squared gradients, one per block
};

}  // namespace rppg::nn
