/// Recordings of one or several data sets, worked through in parallel with ledger, resume and
/// orderly stop.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "data/dataset.h"
#include "results/run_folder.h"

namespace rppg::cli {

/// A recording and the layout that reads its labels (null for a plain video).
struct Item {
  const data::Layout* layout = nullptr;
  data::Recording recording;
};

/// All recordings of the named data sets, within their subject ranges, sorted by id. With more than
/// one data set, ids are prefixed by the layout name. Throws Error as discovery does, and
/// Error(malformed) for ids that are not unique.
std::vector<Item> select_items(const std::vector<std::string>& dataset_names);

/// Thrown by work for a recording that is left out on purpose; the text is the reason.
struct Skipped {
  std::string reason;
};

struct BatchOptions {
  std::string label;  ///< of the progress lines, "evaluate"
  int jobs = 1;       ///< recordings at the same time
  bool fail_fast = false;
};

/// Works on items that the folder does not hold yet under their key, `jobs` at a time.
///
/// A failure of one recording (any Error but those of writing and stopping) is a ledger line. False
/// when the run was stopped on request.
bool run_batch(const std::vector<Item>& items, results::RunFolder& folder,
               const BatchOptions& options, const std::function<std::string(const Item&)>& key_of,
               const std::function<results::RecordingResult(const Item&)>& work);

/// Exit status for these counts: ok, some_failed or all_failed; selected: recordings of all shards
/// (a shard that has none of them is ok, a run without any is not).
Status status_of(const results::Coverage& coverage, std::size_t selected);

/// "evaluate: 40 recordings: 38 ok, 1 failed, 1 skipped, 0 cached".
std::string describe(std::string_view label, const results::Coverage& coverage);

}  // namespace rppg::cli
