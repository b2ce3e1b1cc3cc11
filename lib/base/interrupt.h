/// Orderly stop on SIGTERM, SIGINT, SIGUSR1, SIGXCPU, SIGHUP, or when the time is up.
#pragma once

#include <chrono>

namespace rppg {

/// From now on the first signal sets a flag and the second one ends the process at once with
/// 128 + its number. SIGPIPE and SIGXFSZ are ignored, so that writes report errors instead.
void install_stop_signals();

/// stop_requested() also becomes true after this time (`--max-time`).
void set_time_limit(std::chrono::seconds limit);

/// True once the process should save its state and end with Status::interrupted.
bool stop_requested();

}  // namespace rppg
