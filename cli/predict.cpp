// Plain videos without labels -> waveform, heart rate, quality, status.
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
#include "io/json.h"
#include "results/run_folder.h"

namespace rppg::cli {
namespace {

struct Options {
  std::vector<std::string> inputs;
  EstimationOptions estimation{.method = "pos"};
};

io::OrderedJson summary_of(const results::RunFolder& folder, const results::LedgerEntry& entry) {
  io::OrderedJson object = {{"id", entry.id}};
  if (entry.outcome == results::Outcome::failed || entry.outcome == results::Outcome::skipped) {
    object["status"] = name(entry.outcome);
    object["heart_rate_bpm"] = nullptr;
    object["quality"] = nullptr;
    object["reason"] = entry.reason;
    return object;
  }
  const results::RecordingResult result =
      results::read_recording(folder.path() / "recordings" / concat(entry.id, ".h5"));
  object["status"] = result.status;
  object["heart_rate_bpm"] = result.heart_rate_bpm;
  object["quality"] = result.quality;
  object["seconds"] = result.prediction.seconds();
  object["face_coverage"] = result.numbers.at("face_coverage");
  if (result.status == "no_pulse") object["reason"] = "signal quality too low for a heart rate";
  return object;
}

std::string text_of(const io::OrderedJson& object) {
  const auto number = [&](const char* key, int decimals) {
    return object[key].is_number() ? format_fixed(object[key].get<double>(), decimals)
                                   : std::string("-");
  };
  std::string line =
      concat(object["id"].get<std::string>(), "\t", object["status"].get<std::string>(), "\t",
             number("heart_rate_bpm", 1), " bpm\tquality ", number("quality", 2));
  if (object.contains("reason")) line += "\t" + object["reason"].get<std::string>();
  return line + "\n";
}

Status finish(const CommonOptions& common, const CLI::App& app, const std::vector<Item>& all,
              const results::Protocol& protocol, results::RunFolder& folder, bool complete) {
  folder.finish(run_facts("predict", common, app, hashes_of(all, protocol)), protocol, false,
                !complete);
  for (const results::LedgerEntry& entry : folder.entries()) {
    const io::OrderedJson object = summary_of(folder, entry);
    print(common.json ? io::to_text(object, true) + "\n" : text_of(object));
  }
  const results::Coverage coverage = results::count(folder.entries());
  log::info(describe("predict", coverage));
  return complete ? status_of(coverage, all.size()) : Status::interrupted;
}

Status run(const Options& options, const CommonOptions& common, const CLI::App& app) {
  if (common.out.empty() && !common.dry_run) {
    throw Error(Status::usage, "predict needs an output folder (-o DIR)");
  }
  const std::vector<Item> all = select_inputs(options.inputs);
  return estimate(
      all, options.estimation, common, "predict", false,
      [&](results::RunFolder& folder, const results::Protocol& protocol, bool complete) {
        return finish(common, app, all, protocol, folder, complete);
      });
}

std::function<Status()> declare(CLI::App& app, const CommonOptions& common) {
  auto options = std::make_shared<Options>();
  app.add_option("input", options->inputs, "Videos, or data sets LAYOUT:PATH (labels are not read)")
      ->required()
      ->type_name("VIDEO|DATASET");
  declare_method_options(app, options->estimation);
  declare_protocol_options(app, options->estimation);
  declare_estimation_options(app, options->estimation);
  return [options, &common, &app] { return run(*options, common, app); };
}

}  // namespace

const Command predict_command{
    "predict", "Read the pulse from plain videos: waveform, heart rate, quality",
    "Estimates the pulse of videos without labels. Prints one line (with --json: one object) per "
    "video: id, status (ok, no_pulse, failed, skipped), heart rate, signal quality. Writes "
    "recordings/ID.h5, results.h5, ledger.jsonl and run.json.",
    "", declare};

}  // namespace rppg::cli
