/// A trial of work that may bring down the process, in a child process.
#pragma once

#include <functional>

namespace rppg {

/// Runs work in a child process whose memory, exceptions and output are thrown away. False when the
/// child crashed. Everything the work allocates is gone; it may be repeated here if all was well.
/// To be called while the process has one thread. Throws Error(resource) when no child can be made.
bool survives(const std::function<void()>& work);

}  // namespace rppg
