#include "results/summary.h"

#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "io/csv.h"
#include "io/json.h"
#include "unit/results/sample_results.h"

namespace rppg::results {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::vector<SummaryRow> sample_rows() {
  RecordingResult windows = sample_result("02-01", 2);
  windows.score.windows = {
      {0, 10, 60, 61, 3, 0.9}, {10, 10, 70, 73, 5, 0.7}, {20, 5, 80, nan, nan, nan}};
  RecordingResult silent = sample_result("03-01", 3);
  silent.status = "no_pulse";
  silent.numbers.clear();
  return {summarize(sample_entry("01-01", Outcome::cached), sample_result("01-01", 1)),
          summarize(sample_entry("02-01", Outcome::ok), windows),
          summarize(sample_entry("03-01", Outcome::ok), silent),
          summarize(sample_entry("04-01", Outcome::failed, "no face, \"anywhere\"")),
          summarize(sample_entry("05-01", Outcome::skipped, "left out"))};
}

io::Json sample_json(const std::vector<SummaryRow>& rows) {
  const Protocol& protocol = find_protocol("toolbox");
  return io::parse_json(metrics_json(rows, compute_metrics(rows, protocol), protocol), "m.json");
}

TEST_CASE("metrics.json tells every recording and what counts") {
  const io::Json json = sample_json(sample_rows());
  CHECK(json["protocol"]["name"] == "toolbox");
  CHECK(json["protocol"]["hash"] == protocol_hash(find_protocol("toolbox")));
  CHECK(json["protocol"]["band_low_hz"] == 0.6);
  CHECK(json["protocol"]["estimator"] == "fft");
  CHECK(json["coverage"] == io::Json({{"total", 5}, {"ok", 3}, {"failed", 1}, {"skipped", 1}}));
  CHECK(json["subjects"] == 3);
  CHECK(json["windows"] == 5);
  CHECK(json["metrics"]["MAE"]["unit"] == "bpm");
  CHECK(json["metrics"]["MAE"]["n"] == 4);
  CHECK(json["metrics"]["MAE"]["reason"] == "1 of 5 windows left out: no heart rate");
  CHECK(json["metrics"]["MAE"]["ci95"].size() == 2);
  CHECK(json["metrics"]["MedianAE"]["standard_error"].is_null());

  const io::Json& recordings = json["recordings"];
  REQUIRE(recordings.size() == 5);
  CHECK(recordings[0]["status"] == "ok");  // cached: the same as in a run from the start
  CHECK_FALSE(recordings[0].contains("reason"));
  CHECK_FALSE(recordings[0].contains("windows"));
  CHECK(recordings[0]["face_coverage"] == 0.8);
  CHECK(recordings[1]["hr_reference_bpm"] == 70);  // mean over the windows
  CHECK(recordings[1]["hr_predicted_bpm"] == 67);  // over those that have a rate
  CHECK(recordings[1]["snr_db"] == 4);
  REQUIRE(recordings[1]["windows"].size() == 3);
  CHECK(recordings[1]["windows"][2]["hr_predicted_bpm"].is_null());
  CHECK(recordings[2]["reason"] == "no_pulse");
  CHECK_FALSE(recordings[2].contains("face_coverage"));
  CHECK(recordings[3] == io::Json({{"id", "04-01"},
                                   {"dataset", "pure"},
                                   {"subject", "04"},
                                   {"status", "failed"},
                                   {"reason", "no face, \"anywhere\""}}));
  CHECK(recordings[4]["status"] == "skipped");
}

TEST_CASE("a run without any result has a summary too, and no NaN in it") {
  const std::vector<SummaryRow> rows{summarize(sample_entry("04-01", Outcome::failed, "broken"))};
  const io::Json json = sample_json(rows);
  CHECK(json["metrics"]["MAE"]["value"].is_null());
  CHECK(json["metrics"]["MAE"]["ci95"] == io::Json({nullptr, nullptr}));
  CHECK(json["metrics"]["MAE"]["reason"] == "no windows");
  CHECK(json["coverage"]["ok"] == 0);
  CHECK(sample_json({})["coverage"]["total"] == 0);
}

TEST_CASE("subjects of two data sets are two subjects") {
  std::vector<SummaryRow> rows{
      summarize(sample_entry("01-a", Outcome::ok), sample_result("01-a", 1)),
      summarize(sample_entry("01-b", Outcome::ok), sample_result("01-b", 2))};
  CHECK(sample_json(rows)["subjects"] == 1);
  CHECK(sample_json(rows)["metrics"]["MAE"]["ci95"][0].is_null());
  rows[1].entry.dataset = "ubfc-rppg";
  CHECK(sample_json(rows)["subjects"] == 2);
  CHECK_FALSE(sample_json(rows)["metrics"]["MAE"]["ci95"][0].is_null());
}

TEST_CASE("metrics.csv has a line per recording") {
  const std::string text = metrics_csv(sample_rows());
  const io::Table table(text, "metrics.csv");
  REQUIRE(table.size() == 5);
  CHECK(table.columns().front() == "id");
  CHECK(table.row(1).number("hr_reference_bpm") == 70);
  CHECK(table.row(1).number("error_bpm") == -3);
  CHECK(table.row(2)["reason"] == "no_pulse");
  CHECK(table.row(3)["reason"] == "no face, \"anywhere\"");
  CHECK(table.row(3)["hr_reference_bpm"].empty());
  CHECK(table.row(4)["status"] == "skipped");
  CHECK(text.find("nan") == std::string::npos);
}

}  // namespace
}  // namespace rppg::results
