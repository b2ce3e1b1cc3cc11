/// Named settings of a training, as published.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nn/optimizer.h"
#include "nn/schedule.h"
#include "training/augmentation.h"

namespace rppg::training {

/// Everything about a training but data, network and objective.
struct Recipe {
  std::string name;
  std::string loss;  ///< of the supervised objective; empty: its default
  nn::OptimizerOptions optimizer;
  nn::Schedule::Kind schedule = nn::Schedule::Kind::one_cycle;
  double learning_rate = 9e-3;  ///< the largest
  int epochs = 30;
  int batch_size = 4;  ///< clips
  Augmentation augmentation = Augmentation::none;
};

/// Names, without repetitions.
std::vector<std::string> recipe_names();

/// The recipe of that name for a model, or the one for all models; "default" is the first of the
/// model. Throws Error(usage) when there is none.
const Recipe& find_recipe(std::string_view name, std::string_view model);

std::string_view name(nn::OptimizerOptions::Kind kind);
std::string_view name(nn::Schedule::Kind kind);
/// Throw Error(usage) when there is none of that name.
nn::OptimizerOptions::Kind find_optimizer(std::string_view name);
nn::Schedule::Kind find_schedule(std::string_view name);
Augmentation find_augmentation(std::string_view name);

}  // namespace rppg::training
