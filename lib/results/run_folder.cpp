#include "results/run_folder.h"

#include <stdexcept>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "results/summary.h"

namespace rppg::results {
namespace {

namespace fs = std::filesystem;

constexpr const char* ledger_name = "ledger.jsonl";
constexpr const char* run_name = "run.json";
constexpr const char* recordings_name = "recordings";
/// Text of a stored result: the key of its ledger line. A result made under other options and not
/// yet in the ledger when the process died is told by it.
constexpr const char* key_name = "key";
constexpr const char* summary_names[] = {"results.h5", "metrics.json", "metrics.csv"};

fs::path writable(const fs::path& folder) {
  create_writable_folder(folder);
  return folder;
}

void remove_file(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error) {
    throw Error(Status::cannot_create, file, concat("cannot remove: ", error.message()));
  }
}

bool is_recording(const fs::path& file) { return file.extension() == ".h5"; }

/// Files in recordings/ that are ours.
std::vector<fs::path> recording_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder / recordings_name)) {
    if (is_recording(entry.path())) files.push_back(entry.path());
  }
  return files;
}

/// run.json and the summary, which hold for a finished run only.
void remove_summary(const fs::path& folder) {
  remove_file(folder / run_name);
  for (const char* name : summary_names) remove_file(folder / name);
}

void remove_run(const fs::path& folder) {
  remove_summary(folder);
  remove_file(folder / ledger_name);
  for (const fs::path& file : recording_files(folder)) remove_file(file);
}

/// Entries of the ledger, which is written anew when its last line is torn: the next line must not
/// be glued to it.
std::vector<LedgerEntry> repaired_ledger(const fs::path& file) {
  std::vector<LedgerEntry> entries = read_ledger(file);
  if (fs::exists(file) && !read_file(file).ends_with('\n')) {
    write_file(file, to_lines(entries));
  }
  return entries;
}

}  // namespace

RunFolder::RunFolder(const fs::path& path, OpenMode mode) : path_(writable(path)), lock_(path_) {
  const bool used = fs::exists(path_ / run_name) || fs::exists(path_ / ledger_name);
  if (used && mode == OpenMode::fresh) {
    throw Error(Status::cannot_create, path_, "holds a run already; use --resume or --force");
  }
  create_writable_folder(path_ / recordings_name);
  remove_stale_temporaries(path_);
  remove_stale_temporaries(path_ / recordings_name);
  if (mode == OpenMode::force) remove_run(path_);
  if (mode == OpenMode::resume) {
    for (LedgerEntry& entry : repaired_ledger(path_ / ledger_name)) {
      earlier_[entry.id] = std::move(entry);
    }
    remove_summary(path_);
  }
}

fs::path RunFolder::recording_file(const std::string& id) const {
  return path_ / recordings_name / concat(id, ".h5");
}

bool RunFolder::has_result(const std::string& id, const std::string& key) const {
  const auto found = earlier_.find(id);
  if (found == earlier_.end() || found->second.key != key || !results::has_result(found->second)) {
    return false;
  }
  try {
    const RecordingResult result = read_recording(recording_file(id));
    const auto stored_key = result.texts.find(key_name);
    return result.id == id && stored_key != result.texts.end() && stored_key->second == key;
  } catch (const Error&) {
    return false;  // missing or damaged: it is made anew
  }
}

void RunFolder::append(const LedgerEntry& entry) {
  const std::lock_guard guard(mutex_);
  if (!added_.try_emplace(entry.id, entry).second) {
    throw std::logic_error(concat("recording ", entry.id, " entered twice in one ledger"));
  }
  append_line(path_ / ledger_name, to_line(entry));
}

void RunFolder::add(const RecordingResult& result, const LedgerEntry& entry) {
  if (result.id != entry.id) throw std::logic_error("result and ledger entry differ in id");
  RecordingResult with_key = result;
  with_key.texts[key_name] = entry.key;
  write_file(recording_file(entry.id), recording_image(with_key));
  append(entry);
}

void RunFolder::add(const LedgerEntry& entry) { append(entry); }

void RunFolder::add_copy(const fs::path& recording, const LedgerEntry& entry) {
  write_file(recording_file(entry.id), read_file(recording));
  append(entry);
}

void RunFolder::remove_recordings_of_others() const {
  for (const fs::path& file : recording_files(path_)) {
    const auto found = added_.find(file.stem().string());
    if (found == added_.end() || !results::has_result(found->second)) remove_file(file);
  }
}

void RunFolder::write_summary(const Protocol& protocol, bool scored) {
  ResultsWriter writer;
  std::vector<SummaryRow> rows;
  for (const LedgerEntry& entry : entries_) {
    if (!results::has_result(entry)) {
      rows.push_back(summarize(entry));
      continue;
    }
    const RecordingResult result = read_recording(recording_file(entry.id));
    writer.add(result);
    rows.push_back(summarize(entry, result));
  }
  write_file(path_ / "results.h5", writer.finish());
  if (!scored) return;
  metrics_ = compute_metrics(rows, protocol);
  write_file(path_ / "metrics.csv", metrics_csv(rows));
  write_file(path_ / "metrics.json", metrics_json(rows, metrics_, protocol));
}

void RunFolder::finish(const RunFacts& facts, const Protocol& protocol, bool scored,
                       bool interrupted) {
  const std::lock_guard guard(mutex_);
  std::map<std::string, LedgerEntry> all = added_;
  if (interrupted) all.insert(earlier_.begin(), earlier_.end());
  entries_.clear();
  metrics_.clear();
  for (const auto& [id, entry] : all) entries_.push_back(entry);
  write_file(path_ / ledger_name, to_lines(entries_));
  if (!interrupted) {
    remove_recordings_of_others();
    write_summary(protocol, scored);
  }
  write_file(path_ / run_name, run_json({facts, protocol, scored, !interrupted}, count(entries_),
                                        started_, std::chrono::system_clock::now()));
}

}  // namespace rppg::results
