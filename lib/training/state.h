/// Everything that a training goes on from, as a file, and the rule that picks its best epoch.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "nn/checkpoint.h"

namespace rppg::training {

/// One finished epoch.
struct EpochRecord {
  std::int64_t epoch = 0;    ///< from 1
  std::int64_t steps = 0;    ///< of the training, at its end
  double train_loss = 0;     ///< mean over its steps
  double learning_rate = 0;  ///< of its last step
  bool validated = false;    ///< there are validation data
  double valid_loss = std::numeric_limits<double>::quiet_NaN();
  double valid_mae_bpm = std::numeric_limits<double>::quiet_NaN();  ///< of the heart rate
};

/// True when `a` is to be preferred to the earlier epoch `b`: lower validation error of the heart
/// rate, at equal ones lower validation loss; without validation data, always.
bool is_better(const EpochRecord& a, const EpochRecord& b);

/// Index of the best epoch: the earliest to which no later one is to be preferred.
std::size_t best_epoch(std::span<const EpochRecord> history);

/// log.jsonl: one line per epoch, nothing in it that differs between repetitions.
std::string log_text(std::span<const EpochRecord> history);

struct TrainingState {
  /// All that shapes the result: a training is resumed only under the same.
  std::map<std::string, std::string> configuration;
  nn::NetworkRecord network;  ///< after `step` steps
  std::vector<float> first_moments;
  std::vector<float> second_moments;
  std::int64_t optimizer_steps = 0;
  /// Steps taken. Random numbers and the place in the data are functions of it and the seed.
  std::int64_t step = 0;
  double loss_sum = 0;  ///< over the steps of the epoch that is under way
  std::vector<EpochRecord> history;
  nn::NetworkRecord best;  ///< the network of the best epoch; without tensors before the first one
  std::string best_metrics;  ///< text of metrics.json for it; empty without validation data
};

/// The bytes of a checkpoint; the network under way is its part "model", as in weights files.
std::vector<std::byte> checkpoint_image(const TrainingState& state);

/// Throws Error: missing; malformed when it is no checkpoint.
TrainingState read_checkpoint(const std::filesystem::path& file);

/// Throws Error(usage) naming the first entry in which two configurations differ.
void require_same_configuration(const std::map<std::string, std::string>& now,
                                const std::map<std::string, std::string>& before);

}  // namespace rppg::training
