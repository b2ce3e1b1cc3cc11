#include "base/progress.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/log.h"
#include "base/parallel.h"
#include "base/text.h"
#include "unit/base/captured_output.h"

using namespace rppg;

TEST_CASE("a log file gets one line per item and no bar") {
  const std::string text = test::captured_stderr([] {
    Progress progress("evaluate", 2);
    progress.advance("a: ok");
    progress.advance("b: failed\nhere");
  });
  CHECK(text == "rppg: evaluate: 1/2 a: ok\nrppg: evaluate: 2/2 b: failed\\nhere\n");
}

TEST_CASE("an empty batch says nothing") {
  CHECK(test::captured_stderr([] { const Progress progress("evaluate", 0); }).empty());
}

TEST_CASE("no progress below the level info") {
  log::set_level(log::Level::warning);
  const std::string text = test::captured_stderr([] {
    Progress progress("evaluate", 1);
    progress.advance("a");
  });
  log::set_level(log::Level::info);
  CHECK(text.empty());
}

TEST_CASE("items of several threads are counted once each, in order") {
  constexpr std::size_t items = 200;
  const std::string text = test::captured_stderr([] {
    Progress progress("work", items);
    parallel_for(items, 4, [&](std::size_t) { progress.advance("done"); });
  });
  const std::vector<std::string_view> lines = split(trim(text), '\n');
  REQUIRE(lines.size() == items);
  for (std::size_t i = 0; i < items; ++i) {
    CHECK(lines[i] == concat("rppg: work: ", i + 1, "/", items, " done"));
  }
}
