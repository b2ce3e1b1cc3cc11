#include "io/csv.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/text.h"

namespace rppg::io {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view separators = ",;\t";

[[noreturn]] void fail_at(const std::filesystem::path& file, std::size_t line,
                          std::string_view message) {
  throw Error(Status::malformed, file, concat("line ", line, ": ", message));
}

/// Length of the UTF-8 character at the start of text, 0 if there is none: RFC 3629, which rules
/// out overlong forms, surrogates and what lies beyond U+10FFFF.
std::size_t character_length(std::string_view text) {
  const auto byte = [text](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (length == 0 || first > 0xF4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  const unsigned second = byte(1);
  const bool misused = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                       (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
  return misused ? 0 : length;
}

void check_encoding(std::string_view text, const std::filesystem::path& file) {
  std::size_t line = 1;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\0') fail_at(file, line, "NUL byte");
    if (text[i] == '\n') ++line;
    const std::size_t length = character_length(text.substr(i));
    if (length == 0) fail_at(file, line, "invalid UTF-8");
    i += length;
  }
}

/// The most frequent separator outside quotes in the first line that is not blank.
char find_separator(std::string_view text) {
  std::array<std::size_t, separators.size()> counts{};
  bool quoted = false, blank = true;
  for (const char c : text) {
    if (c == '\n' && !quoted && !blank) break;
    if (c != '\n' && c != '\r') blank = false;
    if (c == '"') quoted = !quoted;
    const std::size_t kind = quoted ? std::string_view::npos : separators.find(c);
    if (kind != std::string_view::npos) ++counts[kind];
  }
  const auto most = std::max_element(counts.begin(), counts.end());
  return separators[static_cast<std::size_t>(most - counts.begin())];
}

/// Goes through the text and takes it apart.
class Scanner {
 public:
  Scanner(std::string_view text, const std::filesystem::path& file)
      : text_(text), file_(file), separator_(find_separator(text)) {}

  /// Goes to the next line that is not blank; false at the end.
  bool next_row() {
    while (take_newline()) continue;
    return position_ < text_.size();
  }

  std::size_t line() const { return line_; }

  /// Appends the cells of a row, up to and with its newline; returns their number.
  std::size_t take_row(std::vector<std::string>& cells) {
    std::size_t count = 0;
    do {
      cells.push_back(peek() == '"' ? take_quoted() : take_plain());
      ++count;
    } while (take(separator_));
    if (position_ < text_.size() && !take_newline()) {
      fail_at(file_, line_, "text after a closing quote, or a quote or CR inside a cell");
    }
    return count;
  }

 private:
  /// NUL, which is not in the text, at its end.
  char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }

  bool take(char c) {
    if (peek() != c) return false;
    ++position_;
    return true;
  }

  bool take_newline() {
    const std::string_view rest = text_.substr(position_);
    const std::size_t length = rest.starts_with('\n') ? 1 : rest.starts_with("\r\n") ? 2 : 0;
    position_ += length;
    line_ += length > 0 ? 1 : 0;
    return length > 0;
  }

  std::string take_plain() {
    const std::size_t start = position_;
    while (position_ < text_.size() && peek() != separator_ && peek() != '"' && peek() != '\r' &&
           peek() != '\n') {
      ++position_;
    }
    return std::string(text_.substr(start, position_ - start));
  }

  std::string take_quoted() {
    const std::size_t first_line = line_;
    std::string cell;
    ++position_;
    while (position_ < text_.size()) {
      const char c = text_[position_++];
      if (c == '"' && !take('"')) return cell;
      if (c == '\n') ++line_;
      cell += c;
    }
    fail_at(file_, first_line, "a quote is not closed");
  }

  std::string_view text_;
  const std::filesystem::path& file_;
  char separator_;
  std::size_t position_ = 0;
  std::size_t line_ = 1;
};

/// A spreadsheet takes it for a formula.
bool looks_like_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != text.npos &&
         !parse_double(text);
}

}  // namespace

Table::Table(std::string_view text, const std::filesystem::path& file) : file_(file) {
  check_encoding(text, file_);
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  Scanner scanner(text, file_);
  if (!scanner.next_row()) throw Error(Status::malformed, file_, "no header line");
  const std::size_t header_line = scanner.line();
  scanner.take_row(columns_);
  std::set<std::string_view> seen;
  for (const std::string& column : columns_) {
    if (!seen.insert(column).second) {
      fail_at(file_, header_line, concat("column ", column, " appears twice"));
    }
  }
  while (scanner.next_row()) {
    lines_.push_back(scanner.line());
    const std::size_t count = scanner.take_row(cells_);
    if (count != columns_.size()) {
      fail_at(file_, lines_.back(), concat(count, " cells, but the header has ", columns_.size()));
    }
  }
}

bool Table::has_column(std::string_view name) const {
  return std::find(columns_.begin(), columns_.end(), name) != columns_.end();
}

void Table::require_columns(const std::vector<std::string_view>& names) const {
  for (const std::string_view name : names) {
    if (!has_column(name)) throw Error(Status::malformed, file_, concat("no column ", name));
  }
}

std::string_view Table::Row::operator[](std::string_view column) const {
  const std::vector<std::string>& columns = table_.columns_;
  const auto found = std::find(columns.begin(), columns.end(), column);
  if (found == columns.end()) return {};
  return table_.cells_[index_ * columns.size() + static_cast<std::size_t>(found - columns.begin())];
}

double Table::Row::number(std::string_view column) const {
  const std::string_view cell = trim((*this)[column]);
  if (cell.empty()) return std::numeric_limits<double>::quiet_NaN();
  const std::optional<double> value = parse_double(cell);
  if (!value || !std::isfinite(*value)) fail(column, concat("\"", cell, "\" is not a number"));
  return *value;
}

std::size_t Table::Row::line() const { return table_.lines_[index_]; }

void Table::Row::fail(std::string_view column, std::string_view message) const {
  throw Error(Status::malformed, table_.file_,
              concat("line ", line(), ", column ", column, ": ", message));
}

std::string csv_cell(std::string_view text) {
  std::string cell = looks_like_formula(text) ? concat("'", text) : std::string(text);
  if (cell.find_first_of(",;\t\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace rppg::io
