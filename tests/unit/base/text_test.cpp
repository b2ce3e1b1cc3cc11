#include "base/text.h"

#include <cmath>
#include <limits>

#include <doctest/doctest.h>

using namespace rppg;

TEST_CASE("numbers are written so that they read back the same") {
  for (const double value : {0.1, -1e-300, 1.0 / 3, 6.02e23, 0.0}) {
    CHECK(parse_double(format_number(value)) == value);
  }
  CHECK(format_number(std::numeric_limits<double>::quiet_NaN()) == "nan");
  CHECK(format_fixed(2.345, 1) == "2.3");
  CHECK(format_fixed(std::numeric_limits<double>::infinity(), 1) == "-");
}

TEST_CASE("a number with anything around it is refused") {
  CHECK_FALSE(parse_double(""));
  CHECK_FALSE(parse_double(" 1"));
  CHECK_FALSE(parse_double("1,5"));
  CHECK_FALSE(parse_double("1e999"));
  CHECK_FALSE(parse_double("+-1"));
  CHECK(parse_double("+1.5") == 1.5);
  CHECK(std::isnan(parse_double("nan").value()));
  CHECK_FALSE(parse_integer("12.0"));
  CHECK_FALSE(parse_integer("99999999999999999999"));
}

TEST_CASE("splitting") {
  CHECK(split("a,,b", ',').size() == 3);
  CHECK(split("", ',').size() == 1);
  CHECK(split_whitespace("  1\t2 \r\n").size() == 2);
  CHECK(split_whitespace(" \n").empty());
  CHECK(trim(" x y\n") == "x y");
}

TEST_CASE("escaped text is one line") {
  CHECK(escape_control("a\nb\x1b[31m\x7f") == "a\\nb\\x1b[31m\\x7f");
  CHECK(escape_control("späße") == "späße");
}

TEST_CASE("the nearest word is offered, a distant one is not") {
  CHECK(nearest("evalute", {"evaluate", "report"}) == "evaluate");
  CHECK(nearest("xyz", {"evaluate", "report"}).empty());
}
