#include "results/figures.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "results/svg.h"
#include "support/resources.h"
#include "unit/results/fake_run.h"
#include "unit/results/markup_check.h"

using namespace rppg;
using namespace rppg::results;

namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

void check_figure(const Figure& figure) {
  CAPTURE(figure.name);
  CHECK(test::unbalanced_element(figure.svg) == "");
  CHECK(contains(figure.svg, "role=\"img\""));
  CHECK(contains(figure.svg, "<title id="));
  CHECK_FALSE(contains(figure.svg, "nan"));
  CHECK_FALSE(contains(figure.svg, "inf"));
  CHECK_FALSE(contains(figure.caption, "nan"));
  CHECK(lines(figure.csv) >= 2);
  CHECK(figure.name == file_stem(figure.name));
}

std::vector<Figure> all_figures(const Run& run) {
  std::vector<Figure> all{bland_altman_figure(run, "r"), scatter_figure(run, "r"),
                          cumulative_error_figure(run, "r"), subject_error_figure(run, "r"),
                          coverage_figure({run})};
  for (const Example& example : example_figures(run, "r")) {
    all.push_back(example.waveform);
    all.push_back(example.spectrum);
  }
  return all;
}

Run fake_run(const test::TemporaryFolder& folder,
             const std::vector<test::FakeRecording>& recordings) {
  test::write_fake_run(folder.path() / "pos", "pos", recordings);
  return read_runs({folder.path() / "pos"}).front();
}

}  // namespace

TEST_CASE("ticks are round and inside the range") {
  const auto texts = [](Range range, int count) {
    std::vector<std::string> out;
    for (const Tick& tick : round_ticks(range, count)) out.push_back(tick.text);
    return out;
  };
  CHECK(texts({0, 10}, 5) == std::vector<std::string>{"0", "2", "4", "6", "8", "10"});
  CHECK(texts({-0.25, 0.31}, 5) ==
        std::vector<std::string>{"\u22120.2", "\u22120.1", "0.0", "0.1", "0.2", "0.3"});
  CHECK(texts({58.2, 101.7}, 5) == std::vector<std::string>{"60", "70", "80", "90", "100"});
}

TEST_CASE("ranges ignore what is not finite and are never empty") {
  const Range range = range_of(std::vector<double>{NAN, 5, INFINITY}, 0.1, 2);
  CHECK(range.low == 4);
  CHECK(range.high == 6);
  CHECK(range_of(std::vector<double>{NAN}).span() == 1);
}

TEST_CASE("names outside the allowed letters cannot leave the figure folder") {
  CHECK(file_stem("../a b/\u00E9") == ".._a_b___");
}

TEST_CASE("charts carry numbers, text for all readers, and well-formed markup") {
  const test::TemporaryFolder folder;
  const Run run = fake_run(folder, test::fake_recordings(9));
  for (const Figure& figure : all_figures(run)) check_figure(figure);
  // Differences 0, -0.5, 1, -1.5, 2, -2.5, 3, -3.5, 4: mean 2/9, SD 2.5138.
  const Figure agreement = bland_altman_figure(run, "r");
  CHECK(contains(agreement.caption, "bias +0.22 bpm, limits of agreement \u22124.70 to +5.15 bpm"));
  CHECK(lines(agreement.csv) == 10);
  const Figure errors = cumulative_error_figure(run, "r");
  CHECK(contains(errors.caption,
                 "\u2264 2 bpm: 55.6 %, \u2264 3 bpm: 77.8 %, \u2264 5 bpm: 100.0 %"));
  CHECK(contains(scatter_figure(run, "r").caption, "MAE = 2.00 bpm"));
  CHECK(subject_error_figure(run, "r").csv.find("1,09,pure,1,4,4\n") != std::string::npos);
}

TEST_CASE("examples are chosen by their error") {
  const test::TemporaryFolder folder;
  const auto examples = example_figures(fake_run(folder, test::fake_recordings(6)), "r");
  REQUIRE(examples.size() == 3);
  CHECK(examples[0].id == "01-01");
  CHECK(examples[1].id == "03-01");
  CHECK(examples[2].id == "06-01");
  CHECK(lines(examples[0].waveform.csv) == 301);  // 10 s at 30 Hz
}

TEST_CASE("one recording, hostile names and missing rates still give charts") {
  const test::TemporaryFolder folder;
  std::vector<test::FakeRecording> recordings = test::fake_recordings(1);
  recordings[0].subject = "<b>&\"\x01 subject with a long name";
  test::FakeRecording pulseless = recordings[0];
  pulseless.id = "02-01";
  pulseless.prediction_bpm = std::numeric_limits<double>::quiet_NaN();
  recordings.push_back(pulseless);
  const Run run = fake_run(folder, recordings);
  for (const Figure& figure : all_figures(run)) {
    check_figure(figure);
    CHECK_FALSE(contains(figure.svg, "<b>"));
    CHECK_FALSE(contains(figure.svg, "\x01"));
  }
  CHECK(example_figures(run, "r").size() == 1);
}

TEST_CASE("conditions are compared where there are several") {
  const test::TemporaryFolder folder;
  std::vector<test::FakeRecording> recordings = test::fake_recordings(8);
  for (std::size_t i = 0; i < 8; ++i) recordings[i].view = i % 2 == 0 ? "frontal" : "side";
  const Run run = fake_run(folder, recordings);
  const auto figure = condition_figure(run, Condition::view, "r");
  REQUIRE(figure.has_value());
  check_figure(*figure);
  CHECK(lines(figure->csv) == 9);
  CHECK_FALSE(condition_figure(run, Condition::state, "r").has_value());
}

TEST_CASE("runs are compared per protocol, and reasons are counted without their file") {
  const test::TemporaryFolder folder;
  const auto at = [&](const char* name) { return folder.path() / name; };
  test::write_fake_run(at("a"), "pos", test::fake_recordings(3),
                       {{"x", "pure", "8", Outcome::failed, "/data/x.avi: truncated", "k"},
                        {"y", "pure", "9", Outcome::failed, "/data/y.avi: truncated", "k"}});
  test::write_fake_run(at("b"), "chrom", test::fake_recordings(3));
  test::write_fake_run(at("c"), "chrom", test::fake_recordings(3), {}, "toolbox");
  const auto runs = read_runs({at("a"), at("b"), at("c")});
  const auto comparisons = comparison_figures(runs);
  REQUIRE(comparisons.size() == 1);
  check_figure(comparisons[0]);
  CHECK(lines(comparisons[0].csv) == 3);
  const auto reasons = reasons_figure(runs);
  REQUIRE(reasons.has_value());
  check_figure(*reasons);
  CHECK(reasons->csv == "outcome,reason,recordings\nfailed,truncated,2\n");
  CHECK(contains(coverage_figure(runs).csv, "a,3,2,0,0,5\n"));
}
