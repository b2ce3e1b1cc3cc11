/// The output folder of a command: lock, ledger, recordings, and the summary made of them.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "results/folder_lock.h"
#include "results/ledger.h"
#include "results/metrics.h"
#include "results/protocol.h"
#include "results/provenance.h"
#include "results/store.h"

namespace rppg::results {

enum class OpenMode { fresh, force, resume };

/// Exclusive use of an output folder.
///
/// A result is on disk before its ledger line is, so that whatever ends the process, each line
/// stands for a whole file. The summary files (results.h5, metrics.json, metrics.csv) and run.json
/// appear with finish(); while a folder is worked on there are none.
class RunFolder {
 public:
  /// Creates the folder and takes its lock. Throws Error(cannot_create) when it cannot be written,
  /// another process holds it, or it holds a run already and mode is `fresh`; `force` removes the
  /// earlier run's files (only files of ours), `resume` keeps its ledger and recordings. Throws
  /// Error(malformed) for a damaged ledger.
  RunFolder(const std::filesystem::path& path, OpenMode mode);

  const std::filesystem::path& path() const { return path_; }

  /// True when an earlier run left a readable result of this recording under the same key.
  bool has_result(const std::string& id, const std::string& key) const;

  /// Stores a result (with the text "key" added) and its ledger line. Safe from several threads.
  /// Throws std::logic_error for a second entry of one id in this run.
  void add(const RecordingResult& result, const LedgerEntry& entry);
  /// Ledger line of a recording without a new result (failed, skipped, cached).
  void add(const LedgerEntry& entry);
  /// The same with a result that some other folder holds; its file is copied byte by byte.
  void add_copy(const std::filesystem::path& recording, const LedgerEntry& entry);

  /// Sorts the ledger by id and writes run.json, last, with the status ("complete" or
  /// "interrupted").
  ///
  /// Of a complete run, also writes results.h5 and (when scored is true) metrics.json and
  /// metrics.csv; the run is then the recordings added to this object, and files of others that an
  /// earlier run left are removed. An interrupted run keeps them, and has no summary, so that no
  /// part is taken for the whole.
  void finish(const RunFacts& facts, const Protocol& protocol, bool scored, bool interrupted);

  /// Of the last finish(); metrics only of a complete, scored run.
  const std::vector<MetricValue>& metrics() const { return metrics_; }
  const std::vector<LedgerEntry>& entries() const { return entries_; }

 private:
  std::filesystem::path recording_file(const std::string& id) const;
  void append(const LedgerEntry& entry);
  void remove_recordings_of_others() const;
  void write_summary(const Protocol& protocol, bool scored);

  std::filesystem::path path_;
  FolderLock lock_;
  std::chrono::system_clock::time_point started_ = std::chrono::system_clock::now();
  std::mutex mutex_;
  std::map<std::string, LedgerEntry> earlier_;  ///< of the run that is resumed
  std::map<std::string, LedgerEntry> added_;    ///< by this object
  std::vector<LedgerEntry> entries_;
  std::vector<MetricValue> metrics_;
};

/// Joins the folders of all shards of one run into `out`, byte-identical to the unsharded run but
/// for run.json. Throws Error(malformed) naming the shard that is missing, there twice, unfinished
/// or from other inputs, protocol, version or options; Error(usage) when out is one of the shards.
void merge_shards(const std::vector<std::filesystem::path>& shards,
                  const std::filesystem::path& out, OpenMode mode);

}  // namespace rppg::results
