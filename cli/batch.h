/// Recordings of one or several data sets, worked through in parallel with ledger, resume and
/// orderly stop.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/inputs.h"
#include "results/run_folder.h"

namespace rppg::cli {

/// Thrown by work for a recording that is left out on purpose; the text is the reason.
struct Skipped {
  std::string reason;
};

struct BatchOptions {
  std::string label;  ///< of the progress lines, "evaluate"
  int jobs = 1;       ///< recordings at the same time
  bool fail_fast = false;
};

/// The ledger entry of one item after `work`, which gets the item's key. A failure (any Error but
/// those of writing and stopping, which pass through) is logged and an entry of its own.
results::LedgerEntry attempt(const Item& item,
                             const std::function<std::string(const Item&)>& key_of,
                             const std::function<results::Outcome(const std::string& key)>& work);

/// "01-01 ok", for the progress lines.
std::string describe(const results::LedgerEntry& entry);

/// Works on items that the folder does not hold yet under their key, `jobs` at a time.
///
/// A failure of one recording (any Error but those of writing and stopping) is a ledger line. False
/// when the run was stopped on request.
bool run_batch(const std::vector<Item>& items, results::RunFolder& folder,
               const BatchOptions& options, const std::function<std::string(const Item&)>& key_of,
               const std::function<results::RecordingResult(const Item&)>& work);

/// Calls read(i) for each item i, several at a time, for commands that need all of them at once;
/// the entries are in the order of the items. Throws Error(interrupted) when a stop was requested,
/// and with fail_fast the first failure.
std::vector<results::LedgerEntry> read_batch(const std::vector<Item>& items,
                                             const BatchOptions& options,
                                             const std::function<std::string(const Item&)>& key_of,
                                             const std::function<void(std::size_t i)>& read);

/// Exit status for these counts: ok, some_failed or all_failed; selected: recordings of all shards
/// (a shard that has none of them is ok, a run without any is not).
Status status_of(const results::Coverage& coverage, std::size_t selected);

/// "evaluate: 40 recordings: 38 ok, 1 failed, 1 skipped, 0 cached".
std::string describe(std::string_view label, const results::Coverage& coverage);

}  // namespace rppg::cli
