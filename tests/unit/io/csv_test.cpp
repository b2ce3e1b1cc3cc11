#include "io/csv.h"

#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include "base/error.h"

namespace io = rppg::io;

namespace {

template <typename Call>
std::string failure_of(const Call& call) {
  try {
    call();
  } catch (const rppg::Error& error) {
    CHECK(error.status() == rppg::Status::malformed);
    return error.what();
  }
  return "accepted";
}

std::string failure(std::string_view text) {
  return failure_of([text] { io::Table(text, "m.csv"); });
}

}  // namespace

TEST_CASE("cells are found by the name of their column") {
  const io::Table table("id,video,fps\na,x.avi,30\nb,,\n", "m.csv");
  REQUIRE(table.size() == 2);
  CHECK(table.row(0)["video"] == "x.avi");
  CHECK(table.row(1)["video"] == "");
  CHECK(table.row(1)["none"] == "");
  CHECK(table.row(0).number("fps") == 30.0);
  CHECK(std::isnan(table.row(1).number("fps")));
  CHECK(table.row(1).line() == 3);
  CHECK(table.has_column("fps"));
  CHECK(table.columns().size() == 3);
}

TEST_CASE("quoted cells hold separators, quotes and newlines") {
  const io::Table table("a,b\r\n\"x,\"\"y\"\"\",\"1\n2\"\r\n3,4", "m.csv");
  REQUIRE(table.size() == 2);
  CHECK(table.row(0)["a"] == "x,\"y\"");
  CHECK(table.row(0)["b"] == "1\n2");
  CHECK(table.row(1)["b"] == "4");
  CHECK(table.row(1).line() == 4);
}

TEST_CASE("separator, byte order mark and blank lines") {
  CHECK(io::Table("a\tb,c\td\n1\t2\t3\n", "m.tsv").row(0)["b,c"] == "2");
  CHECK(io::Table("a;b\n1,5;2\n", "m.csv").row(0)["a"] == "1,5");
  CHECK(io::Table("\xEF\xBB\xBF\"a\",b\n1,2\n", "m.csv").row(0)["a"] == "1");
  CHECK(io::Table("\n\na,b\r\n\r\n1,2\n\n\n", "m.csv").row(0).line() == 5);
  CHECK(io::Table("a\n1\n", "m.csv").row(0)["a"] == "1");
  CHECK(io::Table("a,b\n", "m.csv").size() == 0);
  CHECK(io::Table("\"a;b;c\",d\n1,2\n", "m.csv").row(0)["d"] == "2");
}

TEST_CASE("damaged tables are refused with their line") {
  CHECK(failure("") == "m.csv: no header line");
  CHECK(failure("\r\n\n") == "m.csv: no header line");
  CHECK(failure("a,b\n1,2\n1\n") == "m.csv: line 3: 1 cells, but the header has 2");
  CHECK(failure("a,b\n1,2,3\n") == "m.csv: line 2: 3 cells, but the header has 2");
  CHECK(failure("a,b,a\n") == "m.csv: line 1: column a appears twice");
  CHECK(failure("a,b\n1,\"2\n3\n") == "m.csv: line 2: a quote is not closed");
  CHECK(failure("a,b\n\"1\"x,2\n").starts_with("m.csv: line 2: text after a closing quote"));
  CHECK(failure("a,b\n1\"x\",2\n").starts_with("m.csv: line 2: "));
  CHECK(failure("a,b\n1\r2,2\n").starts_with("m.csv: line 2: "));
  CHECK(failure(std::string_view("a,b\n1,\0\n", 8)) == "m.csv: line 2: NUL byte");
}

TEST_CASE("only well-formed UTF-8 is read") {
  for (const char* good : {"\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x92\x93", "\xF4\x8F\xBF\xBF"}) {
    CHECK(io::Table(std::string("a\n") + good, "m.csv").row(0)["a"] == good);
  }
  for (const char* bad : {"\xFF", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\x80",
                          "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xE2\x82x", "\xC1\xBF"}) {
    CHECK(failure(std::string("a\n") + bad + "\n") == "m.csv: line 2: invalid UTF-8");
  }
}

TEST_CASE("errors of a cell name line and column") {
  const io::Table table("id,fps\na,x\nb,1e999\nc,nan\nd, 2.5 \n", "m.csv");
  CHECK(failure_of([&] { table.row(0).number("fps"); }) ==
        "m.csv: line 2, column fps: \"x\" is not a number");
  CHECK(failure_of([&] { table.row(1).number("fps"); }) != "accepted");
  CHECK(failure_of([&] { table.row(2).number("fps"); }) != "accepted");
  CHECK(table.row(3).number("fps") == 2.5);
  CHECK(failure_of([&] { table.require_columns({"id", "video"}); }) == "m.csv: no column video");
}

TEST_CASE("many rows") {
  std::string text = "id,video,labels,fps\n";
  for (int i = 0; i < 100'000; ++i) text += "recording,\"some/where, else.avi\",labels.txt,29.97\n";
  const io::Table table(text, "m.csv");
  CHECK(table.size() == 100'000);
  CHECK(table.row(99'999).number("fps") == 29.97);
  CHECK(table.row(99'999).line() == 100'001);
}

TEST_CASE("written cells read back, and are no formulas") {
  CHECK(io::csv_cell("plain text") == "plain text");
  CHECK(io::csv_cell("a,b") == "\"a,b\"");
  CHECK(io::csv_cell("say \"x\"\n") == "\"say \"\"x\"\"\n\"");
  CHECK(io::csv_cell("-1.5e3") == "-1.5e3");
  CHECK(io::csv_cell("+7") == "+7");
  CHECK(io::csv_cell("=1+1") == "'=1+1");
  CHECK(io::csv_cell("@cmd") == "'@cmd");
  CHECK(io::csv_cell("-1+2,3") == "\"'-1+2,3\"");
  CHECK(io::csv_cell("") == "");
  const std::string cell = "x;\t\"y\",\r\nz";
  CHECK(io::Table("a,b\n1," + io::csv_cell(cell) + "\n", "m.csv").row(0)["b"] == cell);
}
