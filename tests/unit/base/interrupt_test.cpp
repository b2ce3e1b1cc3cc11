// Signals and time limits cannot be taken back, so each case works in a child process.
#include "base/interrupt.h"

#include <csignal>
#include <functional>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace rppg;

namespace {

constexpr int yes = 3;
constexpr int no = 4;

int answer(bool value) { return value ? yes : no; }

/// Exit status of a child process that runs work, or -1 if a signal ended it.
int exit_status(const std::function<int()>& work) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) ::_exit(work());
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("no stop is requested at the start") {
  CHECK(exit_status([] { return answer(stop_requested()); }) == no);
  CHECK(exit_status([] {
          install_stop_signals();
          return answer(stop_requested());
        }) == no);
}

TEST_CASE("the first signal requests a stop, the second one ends the process") {
  for (const int number : {SIGTERM, SIGINT, SIGUSR1, SIGXCPU, SIGHUP}) {
    CAPTURE(number);
    CHECK(exit_status([number] {
            install_stop_signals();
            std::raise(number);
            return answer(stop_requested());
          }) == yes);
    CHECK(exit_status([number] {
            install_stop_signals();
            std::raise(SIGTERM);
            std::raise(number);
            return no;
          }) == 128 + number);
  }
}

TEST_CASE("signals of failing writes are ignored") {
  for (const int number : {SIGPIPE, SIGXFSZ}) {
    CHECK(exit_status([number] {
            install_stop_signals();
            std::raise(number);
            return answer(stop_requested());
          }) == no);
  }
}

TEST_CASE("a stop is requested when the time is up, and not before") {
  CHECK(exit_status([] {
          set_time_limit(std::chrono::seconds(1000));
          return answer(stop_requested());
        }) == no);
  CHECK(exit_status([] {
          set_time_limit(std::chrono::seconds(0));
          return answer(stop_requested());
        }) == yes);
}
