#include "training/recipe.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"

namespace rppg::training {
namespace {

using OptimizerKind = nn::OptimizerOptions::Kind;
using ScheduleKind = nn::Schedule::Kind;

constexpr std::array optimizer_kinds{OptimizerKind::adamw, OptimizerKind::adam,
                                     OptimizerKind::descent};
constexpr std::array schedule_kinds{ScheduleKind::constant, ScheduleKind::cosine,
                                    ScheduleKind::one_cycle};

constexpr const char* default_recipe = "default";

struct RecipeEntry {
  std::string_view model;  ///< empty: any
  Recipe recipe;
};

const std::vector<RecipeEntry>& entries() {
  static const std::vector<RecipeEntry> table{
      // rPPG-Toolbox (Liu et al., NeurIPS 2023), configurations of the two models.
      {"efficientphys", {.name = "toolbox", .loss = "mse", .optimizer = {}}},
      {"physnet",
       {.name = "toolbox", .loss = "negative-pearson", .optimizer = {.kind = OptimizerKind::adam}}},
      // LQ-rPPG, but batches that fit into the memory of a laptop and epochs by validation; and as
      // published. The program reads 50 epochs; the rate is lower within PURE (6e-5) and higher
      // within MMPD (5e-3).
      {"c2f",
       {.name = "lq",
        .loss = {},
        .optimizer = {.weight_decay = 1e-5},
        .learning_rate = 3e-4,
        .epochs = 50,
        .batch_size = 4}},
      {"c2f",
       {.name = "paper",
        .loss = {},
        .optimizer = {.weight_decay = 1e-5},
        .learning_rate = 3e-4,
        .epochs = 50,
        .batch_size = 16}},
      {"", {.name = "toolbox", .loss = {}, .optimizer = {}}},
      // Lower learning rate with decay and clipping, as for cross-view distillation.
      {"",
       {.name = "clipped",
        .loss = {},
        .optimizer = {.weight_decay = 0.01, .max_gradient_norm = 1},
        .learning_rate = 3e-3}},
  };
  return table;
}

template <class Kinds>
auto find_kind(const Kinds& kinds, std::string_view what, std::string_view wanted) {
  std::string names;
  for (const auto kind : kinds) {
    if (name(kind) == wanted) return kind;
    names += concat(names.empty() ? "" : ", ", name(kind));
  }
  throw Error(Status::usage, concat("unknown ", what, " '", wanted, "'; one of ", names));
}

}  // namespace

std::vector<std::string> recipe_names() {
  std::vector<std::string> names{default_recipe};
  for (const RecipeEntry& entry : entries()) {
    if (std::find(names.begin(), names.end(), entry.recipe.name) == names.end()) {
      names.push_back(entry.recipe.name);
    }
  }
  return names;
}

const Recipe& find_recipe(std::string_view name, std::string_view model) {
  const Recipe* found = nullptr;
  for (const RecipeEntry& entry : entries()) {
    if (name != default_recipe && name != entry.recipe.name) continue;
    if (entry.model == model) return entry.recipe;
    if (entry.model.empty() && found == nullptr) found = &entry.recipe;
  }
  if (found != nullptr) return *found;
  throw Error(Status::usage, concat("there is no recipe '", name, "' for ", model));
}

std::string_view name(OptimizerKind kind) {
  switch (kind) {
    case OptimizerKind::adamw:
      return "adamw";
    case OptimizerKind::adam:
      return "adam";
    case OptimizerKind::descent:
      break;
  }
  return "sgd";
}

std::string_view name(ScheduleKind kind) {
  switch (kind) {
    case ScheduleKind::constant:
      return "constant";
    case ScheduleKind::cosine:
      return "cosine";
    case ScheduleKind::one_cycle:
      break;
  }
  return "onecycle";
}

OptimizerKind find_optimizer(std::string_view name) {
  return find_kind(optimizer_kinds, "optimizer", name);
}

ScheduleKind find_schedule(std::string_view name) {
  return find_kind(schedule_kinds, "schedule", name);
}

Augmentation find_augmentation(std::string_view name) {
  return find_kind(augmentations, "augmentation", name);
}

}  // namespace rppg::training
