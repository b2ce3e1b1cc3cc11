#include "base/version.h"

#include <doctest/doctest.h>

#include "base/text.h"

using namespace rppg;

TEST_CASE("the version has three numbers") {
  const auto parts = split(version(), '.');
  REQUIRE(parts.size() == 3);
  for (const std::string_view part : parts) CHECK(parse_integer(part).has_value());
}

TEST_CASE("commit and compiler are one word and one line") {
  CHECK(split_whitespace(commit()).size() == 1);
  CHECK(split_whitespace(compiler()).size() >= 2);
  CHECK(escape_control(compiler()) == compiler());
}
