// Contact PPG -> learned label quantisers, quantised labels, and what they kept and lost.
#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "base/atomic_file.h"
#include "base/log.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/batch.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/label_data.h"
#include "cli/output_folder.h"
#include "cli/run.h"
#include "cli/settings.h"
#include "data/split.h"
#include "io/hash.h"
#include "io/hdf5.h"
#include "io/json.h"
#include "nn/checkpoint.h"
#include "results/label_report.h"
#include "results/provenance.h"
#include "signal/filter.h"
#include "signal/smoothing.h"
#include "signal/uniform_quantizer.h"

namespace rppg::cli {
namespace {

namespace fs = std::filesystem;
using training::Quantizer;

constexpr std::array outputs{"run.json",  "ledger.jsonl",  "quantizers.h5",
                             "labels.h5", "analysis.json", "log.jsonl"};
constexpr const char* weights_name = "quantizers.h5";

struct Options {
  std::vector<std::string> inputs;
  std::vector<std::string> valid;
  std::vector<int> bits{1, 2, 3, 4, 5};
  std::string quantizers;
  std::string recipe = "default";
  std::string alignment;
  int epochs = -1;
  double rate_hz = 30;
  bool no_train = false;
  bool reuse = false;
};

/// Of the quantiser of so many bits in a weights file; the same as in a coarse-to-fine network.
std::string part_name(int bits) { return concat("quantizer", bits); }

// --- Ways to treat labels ------------------------------------------------------------------------

using Clip = std::vector<double>;

/// A clip after a treatment.
struct Treated {
  Clip values;
  std::vector<std::int32_t> tokens;
};

/// One row of the analysis. prepared: the label in the pulse band; raw: as it was read.
struct Treatment {
  std::string method;
  int bits = 0;
  std::function<Treated(const Clip& prepared, const Clip& raw)> apply;
};

/// (x - mean) / unbiased standard deviation; zeros for a constant.
Clip standardized(const Clip& clip) {
  Clip result = signal::standardize(clip);
  const auto n = static_cast<double>(clip.size());
  for (double& sample : result) sample *= std::sqrt((n - 1) / n);
  return result;
}

Treated in_steps(const Clip& clip, int bits) {
  auto quantized = signal::quantize_uniformly(clip, std::size_t{1} << bits);
  return {std::move(quantized.values), std::move(quantized.indices)};
}

Clip averaged(const Clip& raw) {
  constexpr std::size_t width = 5;
  return standardized(signal::moving_average(raw, width));
}

Clip shrunk(const Clip& raw) {
  constexpr int octaves = 3;
  return standardized(signal::shrink_wavelets(raw, octaves));
}

/// The untreated label first, then learned quantisers, then what anyone could do instead: smoothing
/// alone, and equal steps, of the label in the pulse band and of smoothed ones, at the same bit
/// rates.
std::vector<Treatment> treatments(const std::map<int, Quantizer>& quantizers) {
  std::vector<Treatment> all{{"band-pass", 0,
                              [](const Clip& prepared, const Clip&) {
                                return Treated{prepared, {}};
                              }},
                             {"moving average", 0,
                              [](const Clip&, const Clip& raw) {
                                return Treated{averaged(raw), {}};
                              }},
                             {"wavelets", 0, [](const Clip&, const Clip& raw) {
                                return Treated{shrunk(raw), {}};
                              }}};
  for (const auto& [bits, each] : quantizers) {
    const Quantizer* quantizer = &each;
    all.push_back({results::learned_method, bits, [quantizer](const Clip& prepared, const Clip&) {
                     auto result = (*quantizer)(prepared);
                     return Treated{std::move(result.values), std::move(result.tokens)};
                   }});
  }
  for (const auto& [b, quantizer] : quantizers) {
    const int bits = b;
    all.push_back({"uniform", bits,
                   [bits](const Clip& prepared, const Clip&) { return in_steps(prepared, bits); }});
    all.push_back({"moving average + uniform", bits,
                   [bits](const Clip&, const Clip& raw) { return in_steps(averaged(raw), bits); }});
    all.push_back({"wavelets + uniform", bits,
                   [bits](const Clip&, const Clip& raw) { return in_steps(shrunk(raw), bits); }});
  }
  return all;
}

results::LabelAnalysis analysis_of(const results::LabelSet& set, const Treatment& treatment) {
  results::TreatedLabels treated{.method = treatment.method, .bits = treatment.bits};
  for (std::size_t i = 0; i < set.raw.size(); ++i) {
    Treated clip = treatment.apply(set.prepared[i], set.raw[i]);
    treated.tokens.insert(treated.tokens.end(), clip.tokens.begin(), clip.tokens.end());
    treated.clips.push_back(std::move(clip.values));
    if (!set.clean.empty()) {
      treated.clean.push_back(treatment.apply(set.clean[i], set.clean[i]).values);
    }
  }
  return results::analyze(set, treated);
}

// --- The command ---------------------------------------------------------------------------------

class QuantizeCommand {
 public:
  QuantizeCommand(const Options& options, const CommonOptions& common, const CLI::App& app)
      : options_(options),
        common_(common),
        app_(app),
        recipe_(training::find_quantizer_recipe(options.recipe)),
        paper_(recipe_.name == "paper") {
    if (options.epochs > 0) recipe_.epochs = options.epochs;
    reading_.rate_hz = options.rate_hz;
    const std::string alignment =
        options.alignment.empty() ? (paper_ ? "index" : "timestamps") : options.alignment;
    reading_.alignment =
        alignment == "index" ? data::Alignment::index : data::Alignment::timestamps;
  }

  Status run() {
    items_ = select_labels(options_.inputs);
    valid_items_ = select_labels(options_.valid);
    std::vector<data::Recording> train, valid;
    for (const Item& item : items_) train.push_back(item.recording);
    for (const Item& item : valid_items_) valid.push_back(item.recording);
    data::require_disjoint_subjects(train, valid);
    const std::size_t trained = items_.size();
    items_.insert(items_.end(), valid_items_.begin(), valid_items_.end());
    if (common_.dry_run) return print_plan(items_, common_);

    const OutputFolder folder(common_.out, outputs, open_mode(common_));
    const int threads = thread_count(common_);
    recordings_ = read_labels(items_, reading_, threads, common_.fail_fast);
    write_ledger();
    divide(trained);
    if (training_.empty()) {
      log::error("no labels that can be used");
      return finish(true, Status::all_failed);
    }
    try {
      get_quantizers();
    } catch (const Error& error) {
      if (error.status() != Status::interrupted) throw;
      return finish(false, Status::interrupted);
    }
    write_labels();
    write_analysis();
    return finish(true, status_of(coverage_, items_.size()));
  }

 private:
  /// Which recordings train and which ones choose: those of --valid, else the last fifth of five or
  /// more subjects; with the published recipe none.
  void divide(std::size_t trained) {
    std::vector<std::size_t> usable;
    for (std::size_t i = 0; i < recordings_.size(); ++i) {
      if (results::has_result(recordings_[i].entry)) usable.push_back(i);
    }
    if (!valid_items_.empty()) {
      for (const std::size_t i : usable) (i < trained ? training_ : choosing_).push_back(i);
      return;
    }
    std::vector<std::string> subjects;
    for (const std::size_t i : usable) subjects.push_back(subject_of(i));
    std::sort(subjects.begin(), subjects.end(), data::subject_less);
    subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
    const std::size_t held_out = paper_ ? 0 : subjects.size() / 5;
    const std::set<std::string> last(subjects.end() - static_cast<std::ptrdiff_t>(held_out),
                                     subjects.end());
    for (const std::size_t i : usable) {
      (last.contains(subject_of(i)) ? choosing_ : training_).push_back(i);
    }
  }

  std::string subject_of(std::size_t i) const {
    return concat(items_[i].recording.dataset, " ", items_[i].recording.subject);
  }

  std::map<std::string, std::string> provenance() const {
    std::string keys;
    for (const std::size_t i : training_) keys += recordings_[i].entry.key + "\n";
    keys += "held out\n";
    for (const std::size_t i : choosing_) keys += recordings_[i].entry.key + "\n";
    return {{"alignment", std::string(name(reading_.alignment))},
            {"epochs", concat(recipe_.epochs)},
            {"labels_digest", io::sha256(keys)},
            {"rate_hz", concat(reading_.rate_hz)},
            {"recipe", std::string(recipe_.name)},
            {"seed", concat(common_.seed)},
            {"version", std::string(version())}};
  }

  /// Quantisers that are there already: of --quantizers, or of the folder.
  nn::WeightsFile given() const {
    nn::WeightsFile weights;
    if (!options_.quantizers.empty()) return nn::read_weights(options_.quantizers);
    const fs::path own = common_.out / weights_name;
    if ((options_.reuse || common_.resume) && fs::exists(own)) {
      weights = nn::read_weights(own);
      if (!options_.reuse && weights.provenance != provenance()) {
        throw Error(Status::usage, own,
                    "was trained on other labels or with other options; use --reuse to take it as "
                    "it is, or --force");
      }
    }
    return weights;
  }

  void get_quantizers() {
    nn::WeightsFile weights = given();
    const bool foreign = !options_.quantizers.empty();
    if (!foreign && weights.provenance.empty()) weights.provenance = provenance();
    std::map<int, std::string> logs = logs_before();
    const auto clips = clips_of(recordings_, training_, reading_.rate_hz);
    const auto held_out = clips_of(recordings_, choosing_, reading_.rate_hz);
    for (const int bits : options_.bits) {
      const std::string part = part_name(bits);
      if (!weights.parts.contains(part)) {
        if (options_.no_train || foreign) {
          throw Error(Status::usage,
                      concat("no quantiser of ", bits, bits == 1 ? " bit" : " bits", " is there",
                             foreign ? concat(" in ", options_.quantizers) : ""));
        }
        const auto trained =
            training::train_quantizer(bits, clips, held_out, recipe_, common_.seed);
        weights.parts[part] = trained.record;
        logs[bits] = log_of(bits, trained);
      }
      quantizers_.emplace(bits, Quantizer(weights.parts.at(part), weights_file()));
      if (foreign) continue;
      write_file(common_.out / weights_name, nn::weights_image(weights));
      std::string text;
      for (const auto& [depth, log] : logs) text += log;
      write_file(common_.out / "log.jsonl", text);
    }
  }

  fs::path weights_file() const {
    return options_.quantizers.empty() ? common_.out / weights_name : fs::path(options_.quantizers);
  }

  /// Lines of log.jsonl that an earlier run left, by bit depth.
  std::map<int, std::string> logs_before() const {
    std::map<int, std::string> logs;
    const fs::path file = common_.out / "log.jsonl";
    if (!fs::exists(file)) return logs;
    const std::string text = read_file(file);
    for (const std::string_view line : split(text, '\n')) {
      if (line.empty()) continue;
      const io::Json json = io::parse_json(line, file);
      logs[json.value("bits", 0)] += concat(line, "\n");
    }
    return logs;
  }

  std::string log_of(int bits, const training::TrainedQuantizer& trained) const {
    std::string text;
    for (const training::QuantizerEpoch& epoch : trained.history) {
      const io::OrderedJson line{{"bits", bits},
                                 {"epoch", epoch.epoch},
                                 {"train_loss", epoch.loss},
                                 {"choosing_loss", epoch.choosing_loss},
                                 {"hr_mae_bpm", epoch.mae_bpm},
                                 {"used_codes", epoch.used_codes}};
      text += concat(io::to_text(line, true), "\n");
    }
    const training::QuantizerEpoch& best = trained.history[trained.best];
    log::info(concat("quantize-labels: ", bits, bits == 1 ? " bit" : " bits", ": epoch ",
                     best.epoch, "/", trained.history.size(), ", HR MAE ",
                     format_fixed(best.mae_bpm, 2), " bpm, ", best.used_codes, "/", 1 << bits,
                     " codes used"));
    return text;
  }

  /// labels.h5: docs/formats.md, "Quantised labels".
  void write_labels() const {
    io::Hdf5Writer writer;
    writer.attribute("/", "rate_hz", reading_.rate_hz);
    for (const auto& [bits, quantizer] : quantizers_) {
      writer.dataset(concat("codebooks/", bits), quantizer.codebook());
    }
    for (std::size_t i = 0; i < recordings_.size(); ++i) {
      if (results::has_result(recordings_[i].entry)) write_recording(recordings_[i], writer);
    }
    write_file(common_.out / "labels.h5", writer.finish());
  }

  void write_recording(const LabelRecording& recording, io::Hdf5Writer& writer) const {
    const std::string group = concat("recordings/", recording.entry.id);
    const std::vector<std::uint64_t> shape{recording.clips.size(), reading_.clip_samples};
    std::vector<double> starts, labels;
    for (std::size_t i = 0; i < recording.clips.size(); ++i) {
      starts.push_back(recording.start_s +
                       static_cast<double>(recording.clips[i] * reading_.clip_samples) /
                           reading_.rate_hz);
      labels.insert(labels.end(), recording.prepared[i].begin(), recording.prepared[i].end());
    }
    writer.dataset(group + "/clip_start", starts);
    writer.attribute(group + "/clip_start", "unit", "s");
    writer.dataset(group + "/label", labels, shape);
    for (const auto& [bits, quantizer] : quantizers_) {
      std::vector<std::int64_t> codes;
      std::vector<double> values;
      for (const Clip& clip : recording.prepared) {
        const Quantizer::Result result = quantizer(clip);
        codes.insert(codes.end(), result.tokens.begin(), result.tokens.end());
        values.insert(values.end(), result.values.begin(), result.values.end());
      }
      writer.dataset(concat(group, "/quantized/", bits), values, shape);
      writer.dataset(concat(group, "/codes/", bits), codes, shape);
    }
    writer.attribute(group, "dataset", recording.entry.dataset);
    writer.attribute(group, "subject", recording.entry.subject);
  }

  /// Over recordings that trained nothing, where there are any.
  void write_analysis() const {
    const std::vector<std::size_t>& judged = choosing_.empty() ? training_ : choosing_;
    auto clips = clips_of(recordings_, judged, reading_.rate_hz);
    const results::LabelSet set{clips.rate_hz, std::move(clips.raw), std::move(clips.prepared),
                                std::move(clips.clean)};
    std::set<std::string> names;
    for (const std::size_t i : judged) names.insert(recordings_[i].entry.dataset);
    results::LabelReport report{.recordings = judged.size(),
                                .clips = set.raw.size(),
                                .clip_samples = reading_.clip_samples,
                                .rate_hz = set.rate_hz};
    for (const std::string& each : names) report.name += (report.name.empty() ? "" : " + ") + each;
    if (!choosing_.empty()) report.name += ", held-out subjects";
    for (const Treatment& treatment : treatments(quantizers_)) {
      report.analyses.push_back(analysis_of(set, treatment));
    }
    const std::string text = results::analysis_json(report);
    write_file(common_.out / "analysis.json", text);
    print(common_.json ? text : results::to_markdown(results::label_table(report)));
  }

  void write_ledger() {
    std::string text;
    std::vector<results::LedgerEntry> entries;
    for (const LabelRecording& recording : recordings_) entries.push_back(recording.entry);
    for (const results::LedgerEntry& entry : entries) text += results::to_line(entry) + "\n";
    coverage_ = results::count(entries);
    write_file(common_.out / "ledger.jsonl", text);
  }

  /// Writes run.json, last.
  Status finish(bool complete, Status status) const {
    const results::RunRecord record{
        run_facts("quantize-labels", common_, app_, {{"selection", selection_digest(items_)}}),
        results::find_protocol("lq-rppg"), false, complete};
    write_file(common_.out / "run.json",
               results::run_json(record, coverage_, started_, std::chrono::system_clock::now()));
    log::info(describe("quantize-labels", coverage_));
    if (!complete) log::info("stopped on request; go on with --resume");
    return status;
  }

  const Options& options_;
  const CommonOptions& common_;
  const CLI::App& app_;
  training::QuantizerRecipe recipe_;
  bool paper_;
  LabelReading reading_;
  std::chrono::system_clock::time_point started_ = std::chrono::system_clock::now();
  std::vector<Item> items_;  ///< those of --valid last
  std::vector<Item> valid_items_;
  std::vector<LabelRecording> recordings_;
  std::vector<std::size_t> training_;  ///< indices of recordings
  std::vector<std::size_t> choosing_;
  std::map<int, Quantizer> quantizers_;
  results::Coverage coverage_;
};

Status run(const Options& options, const CommonOptions& common, const CLI::App& app) {
  if (common.out.empty() && !common.dry_run) {
    throw Error(Status::usage, "quantize-labels needs an output folder (-o DIR)");
  }
  if (parse_shard(common.shard).count != 1) {
    throw Error(Status::usage, "quantize-labels has no --shard");
  }
  return QuantizeCommand(options, common, app).run();
}

std::function<Status()> declare(CLI::App& app, const CommonOptions& common) {
  auto options = std::make_shared<Options>();
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
  app.add_option("--alignment", options->alignment,
                 "Samples by their time stamps or by index (default: as the recipe says)")
      ->check(CLI::IsMember({"timestamps", "index"}))
      ->type_name("MODE");
  return [options, &common, &app] { return run(*options, common, app); };
}

}  // namespace

const Command quantize_labels_command{
    "quantize-labels", "Learn to say pulse labels in 1 to 5 bits per sample, and judge it",
    "Reads contact PPG alone, cuts it into clips of 160 samples, and trains one label quantiser "
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
