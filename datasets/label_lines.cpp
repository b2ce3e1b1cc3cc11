// Text label files line by line.
#include "datasets/label_lines.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "datasets/layouts.h"

namespace rppg::datasets {

LabelLines::LabelLines(std::filesystem::path file)
    : file_(std::move(file)), text_(read_file(file_, label_limit_bytes)) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (text_.starts_with(byte_order_mark)) position_ = byte_order_mark.size();
  text_.resize(text_.find_last_not_of(" \t\r\n") + 1);
  if (text_.size() <= position_) throw Error(Status::malformed, file_, "empty file");
}

bool LabelLines::next() {
  if (position_ >= text_.size()) return false;
  const std::size_t end = std::min(text_.find('\n', position_), text_.size());
  line_ = std::string_view(text_).substr(position_, end - position_);
  if (line_.ends_with('\r')) line_.remove_suffix(1);
  position_ = end + 1;
  ++number_;
  return true;
}

double LabelLines::value(std::string_view text) const {
  const auto value = parse_double(text);
  if (!value || !std::isfinite(*value)) fail(concat(quoted(text), " is not a finite number"));
  return *value;
}

std::vector<double> LabelLines::values() const {
  std::vector<double> values;
  for (const std::string_view part : split_whitespace(line_)) values.push_back(value(part));
  return values;
}

void LabelLines::fail(std::string_view message) const {
  throw Error(Status::malformed, file_, concat("line ", number_, ": ", message));
}

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 24;
  return text.size() <= longest ? concat("'", text, "'")
                                : concat("'", text.substr(0, longest), "...'");
}

}  // namespace rppg::datasets
