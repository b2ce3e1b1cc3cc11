#include "nn/optimizer.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "kernels/kernels.h"
#include "tensor/parallel.h"

namespace rppg::nn {
namespace {

/// Parameters that one thread works on at a time: all four arrays stay in its nearer caches.
constexpr std::size_t block_size = std::size_t{1} << 14;

struct Block {
  std::size_t begin;
  Index count;
};
Block block_of(std::size_t size, Index index) {
  const std::size_t begin = static_cast<std::size_t>(index) * block_size;
  return {begin, static_cast<Index>(std::min(block_size, size - begin))};
}

Index blocks_in(std::size_t size) {
  return static_cast<Index>((size + block_size - 1) / block_size);
}

AdamStep adam_step(const OptimizerOptions& options, const StepRates& rates, float gradient_scale,
                   std::int64_t steps) {
  const auto t = static_cast<double>(steps);
  const bool decoupled = options.kind == OptimizerOptions::Kind::adamw;
  const double decay = options.weight_decay;
  return {
      .gradient_scale = gradient_scale,
      .coupled_decay = static_cast<float>(decoupled ? 0 : decay),
      .kept = static_cast<float>(1 - (decoupled ? rates.learning_rate * decay : 0)),
      .beta1 = static_cast<float>(rates.beta1),
      .beta1_rest = static_cast<float>(1 - rates.beta1),
      .beta2 = static_cast<float>(options.beta2),
      .beta2_rest = static_cast<float>(1 - options.beta2),
      .step = static_cast<float>(rates.learning_rate / (1 - std::pow(rates.beta1, t))),
      .root_scale = static_cast<float>(1 / std::sqrt(1 - std::pow(options.beta2, t))),
      .epsilon = static_cast<float>(options.epsilon),
  };
}

DescentStep descent_step(const OptimizerOptions& options, const StepRates& rates,
                         float gradient_scale) {
  return {.gradient_scale = gradient_scale,
          .coupled_decay = static_cast<float>(options.weight_decay),
          .momentum = static_cast<float>(rates.beta1),
          .learning_rate = static_cast<float>(rates.learning_rate)};
}

void copy_moments(std::span<const float> from, std::vector<float>& to) {
  if (from.size() != to.size()) throw std::logic_error("Optimizer: moments of another size");
  std::copy(from.begin(), from.end(), to.begin());
}

}  // namespace

Optimizer::Optimizer(ParameterStore& store, const OptimizerOptions& options, int threads)
    : store_(store), options_(options), threads_(threads) {
  const std::size_t size = store.values().size();
  first_moments_.resize(size);
  if (options.kind != OptimizerOptions::Kind::descent) second_moments_.resize(size);
  partial_sums_.resize(static_cast<std::size_t>(blocks_in(size)));
}

double Optimizer::step(const StepRates& rates) {
  const double norm = gradient_norm();
  if (!std::isfinite(norm)) {
    store_.clear_gradients();
    return norm;
  }
  ++steps_;
  const std::span<float> values = store_.values();
  const std::span<float> gradients = store_.gradients();
  const OptimizerKernels& kernel = kernels().optimizer;
  const float scale = gradient_scale(norm);
  const Index blocks = blocks_in(values.size());
  if (options_.kind == OptimizerOptions::Kind::descent) {
    const DescentStep step = descent_step(options_, rates, scale);
    for_blocks(threads_, blocks, [&](Index index, int) {
      const auto [at, count] = block_of(values.size(), index);
      kernel.descend(&values[at], &gradients[at], &first_moments_[at], count, step);
    });
  } else {
    const AdamStep step = adam_step(options_, rates, scale, steps_);
    for_blocks(threads_, blocks, [&](Index index, int) {
      const auto [at, count] = block_of(values.size(), index);
      kernel.adam(&values[at], &gradients[at], &first_moments_[at], &second_moments_[at], count,
                  step);
    });
  }
  return norm;
}

double Optimizer::gradient_norm() {
  const std::span<const float> gradients = store_.gradients();
  for_blocks(threads_, blocks_in(gradients.size()), [&](Index index, int) {
    const auto [at, count] = block_of(gradients.size(), index);
    partial_sums_[static_cast<std::size_t>(index)] =
        kernels().optimizer.squared_norm(&gradients[at], count);
  });
  double sum = 0;
  for (const double part : partial_sums_) sum += part;
  return std::sqrt(sum);
}

float Optimizer::gradient_scale(double norm) const {
  if (options_.max_gradient_norm <= 0) return 1;
  return static_cast<float>(std::min(1.0, options_.max_gradient_norm / (norm + 1e-6)));
}

void Optimizer::restore(std::span<const float> first_moments, std::span<const float> second_moments,
                        std::int64_t steps) {
  copy_moments(first_moments, first_moments_);
  copy_moments(second_moments, second_moments_);
  steps_ = steps;
}

}  // namespace rppg::nn
