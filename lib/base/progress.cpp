#include "base/progress.h"

#include <algorithm>
#include <cstdlib>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

namespace rppg {
namespace {

void print(std::string_view text) {
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(std::max(0.0, seconds));
  const auto two = [](long value) { return concat(value < 10 ? "0" : "", value); };
  return concat(two(whole / 3600), ":", two(whole / 60 % 60), ":", two(whole % 60));
}

bool can_redraw() {
  const char* term = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

}  // namespace

Progress::Progress(std::string_view label, std::size_t total, std::size_t done)
    : label_(label), total_(total), done_(done), done_before_(done), terminal_(can_redraw()) {
  if (terminal_ && log::enabled(log::Level::info) && total_ > 0) draw_bar();
}

Progress::~Progress() {
  if (terminal_ && log::enabled(log::Level::info) && total_ > 0) print("\r\x1b[K");
}

void Progress::advance(std::string_view line) {
  const std::lock_guard lock(mutex_);
  ++done_;
  log::info(concat(label_, ": ", done_, "/", total_, " ", line));
  if (terminal_ && log::enabled(log::Level::info)) draw_bar();
}

void Progress::step(std::string_view quantity, double value) {
  constexpr std::chrono::milliseconds shortest_interval{100};
  const std::lock_guard lock(mutex_);
  ++done_;
  if (!terminal_ || !log::enabled(log::Level::info)) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - drawn_ < shortest_interval) return;
  drawn_ = now;
  draw_bar(concat("  ", quantity, " ", format_fixed(value, 4)));
}

void Progress::draw_bar(std::string_view note) const {
  constexpr std::size_t width = 30;
  const std::size_t filled = total_ == 0 ? 0 : std::min(width, width * done_ / total_);
  const double elapsed =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const double rate = elapsed > 0 ? static_cast<double>(done_ - done_before_) / elapsed : 0;
  const double left = rate > 0 ? static_cast<double>(total_ - std::min(total_, done_)) / rate : 0;
  print(concat("\r\x1b[K", label_, " [", std::string(filled, '='), std::string(width - filled, ' '),
               "] ", done_, "/", total_, "  ", format_fixed(rate, 2), "/s  ETA ",
               rate > 0 ? clock_text(left) : "--:--:--", note));
}

}  // namespace rppg
