#include "base/error.h"

#include <string>

#include <doctest/doctest.h>

using namespace rppg;

TEST_CASE("the text of an error is one line that starts with the file") {
  const Error error(Status::malformed, "data/a\nb.txt", "line 3: bad");
  CHECK(std::string(error.what()) == "data/a\\nb.txt: line 3: bad");
  CHECK(static_cast<int>(error.status()) == 65);
}
