#include "cli/batch.h"

#include <atomic>
#include <new>
#include <utility>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "base/text.h"

namespace rppg::cli {
namespace {

using results::LedgerEntry;
using results::Outcome;

/// Failures that are not the recording's own: they end the run.
bool ends_run(Status status) {
  return status == Status::write_failed || status == Status::cannot_create ||
         status == Status::interrupted;
}

LedgerEntry entry_of(const Item& item, Outcome outcome, std::string reason, std::string key) {
  return {.id = item.recording.id,
          .dataset = item.recording.dataset,
          .subject = item.recording.subject,
          .outcome = outcome,
          .reason = std::move(reason),
          .key = std::move(key)};
}

/// Works on one item; the outcome is in the ledger when it returns.
Outcome work_on(const Item& item, results::RunFolder& folder, Progress& progress,
                const std::function<std::string(const Item&)>& key_of,
                const std::function<results::RecordingResult(const Item&)>& work) {
  const LedgerEntry entry = attempt(item, key_of, [&](const std::string& key) {
    if (folder.has_result(item.recording.id, key)) return Outcome::cached;
    folder.add(work(item), entry_of(item, Outcome::ok, "", key));
    return Outcome::ok;
  });
  if (entry.outcome != Outcome::ok) folder.add(entry);
  progress.advance(describe(entry));
  return entry.outcome;
}

}  // namespace

LedgerEntry attempt(const Item& item, const std::function<std::string(const Item&)>& key_of,
                    const std::function<Outcome(const std::string& key)>& work) {
  std::string key;
  try {
    if (!item.recording.problem.empty()) throw Error(Status::malformed, item.recording.problem);
    key = key_of(item);
    return entry_of(item, work(key), "", key);
  } catch (const Skipped& skipped) {
    return entry_of(item, Outcome::skipped, escape_control(skipped.reason), key);
  } catch (const Error& error) {
    if (ends_run(error.status())) throw;
    log::error(error.what());
    return entry_of(item, Outcome::failed, error.what(), key);
  } catch (const std::bad_alloc&) {
    log::error(concat(item.recording.id, ": out of memory"));
    return entry_of(item, Outcome::failed, "out of memory", key);
  }
}

std::string describe(const LedgerEntry& entry) {
  return concat(entry.id, " ", name(entry.outcome),
                entry.outcome == Outcome::skipped ? concat(": ", entry.reason) : "");
}

bool run_batch(const std::vector<Item>& items, results::RunFolder& folder,
               const BatchOptions& options, const std::function<std::string(const Item&)>& key_of,
               const std::function<results::RecordingResult(const Item&)>& work) {
  Progress progress(options.label, items.size());
  std::atomic<bool> failed{false};
  std::atomic<bool> stopped{false};
  parallel_for(items.size(), options.jobs, [&](std::size_t i) {
    if (stopped || stop_requested()) {
      stopped = true;
      return;
    }
    if (options.fail_fast && failed) {
      folder.add(entry_of(items[i], Outcome::skipped, "not started after a failure", ""));
      return;
    }
    try {
      if (work_on(items[i], folder, progress, key_of, work) == Outcome::failed) failed = true;
    } catch (const Error& error) {
      if (error.status() != Status::interrupted) throw;
      stopped = true;
    }
  });
  return !stopped;
}

std::vector<LedgerEntry> read_batch(const std::vector<Item>& items, const BatchOptions& options,
                                    const std::function<std::string(const Item&)>& key_of,
                                    const std::function<void(std::size_t i)>& read) {
  std::vector<LedgerEntry> entries(items.size());
  Progress progress(options.label, items.size());
  parallel_for(items.size(), options.jobs, [&](std::size_t i) {
    if (stop_requested()) throw Error(Status::interrupted, "stopped on request");
    entries[i] = attempt(items[i], key_of, [&](const std::string&) {
      read(i);
      return Outcome::ok;
    });
    if (options.fail_fast && entries[i].outcome == Outcome::failed) {
      throw Error(Status::malformed, concat(entries[i].id, ": stopped at the first failure"));
    }
    progress.advance(describe(entries[i]));
  });
  return entries;
}

Status status_of(const results::Coverage& coverage, std::size_t selected) {
  if (coverage.total == 0 && selected > 0) return Status::ok;
  if (coverage.ok == 0) return Status::all_failed;
  return coverage.failed > 0 ? Status::some_failed : Status::ok;
}

std::string describe(std::string_view label, const results::Coverage& coverage) {
  return concat(label, ": ", coverage.total,
                coverage.total == 1 ? " recording: " : " recordings: ", coverage.ok, " ok (",
                coverage.cached, " cached), ", coverage.failed, " failed, ", coverage.skipped,
                " skipped");
}

}  // namespace rppg::cli
