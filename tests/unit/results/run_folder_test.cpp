#include "results/run_folder.h"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/parallel.h"
#include "base/text.h"
#include "io/json.h"
#include "support/resources.h"
#include "unit/results/run_files.h"
#include "unit/results/sample_results.h"

namespace rppg::results {
namespace {

namespace fs = std::filesystem;

Status status_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.status();
  }
  return Status::ok;
}

/// Works on recordings [begin, end) as a command does; the fourth of each ten fails.
void work(RunFolder& folder, int begin, int end) {
  for (int i = begin; i < end; ++i) work_on_sample(folder, i);
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST_CASE("a finished run has all files and the counts") {
  const test::TemporaryFolder temporary;
  const fs::path path = temporary.path() / "deep" / "run";
  RunFolder folder(path, OpenMode::fresh);
  work(folder, 0, 5);
  CHECK_FALSE(fs::exists(path / "run.json"));
  CHECK_FALSE(fs::exists(path / "metrics.json"));
  folder.finish(sample_facts(), find_protocol("toolbox"), true, false);
  CHECK(names_in(path) == std::vector<std::string>{".lock", "ledger.jsonl", "metrics.csv",
                                                   "metrics.json", "recordings", "results.h5",
                                                   "run.json"});
  CHECK(names_in(path / "recordings") ==
        std::vector<std::string>{"00-01.h5", "01-01.h5", "02-01.h5", "04-01.h5"});
  const io::Json run = io::read_json(path / "run.json");
  CHECK(run["status"] == "complete");
  CHECK(run["command"] == "evaluate");
  CHECK(run["config"]["method"] == "pos");
  CHECK(run["counts"]["total"] == 5);
  CHECK(run["counts"]["failed"] == 1);
  CHECK(run["started"].get<std::string>().size() == 20);
  CHECK(folder.entries().size() == 5);
  CHECK(folder.metrics().front().name == "MAE");
  CHECK(recording_ids(path / "results.h5").size() == 4);
}

TEST_CASE("run.json is read back") {
  const test::TemporaryFolder temporary;
  RunFacts facts = sample_facts();
  facts.merged_from = {"a", "b"};
  const auto now = std::chrono::system_clock::now();
  const fs::path file = temporary.path() / "run.json";
  write_file(file, run_json({facts, find_protocol("lq-rppg"), true, false}, {}, now, now));
  const RunRecord record = read_run_json(file);
  CHECK(record.facts.command_line == facts.command_line);
  CHECK(record.facts.config == facts.config);
  CHECK(record.facts.libraries == facts.libraries);
  CHECK(record.facts.hashes == facts.hashes);
  CHECK(record.facts.seed == facts.seed);
  CHECK(record.facts.merged_from == facts.merged_from);
  CHECK(protocol_hash(record.protocol) == protocol_hash(find_protocol("lq-rppg")));
  CHECK(record.scored);
  CHECK_FALSE(record.complete);
  write_file(file, "{\"status\": \"complete\"}");
  CHECK(status_of([&] { read_run_json(file); }) == Status::malformed);
}

TEST_CASE("a folder that is not scored has no metrics") {
  const test::TemporaryFolder temporary;
  RunFolder folder(temporary.path(), OpenMode::fresh);
  work(folder, 0, 2);
  folder.finish(sample_facts(), find_protocol("default"), false, false);
  CHECK(fs::exists(temporary.path() / "results.h5"));
  CHECK_FALSE(fs::exists(temporary.path() / "metrics.json"));
  CHECK_FALSE(fs::exists(temporary.path() / "metrics.csv"));
  CHECK(folder.metrics().empty());
}

TEST_CASE("only one at a time, and the holder is named") {
  const test::TemporaryFolder temporary;
  {
    const RunFolder first(temporary.path(), OpenMode::fresh);
    CHECK(status_of([&] { RunFolder(temporary.path(), OpenMode::resume); }) ==
          Status::cannot_create);
    try {
      RunFolder(temporary.path(), OpenMode::force);
    } catch (const Error& error) {
      CHECK(std::string(error.what()).find(concat("in use by process ", ::getpid())) !=
            std::string::npos);
    }
  }
  RunFolder(temporary.path(), OpenMode::fresh);  // free again; a left-over .lock means nothing
}

TEST_CASE("a folder that cannot be created or written is refused") {
  const test::TemporaryFolder temporary;
  write_file(temporary.path() / "file", "x");
  CHECK(status_of([&] { RunFolder(temporary.path() / "file", OpenMode::fresh); }) ==
        Status::cannot_create);
  CHECK(status_of([&] { RunFolder(temporary.path() / "file" / "run", OpenMode::force); }) ==
        Status::cannot_create);
}

TEST_CASE("an earlier run is kept unless told otherwise") {
  const test::TemporaryFolder temporary;
  const fs::path path = temporary.path();
  finished_run(path, 0, 3);
  write_file(path / "notes.txt", "mine");
  write_file(path / "recordings" / "notes.txt", "mine");
  const FileMap before = files_of(path);
  CHECK(status_of([&] { RunFolder(path, OpenMode::fresh); }) == Status::cannot_create);
  CHECK(files_of(path) == before);

  RunFolder(path, OpenMode::force);
  CHECK(names_in(path) == std::vector<std::string>{".lock", "notes.txt", "recordings"});
  CHECK(names_in(path / "recordings") == std::vector<std::string>{"notes.txt"});
}

TEST_CASE("temporary files of a killed run are removed") {
  const test::TemporaryFolder temporary;
  finished_run(temporary.path(), 0, 2);
  const fs::path stale = temporary.path() / "recordings" / ".01-01.h5.tmp.123.0";
  write_file(stale, "half");
  RunFolder(temporary.path(), OpenMode::resume);
  CHECK_FALSE(fs::exists(stale));
}

TEST_CASE("a result is reused only under its key, and only if it can be read") {
  const test::TemporaryFolder temporary;
  const fs::path path = temporary.path();
  finished_run(path, 0, 5);
  {
    const RunFolder resumed(path, OpenMode::resume);
    CHECK(resumed.has_result("00-01", "key of 00-01"));
    CHECK_FALSE(resumed.has_result("00-01", "another key"));
    CHECK_FALSE(resumed.has_result("03-01", "key of 03-01"));  // it failed
    CHECK_FALSE(resumed.has_result("09-01", "key of 09-01"));
    CHECK_FALSE(fs::exists(path / "run.json"));  // until it is finished again
  }
  const std::string bytes = read_file(path / "recordings" / "00-01.h5");
  write_file(path / "recordings" / "00-01.h5", bytes.substr(0, bytes.size() / 2));
  fs::remove(path / "recordings" / "01-01.h5");
  // Made under other options, and the process died before its ledger line.
  RecordingResult other = sample_result("02-01", 9);
  other.texts["key"] = "another key";
  write_file(path / "recordings" / "02-01.h5", recording_image(other));
  const RunFolder resumed(path, OpenMode::resume);
  CHECK_FALSE(resumed.has_result("00-01", "key of 00-01"));
  CHECK_FALSE(resumed.has_result("01-01", "key of 01-01"));
  CHECK_FALSE(resumed.has_result("02-01", "key of 02-01"));
  CHECK(resumed.has_result("04-01", "key of 04-01"));
}

TEST_CASE("a run that was interrupted and resumed equals one that was not") {
  const test::TemporaryFolder temporary;
  const fs::path whole = temporary.path() / "whole", parts = temporary.path() / "parts";
  finished_run(whole, 0, 8);
  {
    RunFolder folder(parts, OpenMode::fresh);
    work(folder, 0, 3);
    folder.finish(sample_facts(), find_protocol("toolbox"), true, true);
    CHECK(io::read_json(parts / "run.json")["status"] == "interrupted");
    CHECK_FALSE(fs::exists(parts / "metrics.json"));
    CHECK(folder.entries().size() == 3);
  }
  {
    // Killed: no finish, a torn ledger line.
    RunFolder folder(parts, OpenMode::resume);
    work(folder, 3, 5);
  }
  write_file(parts / "ledger.jsonl", read_file(parts / "ledger.jsonl") + "{\"id\":\"05-0");
  {
    // Stopped again before it came to all that was there: those are kept.
    RunFolder folder(parts, OpenMode::resume);
    work(folder, 5, 6);
    folder.finish(sample_facts(), find_protocol("toolbox"), true, true);
    CHECK(folder.entries().size() == 6);
  }
  RunFolder folder(parts, OpenMode::resume);
  work(folder, 0, 8);
  folder.finish(sample_facts(), find_protocol("toolbox"), true, false);
  CHECK(count(folder.entries()).cached == 5);
  FileMap expected = files_of(whole), got = files_of(parts);
  CHECK(expected.erase("ledger.jsonl") == 1);  // says ok where the other says cached
  CHECK(got.erase("ledger.jsonl") == 1);
  check_equal(got, expected);
}

TEST_CASE("what is no longer part of a run leaves no trace") {
  const test::TemporaryFolder temporary;
  finished_run(temporary.path() / "small", 0, 3);
  const fs::path path = temporary.path() / "shrunk";
  finished_run(path, 0, 6);
  {
    RunFolder folder(path, OpenMode::resume);
    folder.add(sample_entry("00-01", Outcome::failed, "gone"));
    folder.finish(sample_facts(), find_protocol("toolbox"), true, false);
  }
  CHECK(fs::is_empty(path / "recordings"));
  CHECK(recording_ids(path / "results.h5").empty());
}

TEST_CASE("results may come from several threads in any order") {
  const test::TemporaryFolder temporary;
  finished_run(temporary.path() / "one", 0, 12);
  RunFolder folder(temporary.path() / "many", OpenMode::fresh);
  parallel_for(12, 4, [&](std::size_t i) { work_on_sample(folder, 11 - static_cast<int>(i)); });
  folder.finish(sample_facts(), find_protocol("toolbox"), true, false);
  check_equal(files_of(temporary.path() / "many"), files_of(temporary.path() / "one"));
}

TEST_CASE("misuse is a bug of the caller") {
  const test::TemporaryFolder temporary;
  RunFolder folder(temporary.path(), OpenMode::fresh);
  folder.add(sample_entry("00-01", Outcome::failed, "x"));
  CHECK_THROWS_AS(folder.add(sample_entry("00-01", Outcome::ok)), std::logic_error);
  CHECK_THROWS_AS(folder.add(sample_result("01-01", 1), sample_entry("02-01", Outcome::ok)),
                  std::logic_error);
}

TEST_CASE("a damaged ledger stops the resumed run") {
  const test::TemporaryFolder temporary;
  write_file(temporary.path() / "ledger.jsonl", "{}\n");
  CHECK(status_of([&] { RunFolder(temporary.path(), OpenMode::resume); }) == Status::malformed);
}

}  // namespace
}  // namespace rppg::results
