// merge_shards: proves that the shards are one run, then builds that run from their results.
#include <algorithm>
#include <optional>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "results/run_folder.h"

namespace rppg::results {
namespace {

namespace fs = std::filesystem;

constexpr const char* absent = "(not given)";

struct Shard {
  fs::path folder;
  RunRecord record;
  long long index = 0;
  long long count = 0;
};

[[noreturn]] void refuse(const fs::path& folder, std::string_view why) {
  throw Error(Status::malformed, folder, why);
}

Shard read_shard(const fs::path& folder) {
  const fs::path file = folder / "run.json";
  if (!fs::exists(file)) refuse(folder, "no finished run: no run.json");
  Shard shard{.folder = folder, .record = read_run_json(file)};
  if (!shard.record.complete) refuse(folder, "unfinished: its run was interrupted");
  const auto parts = split(shard.record.facts.shard, '/');
  const auto index = parse_integer(parts.front());
  const auto count = parse_integer(parts.back());
  if (parts.size() != 2 || !index || !count || *index < 0 || *index >= *count) {
    refuse(folder, concat("shard '", shard.record.facts.shard, "' is not i/n"));
  }
  shard.index = *index;
  shard.count = *count;
  return shard;
}

/// The first thing in which b is not of the same run as a; empty if they are.
std::string difference(const RunRecord& a, const RunRecord& b) {
  const auto differ = [](std::string_view what, std::string_view x, std::string_view y) {
    return concat("another ", what, " than the first shard: ", y, " instead of ", x);
  };
  const RunFacts& x = a.facts;
  const RunFacts& y = b.facts;
  if (x.command != y.command) return differ("command", x.command, y.command);
  if (x.version != y.version) return differ("version", x.version, y.version);
  if (x.commit != y.commit) return differ("commit", x.commit, y.commit);
  if (x.seed != y.seed) return differ("seed", concat(x.seed), concat(y.seed));
  if (protocol_hash(a.protocol) != protocol_hash(b.protocol) ||
      a.protocol.name != b.protocol.name) {
    return differ("protocol", a.protocol.name, b.protocol.name);
  }
  if (a.scored != b.scored) return "scored where the first shard is not, or the reverse";
  const auto first_difference = [&](std::string_view what, const auto& left, const auto& right) {
    for (const auto& [key, value] : left) {
      const auto found = right.find(key);
      const std::string other = found == right.end() ? absent : found->second;
      if (other != value) return differ(concat(what, " '", key, "'"), value, other);
    }
    for (const auto& [key, value] : right) {
      if (!left.contains(key)) return differ(concat(what, " '", key, "'"), absent, value);
    }
    return std::string();
  };
  const std::string option = first_difference("option", x.config, y.config);
  return option.empty() ? first_difference("hash", x.hashes, y.hashes) : option;
}

/// The shards in order of index. Throws unless all of one run are there once.
std::vector<Shard> complete_set(const std::vector<fs::path>& folders) {
  if (folders.empty()) throw Error(Status::usage, "merge: no shards given");
  std::vector<std::optional<Shard>> places;
  std::optional<Shard> first;
  for (const fs::path& folder : folders) {
    Shard shard = read_shard(folder);
    if (!first) {
      first = shard;
      // Never more places than could be filled, whatever the file says; one more tells "missing".
      places.resize(static_cast<std::size_t>(
          std::min(shard.count, static_cast<long long>(folders.size()) + 1)));
    }
    if (shard.count != first->count) {
      refuse(folder,
             concat("is shard ", shard.record.facts.shard, ", but the first is of ", first->count));
    }
    const std::string why = difference(first->record, shard.record);
    if (!why.empty()) refuse(folder, why);
    if (std::cmp_greater_equal(shard.index, places.size())) continue;  // then one is missing
    std::optional<Shard>& place = places[static_cast<std::size_t>(shard.index)];
    if (place) {
      refuse(folder, concat("shard ", shard.record.facts.shard, " is there twice; the other is ",
                            place->folder.string()));
    }
    place = std::move(shard);
  }
  std::vector<Shard> shards;
  for (std::optional<Shard>& place : places) {
    if (!place) {
      throw Error(Status::malformed,
                  concat("merge: shard ", shards.size(), "/", first->count, " is missing"));
    }
    shards.push_back(std::move(*place));
  }
  return shards;
}

void require_other_folder(const fs::path& out, const std::vector<Shard>& shards) {
  for (const Shard& shard : shards) {
    std::error_code error;
    if (fs::equivalent(out, shard.folder, error)) {
      throw Error(Status::usage, out, "the output folder is one of the shards");
    }
  }
}

void copy(const Shard& shard, std::map<std::string, fs::path>& origins, RunFolder& folder) {
  for (const LedgerEntry& entry : read_ledger(shard.folder / "ledger.jsonl")) {
    const auto [origin, added] = origins.try_emplace(entry.id, shard.folder);
    if (!added) {
      refuse(shard.folder, concat("recording ", entry.id, " is also in ", origin->second.string()));
    }
    if (!has_result(entry)) {
      folder.add(entry);
      continue;
    }
    const fs::path file = shard.folder / "recordings" / concat(entry.id, ".h5");
    if (!fs::exists(file)) refuse(file, "missing, but its ledger line says ok");
    folder.add_copy(file, entry);
  }
}

}  // namespace

void merge_shards(const std::vector<fs::path>& shards, const fs::path& out, OpenMode mode) {
  const std::vector<Shard> set = complete_set(shards);
  require_other_folder(out, set);
  RunFolder folder(out, mode);
  std::map<std::string, fs::path> origins;
  for (const Shard& shard : set) copy(shard, origins, folder);
  const RunRecord& record = set.front().record;
  RunFacts facts = record.facts;
  facts.shard = "0/1";
  for (const Shard& shard : set) facts.merged_from.push_back(shard.folder.string());
  folder.finish(facts, record.protocol, record.scored, false);
}

}  // namespace rppg::results
