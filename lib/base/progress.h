/// Progress of a batch on stderr: a bar with rate and ETA on a terminal, one line per item
/// (and nothing else) in a log file.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>

namespace rppg {

class Progress {
 public:
  /// label: what is worked on ("evaluate"); total: number of items, 0 when not known; done: those
  /// that an earlier run finished, which do not count for the rate.
  Progress(std::string_view label, std::size_t total, std::size_t done = 0);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Counts one finished item; `line` says what became of it. Safe from several threads.
  void advance(std::string_view line);

  /// Counts one of many short items, which gets no line: on a terminal the bar is redrawn, at most
  /// ten times a second, with `quantity` and its value behind it; elsewhere nothing is printed, and
  /// nothing allocated.
  void step(std::string_view quantity, double value);

 private:
  void draw_bar(std::string_view note = {}) const;

  std::mutex mutex_;
  std::string label_;
  std::size_t total_;
  std::size_t done_;
  std::size_t done_before_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point drawn_ = start_;
  bool terminal_;
};

}  // namespace rppg
