#include "cli/label_quantizing.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "base/atomic_file.h"
#include "base/log.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/batch.h"
#include "cli/output_folder.h"
#include "cli/run.h"
#include "cli/settings.h"
#include "data/split.h"
#include "io/hash.h"
#include "io/json.h"
#include "results/provenance.h"
#include "training/label_treatments.h"

namespace rppg::cli {
namespace {

namespace fs = std::filesystem;
using training::Quantizer;

constexpr std::array outputs{"run.json",  "ledger.jsonl",  "quantizers.h5",
                             "labels.h5", "analysis.json", "log.jsonl"};
constexpr const char* weights_name = "quantizers.h5";

}  // namespace

std::string quantizer_part(int bits) { return concat("quantizer", bits); }

LabelQuantizing::LabelQuantizing(const LabelQuantizingOptions& options, const CommonOptions& common,
                                 const CLI::App& app)
    : options_(options),
      common_(common),
      app_(app),
      recipe_(training::find_quantizer_recipe(options.recipe)),
      paper_(recipe_.name == "paper") {
  if (options.epochs > 0) recipe_.epochs = options.epochs;
  reading_.rate_hz = options.rate_hz;
  reading_.clip_samples = options.clip_samples;
  const std::string alignment =
      options.alignment.empty() ? (paper_ ? "index" : "timestamps") : options.alignment;
  reading_.alignment = alignment == "index" ? data::Alignment::index : data::Alignment::timestamps;
  items_ = select_labels(options.inputs);
  const std::vector<Item> valid = select_labels(options.valid);
  data::require_disjoint_subjects(recordings_of(items_), recordings_of(valid));
  given_to_train_ = items_.size();
  items_.insert(items_.end(), valid.begin(), valid.end());
}

Status LabelQuantizing::run() {
  const OutputFolder folder(common_.out, outputs, open_mode(common_));
  try {
    recordings_ = read_labels(items_, reading_, thread_count(common_), common_.fail_fast);
    write_ledger();
    divide();
    if (training_.empty()) {
      log::error("no labels that can be used");
      return finish(true, Status::all_failed);
    }
    get_quantizers();
  } catch (const Error& error) {
    if (error.status() != Status::interrupted) throw;
    return finish(false, Status::interrupted);
  }
  write_labels();
  analyze();
  return finish(true, status_of(coverage_, items_.size()));
}

/// Which recordings train and which ones choose: those of --valid, else the last fifth of five or
/// more subjects; with the published recipe none.
void LabelQuantizing::divide() {
  std::vector<std::size_t> usable;
  for (std::size_t i = 0; i < recordings_.size(); ++i) {
    if (results::has_result(recordings_[i].entry)) usable.push_back(i);
  }
  if (given_to_train_ < items_.size()) {
    for (const std::size_t i : usable) (i < given_to_train_ ? training_ : choosing_).push_back(i);
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

std::string LabelQuantizing::subject_of(std::size_t i) const {
  return concat(items_[i].recording.dataset, " ", items_[i].recording.subject);
}

std::map<std::string, std::string> LabelQuantizing::provenance() const {
  std::string keys;
  for (const std::size_t i : training_) keys += recordings_[i].entry.key + "\n";
  keys += "held out\n";
  for (const std::size_t i : choosing_) keys += recordings_[i].entry.key + "\n";
  return {{"alignment", std::string(name(reading_.alignment))},
          {"clip_samples", concat(reading_.clip_samples)},
          {"epochs", concat(recipe_.epochs)},
          {"labels_digest", io::sha256(keys)},
          {"rate_hz", concat(reading_.rate_hz)},
          {"recipe", std::string(recipe_.name)},
          {"seed", concat(common_.seed)},
          {"version", std::string(version())}};
}

/// Quantisers that are there already: of --quantizers, or of the folder.
nn::WeightsFile LabelQuantizing::given() const {
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

void LabelQuantizing::get_quantizers() {
  weights_ = given();
  const bool foreign = !options_.quantizers.empty();
  if (!foreign && weights_.provenance.empty()) weights_.provenance = provenance();
  std::map<int, std::string> logs = logs_before();
  const auto clips = clips_of(recordings_, training_, reading_.rate_hz);
  const auto held_out = clips_of(recordings_, choosing_, reading_.rate_hz);
  for (const int bits : options_.bits) {
    const std::string part = quantizer_part(bits);
    if (!weights_.parts.contains(part)) {
      if (options_.no_train || foreign) {
        throw Error(Status::usage,
                    concat("no quantiser of ", bits, bits == 1 ? " bit" : " bits", " is there",
                           foreign ? concat(" in ", options_.quantizers) : ""));
      }
      const auto trained = training::train_quantizer(bits, clips, held_out, recipe_, common_.seed);
      weights_.parts[part] = trained.record;
      logs[bits] = log_of(bits, trained);
    }
    quantizers_.emplace(bits, Quantizer(weights_.parts.at(part), weights_file()));
    if (foreign) continue;
    write_file(common_.out / weights_name, nn::weights_image(weights_));
    std::string text;
    for (const auto& [depth, log] : logs) text += log;
    write_file(common_.out / "log.jsonl", text);
  }
}

fs::path LabelQuantizing::weights_file() const {
  return options_.quantizers.empty() ? common_.out / weights_name : fs::path(options_.quantizers);
}

/// Lines of log.jsonl that an earlier run left, by bit depth.
std::map<int, std::string> LabelQuantizing::logs_before() const {
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

std::string LabelQuantizing::log_of(int bits, const training::TrainedQuantizer& trained) const {
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
  log::info(concat("quantize-labels: ", bits, bits == 1 ? " bit" : " bits", ": epoch ", best.epoch,
                   "/", trained.history.size(), ", HR MAE ", format_fixed(best.mae_bpm, 2),
                   " bpm, ", best.used_codes, "/", 1 << bits, " codes used"));
  return text;
}

/// labels.h5: docs/formats.md, "Output folder of `quantize-labels`".
void LabelQuantizing::write_labels() const {
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

void LabelQuantizing::write_recording(const LabelRecording& recording,
                                      io::Hdf5Writer& writer) const {
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
    for (const std::vector<double>& clip : recording.prepared) {
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
void LabelQuantizing::analyze() {
  const std::vector<std::size_t>& judged = choosing_.empty() ? training_ : choosing_;
  const signal::LabelClips clips = clips_of(recordings_, judged, reading_.rate_hz);
  std::set<std::string> names;
  for (const std::size_t i : judged) names.insert(recordings_[i].entry.dataset);
  report_ = {.recordings = judged.size(),
             .clips = clips.raw.size(),
             .clip_samples = reading_.clip_samples,
             .rate_hz = clips.rate_hz,
             .analyses = training::analyze_treatments(clips, quantizers_)};
  for (const std::string& each : names) report_.name += (report_.name.empty() ? "" : " + ") + each;
  if (!choosing_.empty()) report_.name += ", held-out subjects";
  write_file(common_.out / "analysis.json", results::analysis_json(report_));
}

void LabelQuantizing::write_ledger() {
  std::vector<results::LedgerEntry> entries;
  for (const LabelRecording& recording : recordings_) entries.push_back(recording.entry);
  coverage_ = results::count(entries);
  write_file(common_.out / "ledger.jsonl", results::to_lines(entries));
}

std::map<std::string, std::string> LabelQuantizing::hashes() const {
  std::map<std::string, std::string> hashes{{"selection", selection_digest(items_)}};
  if (!options_.quantizers.empty()) hashes["quantizers"] = io::sha256_file(options_.quantizers);
  return hashes;
}

/// Writes run.json, last.
Status LabelQuantizing::finish(bool complete, Status status) const {
  const results::RunRecord record{run_facts("quantize-labels", common_, app_, hashes()),
                                  results::find_protocol("lq-rppg"), false, complete};
  write_file(common_.out / "run.json",
             results::run_json(record, coverage_, started_, std::chrono::system_clock::now()));
  log::info(describe("quantize-labels", coverage_));
  if (!complete) log::info("stopped on request; go on with --resume");
  return status;
}

}  // namespace rppg::cli
