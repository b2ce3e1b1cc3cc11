#include "base/log.h"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "unit/base/captured_output.h"

using namespace rppg;

namespace {

/// Sets the level for one case; the other cases find the default.
class LevelGuard {
 public:
  explicit LevelGuard(log::Level level) { log::set_level(level); }
  ~LevelGuard() { log::set_level(log::Level::info); }
  LevelGuard(const LevelGuard&) = delete;
  LevelGuard& operator=(const LevelGuard&) = delete;
};

std::string all_messages(log::Level level) {
  const LevelGuard guard(level);
  return test::captured_stderr([] {
    log::error("e");
    log::warning("w");
    log::info("i");
    log::debug("d");
  });
}

}  // namespace

TEST_CASE("the level decides what is printed") {
  CHECK(all_messages(log::Level::quiet).empty());
  CHECK(all_messages(log::Level::error) == "rppg: error: e\n");
  CHECK(all_messages(log::Level::warning) == "rppg: error: e\nrppg: warning: w\n");
  CHECK(all_messages(log::Level::info) == "rppg: error: e\nrppg: warning: w\nrppg: i\n");
  CHECK(all_messages(log::Level::debug) ==
        "rppg: error: e\nrppg: warning: w\nrppg: i\nrppg: debug: d\n");
}

TEST_CASE("enabled() tells what the level lets through") {
  const LevelGuard guard(log::Level::warning);
  CHECK(log::enabled(log::Level::error));
  CHECK(log::enabled(log::Level::warning));
  CHECK_FALSE(log::enabled(log::Level::info));
}

TEST_CASE("a message is one line without control characters") {
  const std::string text = test::captured_stderr([] { log::info("a\nb\x1b[2J"); });
  CHECK(text == "rppg: a\\nb\\x1b[2J\n");
}

TEST_CASE("lines of several threads do not mix") {
  constexpr int threads = 4;
  constexpr int lines = 200;
  const std::string text = test::captured_stderr([] {
    std::vector<std::thread> pool;
    for (int t = 0; t < threads; ++t) {
      pool.emplace_back([t] {
        for (int i = 0; i < lines; ++i) log::info(std::string(60, static_cast<char>('a' + t)));
      });
    }
    for (std::thread& thread : pool) thread.join();
  });
  std::vector<int> counts(threads, 0);
  for (const std::string_view line : split(trim(text), '\n')) {
    REQUIRE(line.size() == 66);
    const char letter = line.back();
    REQUIRE(line.substr(6) == std::string(60, letter));
    ++counts[static_cast<std::size_t>(letter - 'a')];
  }
  CHECK(counts == std::vector<int>(threads, lines));
}
