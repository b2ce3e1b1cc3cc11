#include "base/rehearsal.h"

#include <csignal>
#include <stdexcept>

#include <doctest/doctest.h>

TEST_CASE("work that returns or throws survives, and changes nothing here") {
  int value = 1;
  CHECK(rppg::survives([&] { value = 2; }));
  CHECK(value == 1);
  CHECK(rppg::survives([] { throw std::runtime_error("no"); }));
}

TEST_CASE("work that crashes does not survive") {
  CHECK_FALSE(rppg::survives([] { std::raise(SIGSEGV); }));
  CHECK_FALSE(rppg::survives([] { std::raise(SIGFPE); }));
}
