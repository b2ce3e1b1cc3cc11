/// Comma- (or tab-) separated values with a header line, RFC 4180.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rppg::io {

/// A table of text cells. Cells are found by column name, and errors name file, line and column.
class Table {
 public:
  /// One row, valid as long as its table.
  class Row {
   public:
    /// The cell, or "" when the table has no such column.
    std::string_view operator[](std::string_view column) const;
    /// The cell as a finite number; NaN when it is empty. Throws Error(malformed) otherwise.
    double number(std::string_view column) const;
    /// Line of the file on which the row starts, from 1.
    std::size_t line() const;
    /// Error(malformed) "FILE: line L, column NAME: message".
    [[noreturn]] void fail(std::string_view column, std::string_view message) const;

   private:
    friend class Table;
    Row(const Table& table, std::size_t index) : table_(table), index_(index) {}
    const Table& table_;
    std::size_t index_;
  };

  /// Parses text; the separator (',', ';' or tab) is the one that the header line holds most of.
  /// A byte order mark and CRLF are accepted, blank lines are skipped. Throws Error(malformed) for
  /// a row with more or fewer cells than the header, a quote that is open at the end or stands
  /// inside a cell, a duplicate column, a text without header, NUL bytes and invalid UTF-8.
  Table(std::string_view text, const std::filesystem::path& file);

  /// Number of rows below the header.
  std::size_t size() const { return lines_.size(); }
  Row row(std::size_t index) const { return {*this, index}; }
  bool has_column(std::string_view name) const;
  const std::vector<std::string>& columns() const { return columns_; }
  /// Throws Error(malformed) naming the first of these columns that is missing.
  void require_columns(const std::vector<std::string_view>& names) const;

 private:
  std::filesystem::path file_;
  std::vector<std::string> columns_;
  std::vector<std::size_t> lines_;  // of each row
  std::vector<std::string> cells_;  // row after row
};

/// A cell for writing: quoted when it holds separator, quote or newline; text that a spreadsheet
/// would take for a formula (first character = + - @ of something that is no number) gets a
/// leading apostrophe.
std::string csv_cell(std::string_view text);

}  // namespace rppg::io
