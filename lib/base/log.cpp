#include "base/log.h"

#include <atomic>
#include <string>
#include <unistd.h>

#include "base/text.h"

namespace rppg::log {
namespace {

std::atomic<Level> current_level{Level::info};

void write_line(Level level, std::string_view prefix, std::string_view text) {
  if (!enabled(level)) return;
  static const bool terminal = ::isatty(STDERR_FILENO) == 1;
  // One write() per line, so that lines of threads and processes do not mix.
  const std::string line =
      concat(terminal ? "\r\x1b[K" : "", "rppg: ", prefix, escape_control(text), "\n");
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

void set_level(Level level) { current_level = level; }
bool enabled(Level level) { return level <= current_level.load(); }

void error(std::string_view text) { write_line(Level::error, "error: ", text); }
void warning(std::string_view text) { write_line(Level::warning, "warning: ", text); }
void info(std::string_view text) { write_line(Level::info, "", text); }
void debug(std::string_view text) { write_line(Level::debug, "debug: ", text); }

}  // namespace rppg::log
