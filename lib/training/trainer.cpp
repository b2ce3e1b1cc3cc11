#include "training/trainer.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/text.h"
#include "base/version.h"
#include "tensor/tape.h"

namespace rppg::training {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* checkpoint_name = "checkpoint.h5";

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string text_of(const std::map<std::string, double>& settings) {
  std::string text;
  for (const auto& [name, value] : settings)
    text += concat(text.empty() ? "" : " ", name, "=", value);
  return text;
}

/// All that shapes the result of a training, in words.
std::map<std::string, std::string> configuration_of(
    const models::Network& network, const TrainingOptions& options,
    const std::map<std::string, std::string>& provenance) {
  const Recipe& recipe = options.recipe;
  const nn::NetworkRecord record = network.record();
  std::map<std::string, std::string> all{{"augmentation", std::string(name(recipe.augmentation))},
                                         {"batch_size", concat(recipe.batch_size)},
                                         {"clip_norm", concat(recipe.optimizer.max_gradient_norm)},
                                         {"epochs", concat(recipe.epochs)},
                                         {"learning_rate", concat(recipe.learning_rate)},
                                         {"network", record.model},
                                         {"optimizer", std::string(name(recipe.optimizer.kind))},
                                         {"patience", concat(options.patience)},
                                         {"schedule", std::string(name(recipe.schedule))},
                                         {"seed", concat(options.seed)},
                                         {"settings", text_of(record.settings)},
                                         {"version", std::string(version())},
                                         {"weight_decay", concat(recipe.optimizer.weight_decay)}};
  all.insert(provenance.begin(), provenance.end());
  return all;
}

std::int64_t steps_per_epoch(const data::FaceVideos& videos, std::size_t clip_frames,
                             int batch_size) {
  const auto clips = static_cast<std::int64_t>(data::clip_places(videos, clip_frames).size());
  if (clips == 0) throw std::logic_error("Trainer: no clip to train on");
  return (clips + batch_size - 1) / batch_size;
}

[[noreturn]] void fail_diverged(std::int64_t step, std::string_view what) {
  throw Error(Status::malformed, concat("training diverged: ", what, " of step ", step + 1,
                                        " is not finite; lower --learning-rate"));
}

[[noreturn]] void fail_stopped() { throw Error(Status::interrupted, "stopped on request"); }

}  // namespace

Trainer::Trainer(models::Network& network, const Objective& objective,
                 const data::FaceVideos& videos, const Validation* validation,
                 const TrainingOptions& options,
                 const std::map<std::string, std::string>& provenance, std::filesystem::path folder)
    : network_(network),
      objective_(objective),
      videos_(videos),
      validation_(validation),
      options_(options),
      folder_(std::move(folder)),
      optimizer_(network.parameters(), options.recipe.optimizer, options.threads),
      steps_per_epoch_(
          steps_per_epoch(videos, static_cast<std::size_t>(network.model().input().clip_frames),
                          options.recipe.batch_size)),
      buffers_before_(network.parameters().buffers().size()) {
  schedule_.kind = options.recipe.schedule;
  schedule_.learning_rate = options.recipe.learning_rate;
  schedule_.steps = steps_in_all();
  state_.configuration = configuration_of(network, options, provenance);
}

std::int64_t Trainer::steps_in_all() const { return options_.recipe.epochs * steps_per_epoch_; }

void Trainer::resume() {
  const std::filesystem::path file = folder_ / checkpoint_name;
  TrainingState state = read_checkpoint(file);
  require_same_configuration(state_.configuration, state.configuration);
  network_.load(state.network, file);
  try {
    optimizer_.restore(state.first_moments, state.second_moments, state.optimizer_steps);
  } catch (const std::logic_error& error) {
    throw Error(Status::malformed, file, error.what());
  }
  state_ = std::move(state);
  batches_.reset();
}

bool Trainer::run() {
  Progress progress("train", static_cast<std::size_t>(steps_in_all()),
                    static_cast<std::size_t>(state_.step));
  if (!state_.history.empty()) write_outputs();
  saved_ = Clock::now();
  try {
    while (!finished()) {
      const auto start = Clock::now();
      const std::int64_t first = state_.step;
      train_epoch(progress);
      const std::int64_t steps = state_.step - first;
      const double seconds = seconds_since(start);
      finish_epoch();
      log::info(epoch_text(seconds, steps));
    }
  } catch (const Error& error) {
    if (error.status() != Status::interrupted) throw;
    save();
    return false;
  }
  return true;
}

bool Trainer::finished() const {
  const std::size_t epochs = state_.history.size();
  if (std::cmp_greater_equal(epochs, options_.recipe.epochs)) return true;
  return options_.patience > 0 && epochs > 0 &&
         std::cmp_greater_equal(epochs - 1 - best_epoch(state_.history), options_.patience);
}

void Trainer::train_epoch(Progress& progress) {
  const std::int64_t end =
      steps_per_epoch_ * (static_cast<std::int64_t>(state_.history.size()) + 1);
  while (state_.step < end) {
    if (stop_requested()) fail_stopped();
    progress.step("loss", step());
    if (seconds_since(saved_) >= 60 * options_.checkpoint_minutes) save();
  }
}

double Trainer::step() {
  if (!batches_) {
    batches_ = std::make_unique<data::Batches>(videos_, batch_options(),
                                               static_cast<std::uint64_t>(state_.step));
  }
  const double loss = forward_and_backward(batches_->next());
  if (!std::isfinite(loss)) fail_diverged(state_.step, "the loss");
  const double norm = optimizer_.step(schedule_.at(state_.step));
  if (!std::isfinite(norm)) fail_diverged(state_.step, "the gradient");
  state_.loss_sum += loss;
  ++state_.step;
  return loss;
}

data::BatchOptions Trainer::batch_options() const {
  const models::InputFormat& input = network_.model().input();
  data::BatchOptions options{.clip_frames = static_cast<std::size_t>(input.clip_frames),
                             .batch_size = static_cast<std::size_t>(options_.recipe.batch_size),
                             .seed = options_.seed};
  if (options_.recipe.augmentation != Augmentation::none) {
    options.treatment = Augmenter(options_.recipe.augmentation, options_.seed,
                                  static_cast<std::size_t>(input.frame_size));
  }
  return options;
}

/// A request to stop ends this between two ops; the step has not been then.
double Trainer::forward_and_backward(const data::Batch& batch) {
  nn::ParameterStore& parameters = network_.parameters();
  const std::span<float> buffers = parameters.buffers();
  std::copy(buffers.begin(), buffers.end(), buffers_before_.begin());
  const models::InputFormat& input = network_.model().input();
  const auto clips = static_cast<Index>(batch.clips);
  try {
    Tape tape(arena_, {.training = true,
                       .gradients = true,
                       .threads = options_.threads,
                       .seed = options_.seed,
                       .step = static_cast<std::uint64_t>(state_.step),
                       .cancelled = stop_requested});
    const Tensor frames =
        tape.input(batch.frames, {clips, input.clip_frames, input.frame_size, input.frame_size, 3});
    const Tensor labels = tape.input(batch.labels, {clips, input.clip_frames});
    const Tensor loss = objective_(frames, {labels, batch.rate_hz}).loss;
    tape.backward(loss);
    return static_cast<double>(loss.values()[0]);
  } catch (const Error&) {
    std::copy(buffers_before_.begin(), buffers_before_.end(), buffers.begin());
    parameters.clear_gradients();
    throw;
  }
}

void Trainer::finish_epoch() {
  EpochRecord record;
  record.epoch = static_cast<std::int64_t>(state_.history.size()) + 1;
  record.steps = state_.step;
  record.train_loss = state_.loss_sum / static_cast<double>(steps_per_epoch_);
  record.learning_rate = schedule_.at(state_.step - 1).learning_rate;
  ValidationResult result;
  if (validation_ != nullptr) {
    result = (*validation_)(network_.model(), objective_, arena_, options_.threads);
    record.validated = true;
    record.valid_loss = result.loss;
    record.valid_mae_bpm = result.mae_bpm;
  }
  state_.history.push_back(record);
  state_.loss_sum = 0;
  if (best_epoch(state_.history) + 1 == state_.history.size()) {
    state_.best = network_.record();
    state_.best_metrics = std::move(result.metrics);
  }
  save();
  write_outputs();
}

void Trainer::save() {
  state_.network = network_.record();
  const auto first = optimizer_.first_moments();
  const auto second = optimizer_.second_moments();
  state_.first_moments.assign(first.begin(), first.end());
  state_.second_moments.assign(second.begin(), second.end());
  state_.optimizer_steps = optimizer_.steps();
  write_file(folder_ / checkpoint_name, checkpoint_image(state_));
  saved_ = Clock::now();
}

void Trainer::write_outputs() const {
  nn::WeightsFile weights;
  weights.parts[models::main_part] = state_.best;
  weights.provenance = state_.configuration;
  weights.provenance["epoch"] = concat(best_epoch(state_.history) + 1);
  write_file(folder_ / "weights.h5", nn::weights_image(weights));
  if (!state_.best_metrics.empty()) write_file(folder_ / "metrics.json", state_.best_metrics);
  write_file(folder_ / "log.jsonl", log_text(state_.history));
}

std::string Trainer::epoch_text(double seconds, std::int64_t steps) const {
  const EpochRecord& record = state_.history.back();
  std::string text = concat("train: epoch ", record.epoch, "/", options_.recipe.epochs, " loss ",
                            format_fixed(record.train_loss, 4));
  if (record.validated) {
    text += concat(", validation loss ", format_fixed(record.valid_loss, 4), ", MAE ",
                   format_fixed(record.valid_mae_bpm, 2), " bpm");
  }
  if (best_epoch(state_.history) + 1 == state_.history.size()) text += " (best)";
  if (steps > 0 && seconds > 0) {
    text += concat(", ", format_fixed(static_cast<double>(steps) / seconds, 2), " steps/s");
  }
  return text;
}

}  // namespace rppg::training
