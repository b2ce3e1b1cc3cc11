#include "results/run.h"

#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "support/resources.h"
#include "unit/results/fake_run.h"

using namespace rppg;
using namespace rppg::results;

namespace {

Status status_of_reading(const std::vector<std::filesystem::path>& folders) {
  try {
    read_runs(folders);
  } catch (const Error& error) {
    return error.status();
  }
  return Status::ok;
}

}  // namespace

TEST_CASE("a run is read back with its metrics, recordings and provenance") {
  const test::TemporaryFolder folder;
  test::write_fake_run(folder.path() / "pos", "pos", test::fake_recordings(5));
  const Run run = read_runs({folder.path() / "pos"}).front();
  CHECK(run.label == "pos");
  CHECK(run.method == "pos");
  CHECK(run.dataset == "pure");
  CHECK(run.record.facts.command == "evaluate");
  CHECK(run.record.facts.version == "0.1.0");
  CHECK(run.record.facts.hashes.at("selection") == "5eed");
  CHECK(run.protocol().name == "default");
  CHECK(run.protocol_hash == protocol_hash(find_protocol("default")));
  CHECK(run.record.complete);
  CHECK(run.fully_covered());
  CHECK(run.coverage_text() == "5/5 recordings scored");
  CHECK(run.subjects() == 5);
  REQUIRE(run.recordings.size() == 5);
  CHECK(run.recordings[3].absolute_error_bpm() == doctest::Approx(1.5));
  REQUIRE(run.metric("mae") != nullptr);
  CHECK(run.metric("mae")->value == doctest::Approx(1.0));  // mean of 0, 0.5, 1, 1.5, 2
  CHECK(read_waveforms(run, "02-01").prediction.samples.size() == 360);
}

TEST_CASE("failed, skipped and pulseless recordings are counted apart") {
  const test::TemporaryFolder folder;
  std::vector<test::FakeRecording> recordings = test::fake_recordings(4);
  recordings[1].prediction_bpm = std::numeric_limits<double>::quiet_NaN();
  test::write_fake_run(folder.path() / "pos", "pos", recordings,
                       {{"07-01", "pure", "07", Outcome::failed, "truncated", "k"},
                        {"08-01", "pure", "08", Outcome::skipped, "no face", "k"}});
  const Run run = read_runs({folder.path() / "pos"}).front();
  CHECK_FALSE(run.fully_covered());
  CHECK(run.scored() == 3);
  CHECK(run.coverage_text() ==
        "3/6 recordings scored (1 failed, 1 skipped, 1 without a heart rate)");
  CHECK(scored_pairs(run).size() == 3);
}

TEST_CASE("labels are the shortest ends of paths that differ") {
  const test::TemporaryFolder folder;
  const auto a = folder.path() / "ubfc" / "pos";
  const auto b = folder.path() / "pure" / "pos";
  const auto c = folder.path() / "pure" / "chrom";
  for (const auto& path : {a, b, c}) {
    std::filesystem::create_directories(path.parent_path());
    test::write_fake_run(path, "pos", test::fake_recordings(2));
  }
  const std::vector<Run> runs = read_runs({a, b, c});
  CHECK(runs[0].label == "ubfc/pos");
  CHECK(runs[1].label == "pure/pos");
  CHECK(runs[2].label == "chrom");
  CHECK(status_of_reading({a, folder.path() / "ubfc" / "." / "pos"}) == Status::usage);
}

TEST_CASE("what is no run, or contradicts itself, is an error") {
  const test::TemporaryFolder folder;
  CHECK(status_of_reading({folder.path() / "nothing"}) == Status::missing);

  const auto path = folder.path() / "pos";
  test::write_fake_run(path, "pos", test::fake_recordings(3));
  CHECK(status_of_reading({path}) == Status::ok);
  const std::string ledger = read_file(path / "ledger.jsonl");
  write_file(path / "ledger.jsonl", std::string_view(ledger).substr(0, ledger.find('\n') + 1));
  CHECK(status_of_reading({path}) == Status::malformed);
  write_file(path / "ledger.jsonl", ledger);
  write_file(path / "metrics.json", "{\"coverage\": 3}");
  CHECK(status_of_reading({path}) == Status::malformed);
  std::filesystem::remove(path / "metrics.json");
  CHECK(status_of_reading({path}) == Status::missing);
}

TEST_CASE("expected values are compared within their tolerance") {
  const test::TemporaryFolder folder;
  test::write_fake_run(folder.path() / "pos", "pos", test::fake_recordings(5));
  const std::vector<Run> runs = read_runs({folder.path() / "pos"});
  const auto file = folder.path() / "expected.json";
  const auto lines = [&](std::string_view text) {
    write_file(file, text);
    return deviations(runs, file);
  };
  CHECK(lines(R"({"pos": {"MAE": {"value": 1.05, "tolerance": 0.06}}})").empty());
  const auto wrong = lines(R"({"pos": {"MAE": {"value": 1.05, "tolerance": 0.04}}})");
  REQUIRE(wrong.size() == 1);
  CHECK(wrong.front() == "pos: MAE: expected 1.05 (tolerance 0.04), got 1");
  CHECK(lines(R"({"pos": {"Nonsense": {"value": 1, "tolerance": 9}}})").size() == 1);
  CHECK(lines(R"({"chrom": {"MAE": {"value": 1, "tolerance": 9}}})").size() == 1);
  CHECK_THROWS_AS(lines(R"({"pos": {"MAE": 1}})"), Error);
  CHECK_THROWS_AS(lines(R"({"pos": {"MAE": {"value": 1}}})"), Error);
}
