#include "io/json.h"

#include <cmath>
#include <limits>
#include <string>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "support/resources.h"

namespace io = rppg::io;

namespace {

std::string failure(std::string_view text) {
  try {
    io::parse_json(text, "x.json");
  } catch (const rppg::Error& error) {
    CHECK(error.status() == rppg::Status::malformed);
    return error.what();
  }
  return "accepted";
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("a document is built as it stands") {
  const io::Json document = io::parse_json(
      "\xEF\xBB\xBF{\"a\": [1, -2, 2.5, true, null, {\"b\": \"\xC3\xA4\"}], \"c\": {}}", "x.json");
  CHECK(io::to_text(document, true) ==
        "{\"a\":[1,-2,2.5,true,null,{\"b\":\"\xC3\xA4\"}],\"c\":{}}");
  CHECK(io::parse_json("7", "x.json") == 7);
  CHECK(io::parse_json("[[], {\"a\": []}, 18446744073709551615]", "x.json")[2] ==
        std::numeric_limits<std::uint64_t>::max());
}

TEST_CASE("errors name file, line and column") {
  CHECK(failure("{\"a\": 1,\n \"b\": }").starts_with("x.json: line 2, column 7: syntax error"));
  CHECK(failure("").starts_with("x.json: line 1, column 0: syntax error"));
  CHECK(failure("{\"a\": 1, \"a\": 2}") == "x.json: line 1, column 12: duplicate key \"a\"");
  CHECK(failure("[1e999]").find("line 1, column 7: number overflow") != std::string::npos);
  CHECK(failure("[\"\xFF\"]").find("line 1, column 3: ") != std::string::npos);
  CHECK(failure("{\"\xC3\xA4\": x}").find("line 1, column 7: ") != std::string::npos);
}

TEST_CASE("what is no JSON is refused") {
  for (const char* text : {"{} x", "[1,]", "{\"a\":1,}", "NaN", "[01]", "'a'", "// c\n1", "[1",
                           "\"a", "\"\\ud800\"", "\"\xED\xA0\x80\"", "\"a\nb\"", "{a: 1}"}) {
    CAPTURE(text);
    CHECK(failure(text) != "accepted");
  }
  CHECK(failure(std::string_view("1\0", 2)) != "accepted");
}

TEST_CASE("nesting ends at 64 levels") {
  CHECK(failure(nested(64)) == "accepted");
  CHECK(failure(nested(65)) == "x.json: line 1, column 65: nested deeper than 64 levels");
  CHECK(failure(std::string(5'000'000, '[')).find("nested deeper") != std::string::npos);
}

TEST_CASE("the text is deterministic") {
  io::OrderedJson document;
  document["z"] = 0.1;
  document["a"] = std::nan("");
  document["b"] = std::numeric_limits<double>::infinity();
  document["bad"] = "\xFF";
  CHECK(io::to_text(document) ==
        "{\n  \"z\": 0.1,\n  \"a\": null,\n  \"b\": null,\n  \"bad\": \"\xEF\xBF\xBD\"\n}\n");
  CHECK(io::to_text(io::Json{{"b", 1}, {"a", 2}}, true) == "{\"a\":2,\"b\":1}");
}

TEST_CASE("numbers read back as they were") {
  for (const double value : {0.1, 1.0 / 3.0, 5e-324, 1.7976931348623157e308, -0.0, 123456789.125}) {
    const io::Json read = io::parse_json(io::to_text(io::Json(value)), "x.json");
    CHECK(read.get<double>() == value);
  }
}

TEST_CASE("files are read within their limit") {
  const rppg::test::TemporaryFolder folder;
  const auto file = folder.path() / "x.json";
  rppg::write_file(file, std::string_view("{\"a\": 1}"));
  CHECK(io::read_json(file)["a"] == 1);
  CHECK_THROWS_AS(io::read_json(file, 7), rppg::Error);
  CHECK_THROWS_AS(io::read_json(folder.path() / "none.json"), rppg::Error);
}
