/// The one training loop, for all networks and objectives.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/progress.h"
#include "data/batches.h"
#include "models/network.h"
#include "nn/optimizer.h"
#include "nn/schedule.h"
#include "tensor/arena.h"
#include "training/objectives.h"
#include "training/recipe.h"
#include "training/state.h"
#include "training/validation.h"

namespace rppg::training {

struct TrainingOptions {
  Recipe recipe;
  std::uint64_t seed = 1;
  int patience = 0;                ///< end after so many epochs without a better one; 0 = never
  double checkpoint_minutes = 10;  ///< between checkpoints within an epoch
  int threads = 1;
};

/// Trains a network, and keeps in `folder`:
///
/// - checkpoint.h5, the complete state: after every epoch, every checkpoint_minutes, and when a
///   stop is requested;
/// - weights.h5, the network of the best epoch (training/state.h has the rule), and metrics.json,
///   its validation;
/// - log.jsonl, one line per epoch.
///
/// The last three are made of the state alone, and each file appears whole, so that a training that
/// was stopped or killed at any moment and resumed ends in the same bytes as one that was not. So
/// does one with another number of threads.
class Trainer {
 public:
  /// Everything must outlive the trainer; validation may be null. provenance: what else shapes the
  /// result ("data", "objective"); it goes into the weights file, and a training is resumed only
  /// under the same. videos must have at least one clip.
  Trainer(models::Network& network, const Objective& objective, const data::FaceVideos& videos,
          const Validation* validation, const TrainingOptions& options,
          const std::map<std::string, std::string>& provenance, std::filesystem::path folder);

  /// Goes on from the folder's checkpoint.h5. Throws Error: missing, malformed; usage when it was
  /// made under another configuration.
  void resume();

  /// Trains to the end, or until a stop is requested; the state is saved then and false returned.
  /// Throws Error(malformed) when the loss is no longer finite, and Error(write_failed).
  bool run();

  /// One training step: forward, backward, update. Allocates nothing from the second step with a
  /// batch of the same size on. Returns the loss.
  double step();

  const std::vector<EpochRecord>& history() const { return state_.history; }

 private:
  std::int64_t steps_in_all() const;
  bool finished() const;
  void train_epoch(Progress& progress);
  void finish_epoch();
  data::BatchOptions batch_options() const;
  double forward_and_backward(const data::Batch& batch);
  void write_outputs() const;
  void save();
  std::string epoch_text(double seconds, std::int64_t steps) const;

  models::Network& network_;
  const Objective& objective_;
  const data::FaceVideos& videos_;
  const Validation* validation_;
  TrainingOptions options_;
  std::filesystem::path folder_;
  nn::Optimizer optimizer_;
  nn::Schedule schedule_;
  std::int64_t steps_per_epoch_;
  TrainingState state_;
  std::unique_ptr<data::Batches> batches_;
  Arena arena_;
  std::vector<float> buffers_before_;  ///< running averages before the step under way
  std::chrono::steady_clock::time_point saved_;
};

}  // namespace rppg::training
