#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "results/run_folder.h"
#include "support/resources.h"
#include "unit/results/run_files.h"
#include "unit/results/sample_results.h"

namespace rppg::results {
namespace {

namespace fs = std::filesystem;

constexpr int recordings = 9;

/// Finished shard `index` of `count` below root, which holds every count-th recording.
fs::path make_shard(const fs::path& root, int index, int count,
                    const std::function<void(RunFacts&)>& change = {},
                    const std::string& protocol = "toolbox") {
  const fs::path path = root / concat("shard", index);
  RunFolder folder(path, OpenMode::force);
  for (int i = index; i < recordings; i += count) work_on_sample(folder, i);
  RunFacts facts = sample_facts(concat(index, "/", count));
  facts.threads = index + 1;
  if (change) change(facts);
  folder.finish(facts, find_protocol(protocol), true, false);
  return path;
}

std::vector<fs::path> make_shards(const fs::path& root, int count) {
  std::vector<fs::path> shards;
  for (int i = 0; i < count; ++i) shards.push_back(make_shard(root, i, count));
  return shards;
}

/// "": merged; else the message, without the folder of the test.
std::string refusal(const std::vector<fs::path>& shards, const fs::path& root, Status expected) {
  try {
    merge_shards(shards, root / "merged", OpenMode::force);
  } catch (const Error& error) {
    CHECK(error.status() == expected);
    std::string text = error.what();
    for (auto at = text.find(root.string()); at != std::string::npos;
         at = text.find(root.string())) {
      text.erase(at, root.string().size() + 1);
    }
    return text;
  }
  return {};
}

TEST_CASE("merged shards are the unsharded run, byte for byte") {
  const test::TemporaryFolder temporary;
  const fs::path root = temporary.path();
  finished_run(root / "whole", 0, recordings);
  for (const int count : {1, 3, 12}) {  // 12: some shards are empty
    std::vector<fs::path> shards = make_shards(root, count);
    std::swap(shards.front(), shards.back());
    merge_shards(shards, root / "merged", OpenMode::force);
    check_equal(files_of(root / "merged"), files_of(root / "whole"));
  }
  const RunRecord record = read_run_json(root / "merged" / "run.json");
  CHECK(record.complete);
  CHECK(record.facts.shard == "0/1");
  CHECK(record.facts.merged_from.size() == 12);
  CHECK(record.facts.command == "evaluate");
}

TEST_CASE("a merged run can be merged again") {
  const test::TemporaryFolder temporary;
  const fs::path root = temporary.path();
  const auto shards = make_shards(root, 2);
  merge_shards(shards, root / "merged", OpenMode::fresh);
  const FileMap first = files_of(root / "merged");
  CHECK(refusal(shards, root, Status::ok).empty());
  check_equal(files_of(root / "merged"), first);
  merge_shards(shards, root / "merged", OpenMode::resume);
  check_equal(files_of(root / "merged"), first);
  CHECK_THROWS_AS(merge_shards(shards, root / "merged", OpenMode::fresh), Error);
}

TEST_CASE("an incomplete or doubled set of shards is refused") {
  const test::TemporaryFolder temporary;
  const fs::path root = temporary.path();
  auto shards = make_shards(root, 3);
  const auto fails = [&](const std::vector<fs::path>& set) {
    return refusal(set, root, Status::malformed);
  };
  CHECK(fails({shards[0], shards[2]}) == "merge: shard 1/3 is missing");
  CHECK(fails({shards[1]}) == "merge: shard 0/3 is missing");
  CHECK(fails({shards[2]}) == "merge: shard 0/3 is missing");
  CHECK(fails({shards[0], shards[1], shards[2], shards[1]}) ==
        "shard1: shard 1/3 is there twice; the other is shard1");
  CHECK(fails({shards[0], shards[1], root / "absent"}) == "absent: no finished run: no run.json");
  CHECK(refusal({}, root, Status::usage) == "merge: no shards given");

  const fs::path other = make_shard(root / "other", 1, 2);
  CHECK(fails({shards[0], other}) == "other/shard1: is shard 1/2, but the first is of 3");
  CHECK_FALSE(fs::exists(root / "merged"));
}

TEST_CASE("an unfinished shard is refused") {
  const test::TemporaryFolder temporary;
  const fs::path root = temporary.path();
  const auto shards = make_shards(root, 2);
  {
    RunFolder folder(shards[1], OpenMode::resume);
    folder.finish(sample_facts("1/2"), find_protocol("toolbox"), true, true);
  }
  CHECK(refusal(shards, root, Status::malformed) == "shard1: unfinished: its run was interrupted");
  { const RunFolder killed(shards[1], OpenMode::resume); }
  CHECK(refusal(shards, root, Status::malformed) == "shard1: no finished run: no run.json");
}

TEST_CASE("shards of different runs are refused, naming the difference") {
  const test::TemporaryFolder temporary;
  const fs::path root = temporary.path();
  const fs::path first = make_shard(root, 0, 2);
  const auto fails = [&](const std::function<void(RunFacts&)>& change) {
    return refusal({first, make_shard(root, 1, 2, change)}, root, Status::malformed);
  };
  CHECK(fails([](RunFacts& f) { f.threads = 64; }).empty());
  CHECK(fails([](RunFacts& f) { f.version = "0.2.0"; }) ==
        "shard1: another version than the first shard: 0.2.0 instead of 0.1.0");
  CHECK(fails([](RunFacts& f) { f.commit = "def"; }).find("another commit") != std::string::npos);
  CHECK(fails([](RunFacts& f) { f.command = "predict"; }).find("command") != std::string::npos);
  CHECK(fails([](RunFacts& f) { f.seed = 8; }).find("another seed") != std::string::npos);
  CHECK(fails([](RunFacts& f) { f.config["method"] = "chrom"; }) ==
        "shard1: another option 'method' than the first shard: chrom instead of pos");
  CHECK(fails([](RunFacts& f) {
          f.config.erase("detector");
        }).find("(not given) instead of none") != std::string::npos);
  CHECK(fails([](RunFacts& f) { f.config["new"] = "1"; }).find("option 'new'") !=
        std::string::npos);
  CHECK(fails([](RunFacts& f) { f.hashes["selection"] = "456"; }) ==
        "shard1: another hash 'selection' than the first shard: 456 instead of 123");
  const fs::path protocol = make_shard(root, 1, 2, {}, "toolbox-2023");
  CHECK(refusal({first, protocol}, root, Status::malformed) ==
        "shard1: another protocol than the first shard: toolbox-2023 instead of toolbox");
}

TEST_CASE("shards that hold the same recording, or miss a file, are refused") {
  const test::TemporaryFolder temporary;
  const fs::path root = temporary.path();
  const auto shards = make_shards(root, 2);
  const fs::path result = shards[1] / "recordings" / "01-01.h5";
  const std::string bytes = read_file(result);
  fs::remove(result);
  CHECK(refusal(shards, root, Status::malformed) ==
        "shard1/recordings/01-01.h5: missing, but its ledger line says ok");
  write_file(result, bytes);
  append_line(shards[1] / "ledger.jsonl", to_line(sample_entry("00-01", Outcome::failed, "x")));
  CHECK(refusal(shards, root, Status::malformed) == "shard1: recording 00-01 is also in shard0");
}

TEST_CASE("a shard is never the output folder") {
  const test::TemporaryFolder temporary;
  const auto shards = make_shards(temporary.path(), 2);
  const FileMap before = files_of(shards[0]);
  try {
    merge_shards(shards, shards[0], OpenMode::force);
    FAIL("merged into a shard");
  } catch (const Error& error) {
    CHECK(error.status() == Status::usage);
  }
  check_equal(files_of(shards[0]), before);
}

TEST_CASE("a damaged shard number is refused") {
  const test::TemporaryFolder temporary;
  for (const char* shard : {"", "1", "2/2", "-1/2", "0/2/3", "a/b"}) {
    const fs::path path = make_shard(temporary.path(), 0, 2, [&](RunFacts& f) { f.shard = shard; });
    CHECK(refusal({path}, temporary.path(), Status::malformed) ==
          concat("shard0: shard '", shard, "' is not i/n"));
  }
}

}  // namespace
}  // namespace rppg::results
