/// What a piece of code writes to stderr, as a file or a pipe would get it.
#pragma once

#include <functional>
#include <string>

namespace rppg::test {

/// Runs work while file descriptor 2 leads into a file; returns what arrived there.
std::string captured_stderr(const std::function<void()>& work);

}  // namespace rppg::test
