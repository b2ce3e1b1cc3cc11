#include "results/run.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "io/json.h"

namespace rppg::results {
namespace {

namespace fs = std::filesystem;
using io::Json;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// An object of a JSON file that names itself in errors.
class Object {
 public:
  Object(const Json& json, const fs::path& file, std::string where)
      : json_(json), file_(file), where_(std::move(where)) {
    if (!json.is_object()) fail("expected an object");
  }

  [[noreturn]] void fail(std::string_view message) const {
    throw Error(Status::malformed, file_, concat(where_, ": ", message));
  }
  const Json& json() const { return json_; }
  bool has(const std::string& key) const { return json_.contains(key); }

  Object object(const std::string& key) const { return {at(key), file_, child(key)}; }
  const Json& array(const std::string& key) const {
    if (!at(key).is_array()) fail(concat(key, ": expected an array"));
    return at(key);
  }
  std::vector<Object> objects(const std::string& key) const {
    std::vector<Object> out;
    for (const Json& item : array(key)) {
      out.emplace_back(item, file_, concat(child(key), "[", out.size(), "]"));
    }
    return out;
  }
  /// "" when there is no such key.
  std::string text(const std::string& key) const {
    const auto found = json_.find(key);
    if (found == json_.end() || found->is_null()) return {};
    if (!found->is_string()) fail(concat(key, ": expected text"));
    return found->get<std::string>();
  }
  /// NaN for null or no such key.
  double number(const std::string& key) const {
    const auto found = json_.find(key);
    if (found == json_.end() || found->is_null()) return nan;
    if (!found->is_number()) fail(concat(key, ": expected a number"));
    return found->get<double>();
  }
  std::size_t count(const std::string& key) const {
    if (!at(key).is_number_unsigned()) fail(concat(key, ": expected a count"));
    return at(key).get<std::size_t>();
  }

 private:
  const Json& at(const std::string& key) const {
    const auto found = json_.find(key);
    if (found == json_.end()) fail(concat("\"", key, "\" is missing"));
    return *found;
  }
  std::string child(const std::string& key) const {
    return where_ == "top level" ? key : concat(where_, ".", key);
  }

  const Json& json_;
  const fs::path& file_;
  std::string where_;
};

fs::path metrics_file(const Run& run) { return run.folder / "metrics.json"; }
fs::path results_file(const Run& run) { return run.folder / "results.h5"; }

/// The name of what was evaluated: a method as given, a model or predictions by their file.
std::string method_name(const RunFacts& facts) {
  const auto option = [&](const char* key) {
    const auto found = facts.config.find(key);
    return found == facts.config.end() ? std::string() : found->second;
  };
  if (std::string method = option("method"); !method.empty()) return method;
  for (const char* key : {"model", "predictions"}) {
    if (const std::string file = option(key); !file.empty()) return fs::path(file).stem().string();
  }
  return facts.command;
}

MetricValue read_metric(const std::string& name, const Object& object) {
  MetricValue metric{
      name, object.text("unit"),   object.number("value"), object.number("standard_error"), nan,
      nan,  object.text("reason"), object.count("n")};
  if (!object.has("ci95") || object.json()["ci95"].is_null()) return metric;
  const Json& interval = object.array("ci95");
  if (interval.size() != 2) object.fail("ci95: expected two numbers");
  const auto bound = [&](std::size_t i) {
    return interval[i].is_number() ? interval[i].get<double>() : nan;
  };
  metric.ci95_low = bound(0);
  metric.ci95_high = bound(1);
  return metric;
}

WindowScore read_window(const Object& object) {
  return {object.number("start_s"),          object.number("seconds"),
          object.number("hr_reference_bpm"), object.number("hr_predicted_bpm"),
          object.number("snr_db"),           object.number("macc")};
}

/// A recording with a single window has its numbers beside its names.
RunRecording read_recording_row(const Object& object) {
  RunRecording recording{object.text("id"),
                         object.text("dataset"),
                         object.text("subject"),
                         object.text("view"),
                         object.text("state"),
                         object.text("reason"),
                         {}};
  if (recording.id.empty()) object.fail("\"id\" is missing");
  if (!object.has("windows")) {
    recording.windows.push_back(read_window(object));
    return recording;
  }
  for (const Object& window : object.objects("windows")) {
    recording.windows.push_back(read_window(window));
  }
  return recording;
}

void read_metrics(Run& run) {
  const fs::path file = metrics_file(run);
  const Json json = io::read_json(file);
  const Object top(json, file, "top level");
  const Object coverage = top.object("coverage");
  run.coverage.total = coverage.count("total");
  run.coverage.ok = coverage.count("ok");
  run.coverage.failed = coverage.count("failed");
  run.coverage.skipped = coverage.count("skipped");

  const Object metrics = top.object("metrics");
  for (const MetricInfo& info : metric_table()) {
    const std::string name(info.name);
    if (metrics.has(name)) run.metrics.push_back(read_metric(name, metrics.object(name)));
  }
  for (const Object& recording : top.objects("recordings")) {
    if (recording.text("status") == "ok") run.recordings.push_back(read_recording_row(recording));
  }
}

void check_counts(const Run& run) {
  const Coverage ledger = count(run.entries);
  const Coverage& told = run.coverage;
  const std::size_t stored = recording_ids(results_file(run)).size();
  if (ledger.total != told.total || ledger.ok != told.ok || ledger.failed != told.failed ||
      ledger.skipped != told.skipped || run.recordings.size() != told.ok || stored != told.ok) {
    throw Error(Status::malformed, metrics_file(run),
                concat("coverage: ", told.ok, "/", told.total, " recordings, but ledger.jsonl has ",
                       ledger.ok, "/", ledger.total, " and results.h5 has ", stored));
  }
}

std::string dataset_names(const Run& run) {
  std::set<std::string> names;
  for (const LedgerEntry& entry : run.entries) names.insert(entry.dataset);
  std::string joined;
  for (const std::string& name : names) {
    if (!name.empty()) joined += joined.empty() ? name : concat(" + ", name);
  }
  return joined.empty() ? "-" : joined;
}

Run read_run(const fs::path& folder) {
  Run run;
  run.folder = folder;
  run.record = read_run_json(folder / "run.json");
  if (!run.record.scored) {
    throw Error(Status::missing, folder, "no metrics: only runs of evaluate can be reported");
  }
  run.method = method_name(run.record.facts);
  run.protocol_hash = protocol_hash(run.record.protocol);
  read_metrics(run);
  run.entries = read_ledger(folder / "ledger.jsonl");
  check_counts(run);
  run.dataset = dataset_names(run);
  return run;
}

/// The last `parts` components of a path, joined by '/'.
std::string path_end(const fs::path& path, std::size_t parts) {
  std::vector<std::string> names;
  for (const fs::path& part : path) {
    if (part != path.root_path()) names.push_back(part.string());
  }
  std::string end;
  for (std::size_t i = names.size() - std::min(parts, names.size()); i < names.size(); ++i) {
    end += end.empty() ? names[i] : concat("/", names[i]);
  }
  return end;
}

/// Labels as short as they can be while all differ.
void label_runs(std::vector<Run>& runs) {
  std::vector<fs::path> paths;
  std::set<fs::path> known;
  for (const Run& run : runs) {
    paths.push_back(fs::canonical(run.folder));
    if (!known.insert(paths.back()).second) {
      throw Error(Status::usage, run.folder, "given twice");
    }
  }
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto shared_by = [&](const std::string& label, std::size_t parts) {
      return std::count_if(paths.begin(), paths.end(),
                           [&](const fs::path& path) { return path_end(path, parts) == label; });
    };
    std::size_t parts = 1;
    do {
      runs[i].label = path_end(paths[i], parts);
    } while (shared_by(runs[i].label, parts++) > 1);
  }
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool scored(const WindowScore& window) {
  return std::isfinite(window.hr_reference_bpm) && std::isfinite(window.hr_predicted_bpm);
}

bool is_scored(const RunRecording& recording) {
  return std::any_of(recording.windows.begin(), recording.windows.end(), scored);
}

/// What is wrong with one expected metric; "" when it agrees.
std::string deviation(const Run& run, const std::string& name, const Object& expected) {
  const double value = expected.number("value");
  const double tolerance = expected.number("tolerance");
  if (std::isnan(value)) expected.fail("\"value\" is missing");
  if (!(tolerance >= 0)) expected.fail("\"tolerance\" is missing or negative");
  const std::string wanted =
      concat(run.label, ": ", name, ": expected ", value, " (tolerance ", tolerance, "), ");
  const MetricValue* metric = run.metric(name);
  if (metric == nullptr) return concat(wanted, "no such metric");
  if (!(std::abs(metric->value - value) <= tolerance)) return concat(wanted, "got ", metric->value);
  return {};
}

}  // namespace

double RunRecording::absolute_error_bpm() const {
  double sum = 0;
  std::size_t n = 0;
  for (const WindowScore& window : windows) {
    if (!scored(window)) continue;
    sum += std::abs(window.hr_predicted_bpm - window.hr_reference_bpm);
    ++n;
  }
  return n == 0 ? nan : sum / static_cast<double>(n);
}

std::size_t Run::scored() const {
  return static_cast<std::size_t>(std::count_if(recordings.begin(), recordings.end(), is_scored));
}

std::size_t Run::subjects() const {
  std::set<std::pair<std::string, std::string>> names;
  for (const RunRecording& recording : recordings) {
    if (is_scored(recording)) names.emplace(recording.dataset, recording.subject);
  }
  return names.size();
}

bool Run::fully_covered() const { return record.complete && scored() == coverage.total; }

std::string Run::coverage_text() const {
  std::string reasons;
  const auto add = [&](std::size_t n, std::string_view what) {
    if (n > 0) reasons += concat(reasons.empty() ? "" : ", ", n, " ", what);
  };
  add(coverage.failed, "failed");
  add(coverage.skipped, "skipped");
  add(coverage.ok - scored(), "without a heart rate");
  if (!record.complete) reasons += reasons.empty() ? "interrupted" : ", interrupted";
  const std::string text = concat(scored(), "/", coverage.total, " recordings scored");
  return reasons.empty() ? text : concat(text, " (", reasons, ")");
}

const MetricValue* Run::metric(std::string_view name) const {
  for (const MetricValue& value : metrics) {
    if (lower_case(value.name) == lower_case(name)) return &value;
  }
  return nullptr;
}

std::vector<ScoredPair> scored_pairs(const RunRecording& recording) {
  std::vector<ScoredPair> pairs;
  for (const WindowScore& window : recording.windows) {
    if (!scored(window)) continue;
    pairs.push_back({concat(recording.dataset, "/", recording.subject), window.hr_reference_bpm,
                     window.hr_predicted_bpm, window.snr_db, window.macc});
  }
  return pairs;
}

std::vector<ScoredPair> scored_pairs(const Run& run) {
  std::vector<ScoredPair> pairs;
  for (const RunRecording& recording : run.recordings) {
    for (ScoredPair& pair : scored_pairs(recording)) pairs.push_back(std::move(pair));
  }
  return pairs;
}

std::vector<Run> read_runs(const std::vector<fs::path>& folders) {
  std::vector<Run> runs;
  for (const fs::path& folder : folders) runs.push_back(read_run(folder));
  label_runs(runs);
  return runs;
}

std::vector<std::vector<const Run*>> by_protocol(const std::vector<Run>& runs) {
  std::vector<std::vector<const Run*>> groups;
  for (const Run& run : runs) {
    const auto same = [&](const std::vector<const Run*>& group) {
      return group.front()->protocol().name == run.protocol().name &&
             group.front()->protocol_hash == run.protocol_hash;
    };
    const auto group = std::find_if(groups.begin(), groups.end(), same);
    if (group == groups.end()) {
      groups.push_back({&run});
    } else {
      group->push_back(&run);
    }
  }
  return groups;
}

RecordingResult read_waveforms(const Run& run, const std::string& id) {
  return read_recording(results_file(run), id);
}

std::vector<std::string> deviations(const std::vector<Run>& runs, const fs::path& expected_file) {
  const Json json = io::read_json(expected_file);
  const Object top(json, expected_file, "top level");
  std::vector<std::string> lines;
  for (const auto& [label, metrics] : json.items()) {
    const auto run = std::find_if(runs.begin(), runs.end(),
                                  [&, &name = label](const Run& r) { return r.label == name; });
    if (run == runs.end()) {
      lines.push_back(concat(label, ": expected, but there is no such run"));
      continue;
    }
    const Object expected(metrics, expected_file, label);
    for (const auto& [name, value] : metrics.items()) {
      const Object wanted(value, expected_file, concat(label, ".", name));
      std::string line = deviation(*run, name, wanted);
      if (!line.empty()) lines.push_back(std::move(line));
    }
  }
  return lines;
}

}  // namespace rppg::results
