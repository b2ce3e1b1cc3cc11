// Method x data set -> waveforms, heart rates, metrics.
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/atomic_file.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/batch.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/estimation.h"
#include "cli/run.h"
#include "cli/settings.h"
#include "io/hash.h"
#include "results/prediction_file.h"
#include "results/run_folder.h"

namespace rppg::cli {
namespace {

struct Options {
  std::vector<std::string> datasets;
  EstimationOptions estimation;
  std::string predictions;
  double rate_hz = 0;
  bool differenced = false;
  std::vector<std::string> gates;
};

/// The value table that a person reads after the run.
std::string metrics_text(const std::vector<results::MetricValue>& metrics,
                         const results::Protocol& protocol, const results::Coverage& coverage) {
  std::string text;
  for (const results::MetricValue& metric : metrics) {
    text += concat(metric.name, std::string(14 - metric.name.size(), ' '),
                   format_fixed(metric.value, 3));
    if (std::isfinite(metric.standard_error)) {
      text += concat(" +- ", format_fixed(metric.standard_error, 3));
    }
    text += concat(" ", metric.unit, "\n");
  }
  return text + concat("coverage      ", coverage.ok, "/", coverage.total, "\nprotocol      ",
                       protocol.name, " (", results::describe(protocol), ")\n");
}

Status finish(const Options& options, const CommonOptions& common,
              const results::Protocol& protocol, const std::map<std::string, std::string>& hashes,
              const CLI::App& app, results::RunFolder& folder, bool complete,
              std::size_t selected) {
  folder.finish(run_facts("evaluate", common, app, hashes), protocol, true, !complete);
  const results::Coverage coverage = results::count(folder.entries());
  log::info(describe("evaluate", coverage));
  if (!complete) {
    log::info("stopped on request; go on with --resume");
    return Status::interrupted;
  }
  const Status status = status_of(coverage, selected);
  if (common.json) {
    print(read_file(common.out / "metrics.json"));
  } else if (coverage.ok > 0) {
    print(metrics_text(folder.metrics(), protocol, coverage));
  }
  if (status == Status::all_failed) return status;
  for (const std::string& text : options.gates) {
    const results::Gate gate = results::parse_gate(text);
    if (results::gate_fails(gate, folder.metrics())) {
      log::error(concat("gate --fail-if '", text, "' holds"));
      return Status::gate_failed;
    }
  }
  return status;
}

Status evaluate_recordings(const Options& options, const CommonOptions& common,
                           const CLI::App& app) {
  const std::vector<Item> all = select_items(options.datasets);
  return estimate(
      all, options.estimation, common, "evaluate", true,
      [&](results::RunFolder& folder, const results::Protocol& protocol, bool complete) {
        return finish(options, common, protocol, hashes_of(all, protocol), app, folder, complete,
                      all.size());
      });
}

Status evaluate_predictions(const Options& options, const CommonOptions& common,
                            const CLI::App& app) {
  const results::Protocol protocol = protocol_of(options.estimation);
  const std::vector<results::StoredPrediction> stored =
      results::read_predictions(options.predictions, options.rate_hz);
  std::vector<Item> all;
  for (const results::StoredPrediction& prediction : stored) {
    data::Recording recording;
    recording.id = prediction.id;
    recording.dataset = prediction.dataset;
    recording.subject = prediction.subject;
    all.push_back({nullptr, std::move(recording)});
  }
  const std::vector<Item> items = items_of_shard(all, common);
  if (common.dry_run) return print_plan(items, common);

  const std::string digest = io::sha256_file(options.predictions);
  results::RunFolder folder(common.out, open_mode(common));
  const bool complete = run_batch(
      items, folder, {"evaluate", thread_count(common), common.fail_fast},
      [&](const Item& item) {
        return concat(digest, " ", results::protocol_hash(protocol), " ", options.rate_hz, " ",
                      options.differenced, " ", item.recording.id);
      },
      [&](const Item& item) {
        return results::score_stored(results::find_stored(stored, item.recording.id), protocol,
                                     options.differenced);
      });
  return finish(options, common, protocol,
                {{"selection", digest}, {"protocol", results::protocol_hash(protocol)}}, app,
                folder, complete, all.size());
}

Status run(const Options& options, const CommonOptions& common, const CLI::App& app) {
  for (const std::string& gate : options.gates) results::parse_gate(gate);
  if (options.predictions.empty() == options.datasets.empty()) {
    throw Error(Status::usage,
                "evaluate needs either data sets (LAYOUT:PATH) or --predictions FILE");
  }
  if (common.out.empty() && !common.dry_run) {
    throw Error(Status::usage, "evaluate needs an output folder (-o DIR)");
  }
  if (!options.predictions.empty()) return evaluate_predictions(options, common, app);
  if (options.estimation.method.empty() && options.estimation.model.empty()) {
    throw Error(Status::usage,
                "evaluate needs --method NAME or --model WEIGHTS.h5 (see rppg evaluate --help)");
  }
  return evaluate_recordings(options, common, app);
}

std::function<Status()> declare(CLI::App& app, const CommonOptions& common) {
  auto options = std::make_shared<Options>();
  app.add_option("dataset", options->datasets, "Data sets, LAYOUT:PATH[@BEGIN-END]")
      ->type_name("DATASET");
  declare_method_options(app, options->estimation);
  app.add_option("--predictions", options->predictions,
                 "Score the waveforms of an HDF5 or CSV file (docs/formats.md), without video")
      ->type_name("FILE");
  app.add_option("--rate", options->rate_hz,
                 "Sampling rate of --predictions, where the file has none")
      ->check(number_between(1, 10000))
      ->type_name("HZ");
  app.add_flag("--differenced", options->differenced,
               "The waveforms of --predictions are first differences; sum them up");
  declare_protocol_options(app, options->estimation);
  declare_alignment_option(app, options->estimation.reading);
  declare_estimation_options(app, options->estimation);
  app.add_option("--fail-if", options->gates,
                 "Exit with status 12 when this holds, as 'mae>3'; may be given several times")
      ->type_name("GATE")
      ->allow_extra_args(false);
  return [options, &common, &app] { return run(*options, common, app); };
}

}  // namespace

const Command evaluate_command{
    "evaluate", "Score a method on data sets: waveforms, heart rates, metrics",
    "Reads videos and labels, estimates the pulse waveform of each recording, and scores it "
    "against the contact PPG. Writes recordings/ID.h5, results.h5, metrics.json, metrics.csv, "
    "ledger.jsonl and run.json.",
    "Liu et al., rPPG-Toolbox, NeurIPS 2023 (protocols toolbox, toolbox-2023)", declare};

}  // namespace rppg::cli
