// Contact PPG -> learned label quantisers, quantised labels, and what they kept and lost.
#include <memory>
#include <string>

#include "base/error.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/label_quantizing.h"
#include "cli/run.h"
#include "cli/settings.h"
#include "results/label_report.h"

namespace rppg::cli {
namespace {

Status run(const LabelQuantizingOptions& options, const CommonOptions& common,
           const CLI::App& app) {
  if (common.out.empty() && !common.dry_run) {
    throw Error(Status::usage, "quantize-labels needs an output folder (-o DIR)");
  }
  if (parse_shard(common.shard).count != 1) {
    throw Error(Status::usage, "quantize-labels has no --shard");
  }
  LabelQuantizing quantizing(options, common, app);
  if (common.dry_run) return print_plan(quantizing.items(), common);
  const Status status = quantizing.run();
  const results::LabelReport& report = quantizing.report();
  if (!report.analyses.empty()) {
    print(common.json ? results::analysis_json(report)
                      : results::to_markdown(results::label_table(report)));
  }
  return status;
}

std::function<Status()> declare(CLI::App& app, const CommonOptions& common) {
  auto options = std::make_shared<LabelQuantizingOptions>();
  app.add_option("input", options->inputs,
                 "Data sets, LAYOUT:PATH[@BEGIN-END], or label files; no video is opened")
      ->required()
      ->type_name("DATASET|LABELFILE");
  app.add_option("--valid", options->valid,
                 "Labels of other subjects, to choose epochs and to judge by (default: the last "
                 "fifth of at least five subjects)")
      ->type_name("DATASET|LABELFILE");
  app.add_option("--bits", options->bits, "Bit depths")
      ->delimiter(',')
      ->check(CLI::Range(1, 5))
      ->allow_extra_args(false)
      ->default_str("1,2,3,4,5")
      ->type_name("LIST");
  app.add_option("--quantizers", options->quantizers, "Apply these instead of training any")
      ->type_name("WEIGHTS.h5");
  app.add_flag("--reuse", options->reuse,
               "Take quantisers that the output folder holds as they are; train those missing");
  app.add_flag("--no-train", options->no_train, "Train none: all must be there");
  app.add_option("--recipe", options->recipe,
                 "default, or paper: epochs chosen on training batches, labels by index, no "
                 "revival of unused codes")
      ->check(CLI::IsMember({"default", "paper"}))
      ->capture_default_str()
      ->type_name("NAME");
  app.add_option("--epochs", options->epochs, "Epochs (default: 30)")->check(CLI::Range(1, 100000));
  app.add_option("--rate", options->rate_hz, "Samples per second that labels are brought to")
      ->check(number_between(10, 240))
      ->capture_default_str();
  app.add_option("--clip-samples", options->clip_samples, "Length of the clips")
      ->check(CLI::Range(32, 100000))
      ->capture_default_str();
  app.add_option("--alignment", options->alignment,
                 "Samples by their time stamps or by index (default: as the recipe says)")
      ->check(CLI::IsMember({"timestamps", "index"}))
      ->type_name("MODE");
  return [options, &common, &app] { return run(*options, common, app); };
}

}  // namespace

const Command quantize_labels_command{
    "quantize-labels", "Learn to say pulse labels in 1 to 5 bits per sample, and judge it",
    "Reads contact PPG alone, cuts it into clips, and trains one label quantiser "
    "per "
    "bit depth (or applies given ones). Writes quantizers.h5 (weights), labels.h5 (labels, codes "
    "and "
    "quantised labels of every recording) and analysis.json: rate and shape kept, spectra, "
    "amplitudes, codes used, beside equal steps and smoothing at the same bit rate; for labels of "
    "`synthesize`, also noise removed and pulse lost. `report` shows it, `train --objective lq` "
    "uses "
    "the quantisers. A run that was stopped goes on with --resume, bit depth by bit depth.",
    "LQ-rPPG: label quantisation and a coarse-to-fine network for remote photoplethysmography; van "
    "den Oord et al., Neural discrete representation learning, NeurIPS 2017; Donoho, IEEE Trans. "
    "Inf. Theory 41:613, 1995",
    declare};

}  // namespace rppg::cli
