// Data sets x network x objective -> weights.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/atomic_file.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/batch.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/estimation.h"
#include "cli/network_options.h"
#include "cli/network_quantizers.h"
#include "cli/output_folder.h"
#include "cli/run.h"
#include "cli/settings.h"
#include "cli/training_data.h"
#include "data/split.h"
#include "io/hash.h"
#include "models/network.h"
#include "results/provenance.h"
#include "training/inference.h"
#include "training/objectives.h"
#include "training/recipe.h"
#include "training/trainer.h"

namespace rppg::cli {
namespace {

namespace fs = std::filesystem;

/// Numbers below zero and empty texts: as the recipe says.
struct Options {
  std::vector<std::string> datasets;
  std::vector<std::string> valid;
  std::string model;
  std::vector<std::string> settings;
  std::string objective = "supervised";
  std::string loss;
  std::string quantizers;
  std::string init;
  std::string recipe = "default";
  int epochs = -1;
  int batch_size = -1;
  double learning_rate = -1;
  std::string optimizer;
  std::string schedule;
  double weight_decay = -1;
  double clip_norm = -1;
  std::string augmentation;
  int patience = 0;
  double checkpoint_minutes = 10;
  EstimationOptions estimation;  ///< protocol of the validation, and how recordings are read
};

/// What a training leaves in its folder.
constexpr std::array outputs{"run.json",   "ledger.jsonl", "checkpoint.h5",
                             "weights.h5", "metrics.json", "log.jsonl"};

training::Recipe recipe_of(const Options& options) {
  training::Recipe recipe = training::find_recipe(options.recipe, options.model);
  if (!options.loss.empty() || options.objective != "supervised") recipe.loss = options.loss;
  if (options.epochs >= 0) recipe.epochs = options.epochs;
  if (options.batch_size >= 0) recipe.batch_size = options.batch_size;
  if (options.learning_rate >= 0) recipe.learning_rate = options.learning_rate;
  if (!options.optimizer.empty()) {
    recipe.optimizer.kind = training::find_optimizer(options.optimizer);
  }
  if (!options.schedule.empty()) recipe.schedule = training::find_schedule(options.schedule);
  if (options.weight_decay >= 0) recipe.optimizer.weight_decay = options.weight_decay;
  if (options.clip_norm >= 0) recipe.optimizer.max_gradient_norm = options.clip_norm;
  if (!options.augmentation.empty()) {
    recipe.augmentation = training::find_augmentation(options.augmentation);
  }
  recipe.loss =
      std::string(training::find_loss(training::find_objective(options.objective), recipe.loss));
  return recipe;
}

/// New, or with the weights (and settings) of --init.
std::unique_ptr<models::Network> make_network(const Options& options, std::uint64_t seed) {
  models::Settings settings = parse_settings(options.settings);
  const models::ModelEntry& entry = models::find_model(options.model);
  if (options.init.empty()) return std::make_unique<models::Network>(entry, settings, seed);
  const nn::WeightsFile weights = nn::read_weights(options.init);
  const auto part = weights.parts.find(models::main_part);
  if (part == weights.parts.end()) throw Error(Status::malformed, options.init, "holds no network");
  settings.insert(part->second.settings.begin(), part->second.settings.end());
  auto network = std::make_unique<models::Network>(entry, settings, seed);
  network->load(part->second, options.init);
  return network;
}

/// Items of both lists; throws where they share a subject or an id.
std::vector<Item> joined(const std::vector<Item>& train, const std::vector<Item>& valid) {
  data::require_disjoint_subjects(recordings_of(train), recordings_of(valid));
  std::vector<Item> all = train;
  all.insert(all.end(), valid.begin(), valid.end());
  sort_by_id(all);
  return all;
}

using Recordings = std::vector<training::ValidationRecording>;

/// Names of the data sets, and a digest of all that was read of them.
void describe_data(const Recordings& recordings, const std::string& name,
                   std::map<std::string, std::string>& provenance) {
  std::set<std::string> datasets;
  std::string keys;
  for (const training::ValidationRecording& recording : recordings) {
    if (!results::has_result(recording.entry)) continue;
    datasets.insert(recording.entry.dataset);
    keys += recording.entry.key + "\n";
  }
  std::string names;
  for (const std::string& each : datasets) names += (names.empty() ? "" : " + ") + each;
  provenance[name] = names;
  provenance[name + "_digest"] = io::sha256(keys);
}

/// Median frame rate in whole hertz.
double usual_rate_hz(const data::FaceVideos& videos) {
  std::vector<double> rates;
  for (const auto& entry : videos.entries()) {
    if (entry.frames > 0) rates.push_back(entry.rate_hz);
  }
  const auto middle = rates.begin() + std::ssize(rates) / 2;
  std::nth_element(rates.begin(), middle, rates.end());
  return std::round(*middle);
}

/// One training from its options to its files.
class TrainCommand {
 public:
  TrainCommand(const Options& options, const CommonOptions& common, const CLI::App& app)
      : options_(options), common_(common), app_(app), protocol_(protocol_of(options.estimation)) {}

  Status run() {
    train_items_ = select_items(options_.datasets);
    valid_items_ = select_items(options_.valid);
    all_ = joined(train_items_, valid_items_);
    recipe_ = recipe_of(options_);
    const auto network = make_network(options_, common_.seed);
    const auto objective =
        training::find_objective(options_.objective).make(network->model(), recipe_.loss);
    require_waves_for_augmentation(network->model().input());
    if (!options_.quantizers.empty()) {
      quantizers_digest_ =
          set_quantizers(*network, nn::read_weights(options_.quantizers), options_.quantizers);
    }
    const ThreadPlan plan = plan_threads(common_, options_.estimation.jobs, all_.size());
    const RecordingReader reader(options_.estimation.reading, protocol_, &network->model().input(),
                                 plan.threads_each);
    if (common_.dry_run) return print_plan(all_, common_);

    const OutputFolder folder(common_.out, outputs, open_mode(common_));
    try {
      return train(*network, *objective, reader, plan.jobs);
    } catch (const Error& error) {
      if (error.status() != Status::interrupted) throw;
      return finish(false, Status::interrupted);
    }
  }

 private:
  bool learns_quantizers() const {
    return recipe_.loss == training::quantized_loss && options_.quantizers.empty() &&
           options_.init.empty();
  }

  /// Stage 1, on the labels of the same recordings.
  std::string learn_quantizers(models::Network& network, const data::FaceVideos& videos,
                               data::Alignment alignment) const {
    const LabelQuantizingOptions options{
        .inputs = options_.datasets,
        .valid = options_.valid,
        .recipe = options_.recipe == "paper" ? "paper" : "default",
        .alignment = std::string(name(alignment)),
        .rate_hz = usual_rate_hz(videos),
        .clip_samples = static_cast<std::size_t>(network.model().input().clip_frames)};
    CommonOptions common = common_;
    common.out /= "quantizers";
    return cli::learn_quantizers(network, options, common, app_);
  }

  /// Differences of labels cannot be played at another speed.
  void require_waves_for_augmentation(const models::InputFormat& input) const {
    if (recipe_.augmentation != training::Augmentation::none &&
        input.label == models::LabelScale::diff_normalized) {
      throw Error(Status::usage, concat("--augmentation ", name(recipe_.augmentation),
                                        ": not for networks that give differences"));
    }
  }

  Status train(models::Network& network, const training::Objective& objective,
               const RecordingReader& reader, int jobs) {
    const models::InputFormat& input = network.model().input();
    const data::VideoFormat format = training::video_format(input);
    data::FaceVideos videos(common_.out, format, train_items_.size());
    data::FaceVideos valid_videos(common_.out, format, valid_items_.size());
    const Recordings recordings =
        read_videos(train_items_, reader, static_cast<std::size_t>(input.clip_frames), jobs,
                    common_.fail_fast, "training data", videos);
    const Recordings valid_recordings = read_videos(
        valid_items_, reader, 1, jobs, common_.fail_fast, "validation data", valid_videos);
    write_ledger(recordings, valid_recordings);
    const bool validate = !valid_items_.empty();
    if (none_usable(recordings) || (validate && none_usable(valid_recordings))) {
      log::error("no recording that can be used");
      return finish(true, Status::all_failed);
    }
    if (learns_quantizers()) {
      quantizers_digest_ = learn_quantizers(network, videos, reader.alignment());
    }
    const training::Validation validation(valid_videos, valid_recordings, protocol_);
    training::Trainer trainer(network, objective, videos, validate ? &validation : nullptr,
                              trainer_options(), provenance(recordings, valid_recordings),
                              common_.out);
    if (common_.resume && fs::exists(common_.out / "checkpoint.h5")) trainer.resume();
    if (!trainer.run()) return finish(false, Status::interrupted);
    print_result(trainer.history());
    return finish(true, status_of(coverage_, all_.size()));
  }

  training::TrainingOptions trainer_options() const {
    return {.recipe = recipe_,
            .seed = common_.seed,
            .patience = options_.patience,
            .checkpoint_minutes = options_.checkpoint_minutes,
            .threads = thread_count(common_)};
  }

  std::map<std::string, std::string> provenance(const Recordings& train,
                                                const Recordings& valid) const {
    std::map<std::string, std::string> facts{{"objective", options_.objective},
                                             {"loss", recipe_.loss},
                                             {"recipe", recipe_.name},
                                             {"protocol", protocol_.name},
                                             {"protocol_hash", results::protocol_hash(protocol_)}};
    describe_data(train, "data", facts);
    if (!valid.empty()) describe_data(valid, "valid_data", facts);
    if (!options_.init.empty()) facts["init"] = io::sha256_file(options_.init);
    if (!quantizers_digest_.empty()) facts["quantizers"] = quantizers_digest_;
    return facts;
  }

  static bool none_usable(const Recordings& recordings) {
    return std::none_of(recordings.begin(), recordings.end(),
                        [](const auto& recording) { return results::has_result(recording.entry); });
  }

  void write_ledger(const Recordings& train, const Recordings& valid) {
    std::map<std::string, results::LedgerEntry> entries;
    for (const Recordings* recordings : {&train, &valid}) {
      for (const auto& recording : *recordings) entries[recording.entry.id] = recording.entry;
    }
    std::vector<results::LedgerEntry> sorted;
    for (const auto& [id, entry] : entries) sorted.push_back(entry);
    coverage_ = results::count(sorted);
    write_file(common_.out / "ledger.jsonl", results::to_lines(sorted));
  }

  void print_result(const std::vector<training::EpochRecord>& history) const {
    const training::EpochRecord& best = history[training::best_epoch(history)];
    const fs::path metrics = common_.out / "metrics.json";
    if (common_.json && fs::exists(metrics)) return print(read_file(metrics));
    std::string text = concat("epoch         ", best.epoch, " of ", history.size(),
                              "\ntrain loss    ", format_fixed(best.train_loss, 4), "\n");
    if (best.validated) {
      text += concat("valid loss    ", format_fixed(best.valid_loss, 4), "\nMAE           ",
                     format_fixed(best.valid_mae_bpm, 3), " bpm\nprotocol      ", protocol_.name,
                     " (", results::describe(protocol_), ")\n");
    }
    print(text + concat("weights       ", (common_.out / "weights.h5").string(), "\n"));
  }

  /// Writes run.json, last.
  Status finish(bool complete, Status status) const {
    const results::RunRecord record{run_facts("train", common_, app_, hashes_of(all_, protocol_)),
                                    protocol_, false, complete};
    write_file(common_.out / "run.json",
               results::run_json(record, coverage_, started_, std::chrono::system_clock::now()));
    log::info(describe("train", coverage_));
    if (!complete) log::info("stopped on request; go on with --resume");
    return status;
  }

  const Options& options_;
  const CommonOptions& common_;
  const CLI::App& app_;
  results::Protocol protocol_;
  std::chrono::system_clock::time_point started_ = std::chrono::system_clock::now();
  std::vector<Item> train_items_;
  std::vector<Item> valid_items_;
  std::vector<Item> all_;  ///< of both
  training::Recipe recipe_;
  std::string quantizers_digest_;
  results::Coverage coverage_;
};

Status run(const Options& options, const CommonOptions& common, const CLI::App& app) {
  if (common.out.empty() && !common.dry_run) {
    throw Error(Status::usage, "train needs an output folder (-o DIR)");
  }
  if (parse_shard(common.shard).count != 1) throw Error(Status::usage, "train has no --shard");
  return TrainCommand(options, common, app).run();
}

std::vector<std::string> objective_names() {
  std::vector<std::string> names;
  for (const auto& entry : training::objective_entries()) names.emplace_back(entry.name);
  return names;
}

void declare_recipe_options(CLI::App& app, Options& options) {
  app.add_option("--recipe", options.recipe, "Where everything below comes from that is not given")
      ->check(CLI::IsMember(training::recipe_names()))
      ->capture_default_str()
      ->type_name("NAME");
  app.add_option("--epochs", options.epochs, "Epochs")->check(CLI::Range(1, 100000));
  app.add_option("--batch-size", options.batch_size, "Clips per step")->check(CLI::Range(1, 4096));
  app.add_option("--learning-rate", options.learning_rate, "The largest of the schedule")
      ->check(number_between(0, 100));
  app.add_option("--optimizer", options.optimizer, "adamw, adam or sgd")
      ->check(CLI::IsMember({"adamw", "adam", "sgd"}))
      ->type_name("NAME");
  app.add_option("--schedule", options.schedule, "constant, cosine or onecycle")
      ->check(CLI::IsMember({"constant", "cosine", "onecycle"}))
      ->type_name("NAME");
  app.add_option("--weight-decay", options.weight_decay, "Weight decay")
      ->check(number_between(0, 100));
  app.add_option("--augmentation", options.augmentation,
                 "Clips at other speeds and mirrored: none, per-clip, or whole-batch as LQ-rPPG's "
                 "program")
      ->check(CLI::IsMember({"none", "per-clip", "whole-batch"}))
      ->type_name("NAME");
  app.add_option("--clip-norm", options.clip_norm, "Largest norm of the gradient; 0 = any")
      ->check(number_between(0, 1e9));
}

std::function<Status()> declare(CLI::App& app, const CommonOptions& common) {
  auto options = std::make_shared<Options>();
  app.add_option("dataset", options->datasets, "Data sets to train on, LAYOUT:PATH[@BEGIN-END]")
      ->required()
      ->type_name("DATASET");
  app.add_option("--valid", options->valid, "Data sets to validate on, of other subjects")
      ->type_name("DATASET");
  app.add_option("--model", options->model, "Network")
      ->required()
      ->check(CLI::IsMember(model_names()))
      ->type_name("NAME");
  declare_settings_option(app, options->settings);
  app.add_option("--objective", options->objective, "What the network is trained for")
      ->check(CLI::IsMember(objective_names()))
      ->capture_default_str()
      ->type_name("NAME");
  app.add_option("--loss", options->loss,
                 "Loss of the objective; supervised: mse or negative-pearson; lq: quantized, "
                 "band-passed or "
                 "raw")
      ->type_name("NAME");
  app.add_option("--quantizers", options->quantizers,
                 "Label quantisers of objective lq, as quantize-labels writes them (default: learn "
                 "them first, on the same labels)")
      ->type_name("WEIGHTS.h5");
  app.add_option("--init", options->init, "Start from these weights")->type_name("WEIGHTS.h5");
  declare_recipe_options(app, *options);
  app.add_option("--patience", options->patience,
                 "End after so many epochs without a better one; 0 = never")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  app.add_option("--checkpoint-minutes", options->checkpoint_minutes,
                 "Longest time between two checkpoints")
      ->check(number_between(0, 1e6))
      ->capture_default_str();
  declare_protocol_options(app, options->estimation);
  declare_alignment_option(app, options->estimation.reading);
  declare_estimation_options(app, options->estimation);
  return [options, &common, &app] { return run(*options, common, app); };
}

}  // namespace

const Command train_command{
    "train", "Train a network on data sets",
    "Reads videos and labels, trains a network on clips of faces, and validates it after every "
    "epoch by the rules of a protocol. Keeps the weights of the epoch with the lowest validation "
    "MAE of the heart rate (ties: the lower validation loss, then the earlier epoch; without "
    "--valid the last epoch). Writes weights.h5, metrics.json (validation of that epoch), "
    "log.jsonl, checkpoint.h5, ledger.jsonl and run.json. A training that was stopped or killed "
    "goes on with --resume and ends in the same bytes.",
    "Liu et al., rPPG-Toolbox, NeurIPS 2023 (recipe toolbox)", declare};

}  // namespace rppg::cli
