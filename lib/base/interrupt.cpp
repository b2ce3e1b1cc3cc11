#include "base/interrupt.h"

#include <atomic>
#include <signal.h>
#include <unistd.h>

namespace rppg {
namespace {

using Clock = std::chrono::steady_clock;

volatile sig_atomic_t signal_seen = 0;
std::atomic<Clock::rep> deadline{Clock::time_point::max().time_since_epoch().count()};

void on_signal(int number) {
  if (signal_seen != 0) ::_exit(128 + number);
  signal_seen = 1;
}

}  // namespace

void install_stop_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  for (const int number : {SIGTERM, SIGINT, SIGUSR1, SIGXCPU, SIGHUP}) {
    ::sigaction(number, &action, nullptr);
  }
  action.sa_handler = SIG_IGN;
  for (const int number : {SIGPIPE, SIGXFSZ}) ::sigaction(number, &action, nullptr);
}

void set_time_limit(std::chrono::seconds limit) {
  deadline = (Clock::now() + limit).time_since_epoch().count();
}

bool stop_requested() {
  return signal_seen != 0 || Clock::now().time_since_epoch().count() >= deadline.load();
}

}  // namespace rppg
