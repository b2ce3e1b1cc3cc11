/// Text label files line by line, with errors that name file, line and what stands there.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rppg::datasets {

class LabelLines {
 public:
  /// Reads a file of at most label_limit_bytes. A byte order mark, CRLF and blank lines at the end
  /// are accepted. Throws as base's read_file() does, and Error(malformed) when it is empty.
  explicit LabelLines(std::filesystem::path file);

  /// Moves to the next line; false at the end.
  bool next();
  std::string_view line() const { return line_; }
  /// Of the line, from 1.
  std::size_t number() const { return number_; }

  /// text as a finite number; throws Error(malformed) otherwise.
  double value(std::string_view text) const;
  /// All numbers of the line, between white space.
  std::vector<double> values() const;
  /// Error(malformed) "FILE: line N: message".
  [[noreturn]] void fail(std::string_view message) const;

 private:
  std::filesystem::path file_;
  std::string text_;
  std::size_t position_ = 0;
  std::string_view line_;
  std::size_t number_ = 0;
};

/// text between quotes, cut to a readable length.
std::string quoted(std::string_view text);

}  // namespace rppg::datasets
