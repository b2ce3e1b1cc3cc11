#include "results/tables.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "results/markup.h"
#include "support/resources.h"
#include "unit/results/fake_run.h"

using namespace rppg;
using namespace rppg::results;

namespace {

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

bool contains(const std::string& text, std::string_view part) { return count(text, part) > 0; }

/// The row and column of MAE.
Emphasis mark_of_mae(const ReportTable& table, std::size_t row) {
  const auto column = std::find_if(table.columns.begin(), table.columns.end(),
                                   [](const Column& c) { return c.header.starts_with("MAE"); });
  return table.rows[row][static_cast<std::size_t>(column - table.columns.begin())].emphasis;
}

}  // namespace

TEST_CASE("text from outside cannot leave its cell") {
  const std::string hostile = "a|b\\c_d&e%f#g<h>\"i\"$j^k~l{m}\n=cmd()\xE2\x80\xAEx@y--z`";
  CHECK(to_xml(hostile) ==
        "a|b\\c_d&amp;e%f#g&lt;h&gt;&quot;i&quot;$j^k~l{m}\\u000A=cmd()\\u202Ex@y--z`");
  CHECK(to_latex(hostile) ==
        "a\\textbar{}b\\textbackslash{}c\\_d\\&e\\%f\\#g\\textless{}h\\textgreater{}''i''\\$j"
        "\\textasciicircum{}k\\textasciitilde{}l\\{m\\}\\textbackslash{}u000A=cmd()"
        "\\textbackslash{}u202Ex@y-{-}z{`}");
  CHECK(to_markdown(hostile) ==
        "a\\|b\\\\c\\_d&amp;e%f\\#g&lt;h&gt;\"i\"\\$j^k\\~l{m}\\\\u000A=cmd()\\\\u202Ex\\@y--z\\`");
  CHECK(to_markdown("a: b http://c") == "a: b http\\://c");
  CHECK(to_latex("\xC3\xA9\xD7\x90\\\\[1ex]") ==
        "\xC3\xA9{[}U+05D0{]}\\textbackslash{}\\textbackslash{}{[}1ex{]}");
  CHECK(to_xml("\xFF\xC0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // no UTF-8
}

TEST_CASE("long text keeps both ends") {
  CHECK(shorten("abcdef", 6) == "abcdef");
  CHECK(shorten("abcdefgh", 5) == "ab\xE2\x80\xA6gh");
  CHECK(character_count(shorten(std::string(500, 'x'), 60)) == 60);
}

TEST_CASE("a table has a row per run, marks and coverage") {
  const test::TemporaryFolder folder;
  const auto at = [&](const char* name) { return folder.path() / name; };
  test::write_fake_run(at("pos"), "pos", test::fake_recordings(5, 0.5));
  test::write_fake_run(at("chrom"), "chrom", test::fake_recordings(5, 0.8));
  test::write_fake_run(at("green"), "green", test::fake_recordings(5, 3.0));
  const auto runs = read_runs({at("chrom"), at("pos"), at("green")});
  const auto tables = metric_tables(runs, Spread::standard_error);
  REQUIRE(tables.size() == 1);
  CHECK(mark_of_mae(tables[0], 0) == Emphasis::second);
  CHECK(mark_of_mae(tables[0], 1) == Emphasis::best);
  CHECK(mark_of_mae(tables[0], 2) == Emphasis::none);

  const std::string markdown = to_markdown(tables[0]);
  CHECK(contains(markdown, "| pos | pure | 5/5 | **1.0"));
  CHECK(contains(markdown, "<u>1.6"));
  CHECK(contains(markdown, "pos 5/5 recordings scored, 5 subjects"));
  CHECK(contains(markdown, find_protocol("default").name + " (" + runs[0].protocol_hash + ")"));
  const std::string latex = to_latex(tables[0]);
  CHECK(contains(latex, "\\label{tab:rppg-default-" + runs[0].protocol_hash + "}"));
  CHECK(contains(latex, "\\textbf{1.0"));
  CHECK(contains(latex, "$\\pm$"));
  CHECK(count(latex, "{") == count(latex, "}"));
  CHECK(contains(to_html(tables[0]), "<b>1.0"));
}

TEST_CASE("runs on other recordings are not ranked against each other") {
  const test::TemporaryFolder folder;
  test::write_fake_run(folder.path() / "a", "pos", test::fake_recordings(5));
  test::write_fake_run(folder.path() / "b", "chrom", test::fake_recordings(4));
  const auto tables =
      metric_tables(read_runs({folder.path() / "a", folder.path() / "b"}), Spread::standard_error);
  REQUIRE(tables.size() == 1);
  CHECK(mark_of_mae(tables[0], 0) == Emphasis::none);
  CHECK(mark_of_mae(tables[0], 1) == Emphasis::none);
}

TEST_CASE("protocols never share a table") {
  const test::TemporaryFolder folder;
  test::write_fake_run(folder.path() / "a", "pos", test::fake_recordings(3));
  test::write_fake_run(folder.path() / "b", "pos", test::fake_recordings(3), {}, "toolbox");
  const auto runs = read_runs({folder.path() / "a", folder.path() / "b"});
  const auto tables = metric_tables(runs, Spread::ci95);
  REQUIRE(tables.size() == 2);
  CHECK(tables[0].rows.size() == 1);
  CHECK(tables[1].rows.size() == 1);
  CHECK(tables[0].label != tables[1].label);
}

TEST_CASE("conditions have a table of their own, computed from their recordings") {
  const test::TemporaryFolder folder;
  std::vector<test::FakeRecording> recordings = test::fake_recordings(6);
  for (std::size_t i = 0; i < recordings.size(); ++i)
    recordings[i].state = i < 3 ? "rest" : "motion";
  test::write_fake_run(folder.path() / "pos", "pos", recordings);
  const auto runs = read_runs({folder.path() / "pos"});
  CHECK(values(runs[0], Condition::state) == std::vector<std::string>{"motion", "rest"});
  const auto tables = condition_tables(runs, Spread::standard_error);
  REQUIRE(tables.size() == 1);
  REQUIRE(tables[0].rows.size() == 2);
  CHECK(tables[0].rows[0][0].text == "motion");
  CHECK(tables[0].rows[0][3].text == "3/3");
  CHECK(tables[0].rows[0][4].text.starts_with("2.0"));  // mean of 1.5, 2, 2.5
  CHECK(tables[0].rows[1][4].text.starts_with("0.5"));  // mean of 0, 0.5, 1
}

TEST_CASE("the failure table names every recording without a number") {
  const test::TemporaryFolder folder;
  test::write_fake_run(
      folder.path() / "pos", "pos", test::fake_recordings(2),
      {{"x", "pure", "9", Outcome::failed, "a.avi: <truncated> & 50 % lost", "k"}});
  const ReportTable table = failure_table(read_runs({folder.path() / "pos"}));
  REQUIRE(table.rows.size() == 1);
  CHECK(table.rows[0][1].text == "x");
  CHECK(contains(to_html(table), "a.avi: &lt;truncated&gt; &amp; 50 % lost"));
  CHECK(contains(to_latex(table), "\\textless{}truncated\\textgreater{} \\& 50 \\% lost"));
}

TEST_CASE("CSV is long, in full precision, and safe in spreadsheets") {
  const test::TemporaryFolder folder;
  test::write_fake_run(folder.path() / "pos", "=cmd|'/c calc'!A1", test::fake_recordings(3));
  const std::string csv = to_csv(read_runs({folder.path() / "pos"}));
  CHECK(csv.starts_with("run,method,dataset,condition,protocol,"));
  CHECK_FALSE(contains(csv, ",=cmd"));
  CHECK(contains(csv, ",MAE,bpm,0.5,"));
}
