// Shards of one run -> the run.
#include <filesystem>
#include <memory>
#include <vector>

#include "base/log.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/run.h"
#include "results/run_folder.h"

namespace rppg::cli {
namespace {

Status run(const std::vector<std::filesystem::path>& shards, const CommonOptions& common) {
  if (common.out.empty()) throw Error(Status::usage, "merge needs an output folder (-o DIR)");
  results::merge_shards(shards, common.out, open_mode(common));
  log::info(concat("merge: ", shards.size(), " shards joined"));
  return Status::ok;
}

std::function<Status()> declare(CLI::App& app, const CommonOptions& common) {
  auto shards = std::make_shared<std::vector<std::filesystem::path>>();
  app.add_option("shard", *shards, "Output folders of all shards of one run")
      ->required()
      ->type_name("SHARD_DIR");
  return [shards, &common] { return run(*shards, common); };
}

}  // namespace

const Command merge_command{
    "merge", "Join the shards of one run",
    "Joins the output folders of `--shard 0/N` .. `--shard N-1/N` into the folder that the run "
    "without shards would have written, byte for byte (run.json tells the shards apart). Refuses "
    "shards that are missing, there twice, unfinished, or from other inputs or options.",
    "", declare};

}  // namespace rppg::cli
