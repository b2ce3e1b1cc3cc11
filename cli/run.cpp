#include "cli/run.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/documentation.h"
#include "cli/settings.h"
#include "data/split.h"
#include "io/hash.h"
#include "io/json.h"

namespace rppg::cli {

results::OpenMode open_mode(const CommonOptions& common) {
  if (common.resume && common.force) {
    throw Error(Status::usage, "--resume and --force exclude each other");
  }
  if (common.resume) return results::OpenMode::resume;
  return common.force ? results::OpenMode::force : results::OpenMode::fresh;
}

results::RunFacts run_facts(const std::string& command, const CommonOptions& common,
                            const CLI::App& app, const std::map<std::string, std::string>& hashes) {
  results::RunFacts facts;
  facts.command = command;
  facts.command_line = common.command_line;
  facts.version = version();
  facts.commit = commit();
  for (const auto& [name, value] : effective_options(app)) facts.config[name] = value;
  for (const auto& [name, number] : all_libraries()) facts.libraries[name] = number;
  facts.hashes = hashes;
  const Shard shard = parse_shard(common.shard);
  facts.shard = concat(shard.index, "/", shard.count);
  facts.seed = common.seed;
  facts.threads = thread_count(common);
  return facts;
}

std::vector<Item> items_of_shard(const std::vector<Item>& all, const CommonOptions& common) {
  const Shard shard = parse_shard(common.shard);
  std::vector<Item> chosen;
  for (const data::Recording& recording :
       data::select_shard(recordings_of(all), shard.index, shard.count)) {
    chosen.push_back(*std::find_if(all.begin(), all.end(), [&](const Item& item) {
      return item.recording.id == recording.id;
    }));
  }
  return chosen;
}

std::string selection_digest(const std::vector<Item>& all) {
  std::string text;
  for (const Item& item : all) {
    text +=
        concat(item.recording.id, "\t", item.recording.dataset, "\t", item.recording.subject, "\n");
  }
  return io::sha256(text);
}

Status print_plan(const std::vector<Item>& items, const CommonOptions& common) {
  const auto usable = std::count_if(
      items.begin(), items.end(), [](const Item& item) { return item.recording.problem.empty(); });
  io::Json plan = {{"output", common.out.string()}, {"recordings", io::Json::array()}};
  std::string text;
  for (const Item& item : items) {
    const data::Recording& recording = item.recording;
    plan["recordings"].push_back({{"id", recording.id},
                                  {"subject", recording.subject},
                                  {"video", recording.video.file.string()},
                                  {"problem", recording.problem}});
    text += concat(
        recording.id, "\t", escape_control(recording.video.file.string()),
        recording.problem.empty() ? "" : "\tPROBLEM: ", escape_control(recording.problem), "\n");
  }
  print(common.json ? io::to_text(plan) : text);
  return std::cmp_equal(usable, items.size()) && usable > 0 ? Status::ok : Status::malformed;
}

}  // namespace rppg::cli
