#include "results/repetitions.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "support/resources.h"
#include "unit/results/fake_run.h"

namespace {

using namespace rppg;
using namespace rppg::results;

/// Recordings of subjects with these errors.
std::vector<test::FakeRecording> with_errors(const std::vector<double>& errors) {
  std::vector<test::FakeRecording> recordings;
  for (const double error : errors) {
    const std::string number = std::to_string(recordings.size() + 1);
    recordings.push_back({.id = "r" + number,
                          .subject = "s" + number,
                          .reference_bpm = 70,
                          .prediction_bpm = 70 + error});
  }
  return recordings;
}

TEST_CASE("repetitions: mean and deviation over runs, paired difference over subjects") {
  const test::TemporaryFolder folder;
  const auto at = [&](const char* name) { return folder.path() / name; };
  test::write_fake_run(at("a/seed1"), "c2f", with_errors({1, 2, 3, 4, 5, 6}));
  test::write_fake_run(at("a/seed2"), "c2f", with_errors({3, 4, 5, 6, 7, 8}));
  test::write_fake_run(at("b/seed1"), "c2f", with_errors({1.1, 1.7, 2.1, 2.6, 3.3, 3.9}));
  test::write_fake_run(at("b/seed2"), "c2f", with_errors({1.1, 1.7, 2.1, 2.6, 3.3, 3.9}));
  const auto tables =
      repetition_tables(read_runs({at("a/seed1"), at("a/seed2"), at("b/seed1"), at("b/seed2")}));
  REQUIRE(tables.size() == 1);
  const auto& rows = tables[0].rows;
  REQUIRE(rows.size() == 2);
  CHECK(rows[0][0].text == "a");
  CHECK(rows[0][1].text == "2");
  CHECK(rows[0][2].text == "4.50");  // (3.5 + 5.5) / 2, deviation sqrt(2)
  CHECK(rows[0][2].spread == "\u00B1 1.41");
  CHECK(rows[0][7].text == "\u2013");
  CHECK(rows[1][2].text == "2.45");
  CHECK(rows[1][2].spread == "\u00B1 0.00");
  CHECK(rows[1][6].text == "-2.05");  // 2.45 - 4.50
  CHECK(rows[1][7].text == "0.031");  // six differences of one sign: 2 / 2^6
}

TEST_CASE("repetitions: no comparison between different subjects, no table of single runs") {
  const test::TemporaryFolder folder;
  const auto at = [&](const char* name) { return folder.path() / name; };
  test::write_fake_run(at("a/seed1"), "c2f", with_errors({1, 2, 3}));
  test::write_fake_run(at("a/seed2"), "c2f", with_errors({1, 2, 3}));
  test::write_fake_run(at("b/seed1"), "c2f", with_errors({1, 2}));
  const auto tables = repetition_tables(read_runs({at("a/seed1"), at("a/seed2"), at("b/seed1")}));
  REQUIRE(tables.size() == 1);
  CHECK(tables[0].rows[1][6].text == "\u2013");
  CHECK(tables[0].rows[1][2].spread.empty());
  CHECK(repetition_tables(read_runs({at("a/seed1"), at("b/seed1")})).empty());
}

}  // namespace
