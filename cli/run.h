/// What commands with an output folder share: how it is opened, what run.json says, dry runs.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/batch.h"
#include "cli/command.h"
#include "results/run_folder.h"

namespace rppg::cli {

/// From --resume and --force. Throws Error(usage) when both are given.
results::OpenMode open_mode(const CommonOptions& common);

/// Provenance of this run; hashes name what was worked on.
results::RunFacts run_facts(const std::string& command, const CommonOptions& common,
                            const CLI::App& app, const std::map<std::string, std::string>& hashes);

/// The items of this process's --shard.
std::vector<Item> items_of_shard(const std::vector<Item>& all, const CommonOptions& common);

/// Digest of which recordings a run (with all its shards) is about: ids and subjects.
std::string selection_digest(const std::vector<Item>& all);

/// --dry-run: prints the recordings and what is known to be wrong with them; writes nothing.
Status print_plan(const std::vector<Item>& items, const CommonOptions& common);

}  // namespace rppg::cli
