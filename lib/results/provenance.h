/// run.json: where the results of a folder come from, and whether the run came to its end.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "results/ledger.h"
#include "results/protocol.h"

namespace rppg::results {

/// Facts of a run that stand in run.json; the volatile ones (host, dates) are added on writing.
struct RunFacts {
  std::string command;       ///< "evaluate"
  std::string command_line;  ///< shell-quoted
  std::string version;
  std::string commit;
  std::map<std::string, std::string> config;  ///< effective options that affect results
  std::map<std::string, std::string> libraries;
  std::map<std::string, std::string> hashes;  ///< "selection" (of all shards), "protocol", ...
  std::string shard = "0/1";
  std::uint64_t seed = 0;
  int threads = 1;
  std::vector<std::string> merged_from;  ///< folders of the shards; empty for a direct run
};

/// What run.json says.
struct RunRecord {
  RunFacts facts;
  Protocol protocol;
  bool scored = false;    ///< metrics.json and metrics.csv were asked for
  bool complete = false;  ///< status "complete", else "interrupted"
};

std::string run_json(const RunRecord& record, const Coverage& coverage,
                     std::chrono::system_clock::time_point started,
                     std::chrono::system_clock::time_point finished);

/// Throws Error: missing when there is no such file, malformed naming the key otherwise.
RunRecord read_run_json(const std::filesystem::path& file);

}  // namespace rppg::results
