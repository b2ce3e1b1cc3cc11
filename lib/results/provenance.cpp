#include "results/provenance.h"

#include <array>
#include <ctime>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"
#include "results/protocol_json.h"

namespace rppg::results {
namespace {

std::string host_name() {
  std::array<char, 256> host{};
  return ::gethostname(host.data(), host.size() - 1) == 0 ? host.data() : "";
}

/// "2026-02-03T04:05:06Z"
std::string utc(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

/// The member of that name as T.
template <typename T>
T member(const io::Json& document, const char* key, const std::filesystem::path& file) {
  try {
    return document.at(key).get<T>();
  } catch (const io::Json::exception&) {
    throw Error(Status::malformed, file, concat(key, ": missing or of another kind"));
  }
}

}  // namespace

std::string run_json(const RunRecord& record, const Coverage& coverage,
                     std::chrono::system_clock::time_point started,
                     std::chrono::system_clock::time_point finished) {
  const RunFacts& facts = record.facts;
  io::OrderedJson document;
  document["status"] = record.complete ? "complete" : "interrupted";
  document["command"] = facts.command;
  document["command_line"] = facts.command_line;
  document["version"] = facts.version;
  document["commit"] = facts.commit;
  document["libraries"] = facts.libraries;
  document["config"] = facts.config;
  document["hashes"] = facts.hashes;
  document["protocol"] = protocol_json(record.protocol);
  document["scored"] = record.scored;
  document["seed"] = facts.seed;
  document["threads"] = facts.threads;
  document["shard"] = facts.shard;
  if (!facts.merged_from.empty()) document["merged_from"] = facts.merged_from;
  document["counts"] = {{"total", coverage.total},
                        {"ok", coverage.ok},
                        {"failed", coverage.failed},
                        {"skipped", coverage.skipped},
                        {"cached", coverage.cached}};
  document["host"] = host_name();
  document["started"] = utc(started);
  document["finished"] = utc(finished);
  return io::to_text(document);
}

RunRecord read_run_json(const std::filesystem::path& file) {
  using Texts = std::map<std::string, std::string>;
  const io::Json document = io::read_json(file);
  RunRecord record;
  RunFacts& facts = record.facts;
  facts.command = member<std::string>(document, "command", file);
  facts.command_line = member<std::string>(document, "command_line", file);
  facts.version = member<std::string>(document, "version", file);
  facts.commit = member<std::string>(document, "commit", file);
  facts.libraries = member<Texts>(document, "libraries", file);
  facts.config = member<Texts>(document, "config", file);
  facts.hashes = member<Texts>(document, "hashes", file);
  facts.shard = member<std::string>(document, "shard", file);
  facts.seed = member<std::uint64_t>(document, "seed", file);
  facts.threads = member<int>(document, "threads", file);
  if (document.contains("merged_from")) {
    facts.merged_from = member<std::vector<std::string>>(document, "merged_from", file);
  }
  record.protocol = read_protocol(member<io::Json>(document, "protocol", file), file);
  record.scored = member<bool>(document, "scored", file);
  record.complete = member<std::string>(document, "status", file) == "complete";
  return record;
}

}  // namespace rppg::results
