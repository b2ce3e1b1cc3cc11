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
  /// label: what is worked on ("evaluate"); total: number of items, 0 when not known.
  Progress(std::string_view label, std::size_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Counts one finished item; `line` says what became of it. Safe from several threads.
  void advance(std::string_view line);

 private:
  void draw_bar() const;

  std::mutex mutex_;
  std::string label_;
  std::size_t total_;
  std::size_t done_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  bool terminal_;
};

}  // namespace rppg
