#include "base/parallel.h"

#include <cstdlib>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

using namespace rppg;

TEST_CASE("every item is worked on once, whatever the number of threads") {
  for (const int threads : {1, 2, 7, 100}) {
    std::vector<int> visits(1000, 0);
    parallel_for(visits.size(), threads, [&](std::size_t i) { ++visits[i]; });
    CHECK(visits == std::vector<int>(1000, 1));
  }
  parallel_for(0, 4, [](std::size_t) { FAIL("no item"); });
}

TEST_CASE("an exception reaches the caller") {
  const auto failing = [](std::size_t i) {
    if (i == 3) throw std::runtime_error("third");
  };
  CHECK_THROWS_WITH_AS(parallel_for(100, 4, failing), "third", std::runtime_error);
}

TEST_CASE("the environment limits the threads") {
  ::setenv("RPPG_THREADS", "3", 1);
  CHECK(available_threads() == 3);
  ::setenv("RPPG_THREADS", "zero", 1);
  CHECK(available_threads() >= 1);
  ::unsetenv("RPPG_THREADS");
}
