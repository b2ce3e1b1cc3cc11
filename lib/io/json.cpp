#include "io/json.h"

#include <iterator>
#include <vector>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"

namespace rppg::io {
namespace {

constexpr std::size_t greatest_depth = 64;

/// Hands the parser one byte after the other and knows how many it took.
class CountedBytes {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountedBytes(const char* position, std::size_t& taken) : position_(position), taken_(&taken) {}
  reference operator*() const { return *position_; }
  CountedBytes& operator++() {
    ++position_;
    ++*taken_;
    return *this;
  }
  bool operator==(const CountedBytes& other) const { return position_ == other.position_; }
  bool operator!=(const CountedBytes& other) const { return position_ != other.position_; }

 private:
  const char* position_;
  std::size_t* taken_;
};

/// "line L, column C" of the last of the `taken` first bytes; columns count characters.
std::string place(std::string_view text, std::size_t taken) {
  std::size_t line = 1, column = 0;
  for (const char byte : text.substr(0, taken)) {
    if (byte == '\n') {
      ++line;
      column = 0;
    } else if ((static_cast<unsigned char>(byte) & 0xC0U) != 0x80U) {
      ++column;
    }
  }
  return concat("line ", line, ", column ", column);
}

/// The library's message without its number and its idea of the place:
/// "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ...".
std::string_view reason(std::string_view message) {
  const auto skip = [&message](std::string_view end) {
    const std::size_t found = message.find(end);
    if (found != std::string_view::npos) message.remove_prefix(found + end.size());
  };
  skip("] ");
  if (message.starts_with("parse error at ")) skip(": ");
  return message;
}

/// Builds the document from the parser's events, and stops at what is not accepted.
class StrictBuilder final : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return stop("binary value"); }

  bool start_object(std::size_t) override { return open(Json::object()); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    const auto [member, is_new] = open_.back()->emplace(name, nullptr);
    member_ = &*member;
    return is_new || stop(concat("duplicate key \"", name, "\""));
  }

  bool parse_error(std::size_t, const std::string&, const Json::exception& error) override {
    return stop(reason(error.what()));
  }

  Json& document() { return document_; }
  const std::string& error() const { return error_; }

 private:
  Json& place_for_value() {
    if (open_.empty()) return document_;
    if (open_.back()->is_object()) return *member_;
    return open_.back()->emplace_back(nullptr);
  }
  bool add(Json value) {
    place_for_value() = std::move(value);
    return true;
  }
  bool open(Json container) {
    if (open_.size() == greatest_depth) {
      return stop(concat("nested deeper than ", greatest_depth, " levels"));
    }
    Json& added = place_for_value();
    added = std::move(container);
    open_.push_back(&added);
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }
  bool stop(std::string_view why) {
    error_ = why;
    return false;
  }

  Json document_;
  std::vector<Json*> open_;  // containers that are not closed yet, outermost first
  Json* member_ = nullptr;   // where the value of the last key belongs
  std::string error_;
};

template <typename Document>
std::string dump(const Document& document, bool one_line) {
  constexpr auto replace = Document::error_handler_t::replace;
  return one_line ? document.dump(-1, ' ', false, replace)
                  : document.dump(2, ' ', false, replace) + "\n";
}

}  // namespace

Json parse_json(std::string_view text, const std::filesystem::path& file) {
  const std::size_t nul = text.find('\0');  // the parser would take it for the end
  if (nul != std::string_view::npos) {
    throw Error(Status::malformed, file, concat(place(text, nul + 1), ": NUL byte"));
  }
  StrictBuilder builder;
  std::size_t taken = 0, unused = 0;
  const CountedBytes begin(text.data(), taken), end(text.data() + text.size(), unused);
  if (!Json::sax_parse(begin, end, &builder)) {
    throw Error(Status::malformed, file, concat(place(text, taken), ": ", builder.error()));
  }
  return std::move(builder.document());
}

Json read_json(const std::filesystem::path& file, std::size_t limit_bytes) {
  return parse_json(read_file(file, limit_bytes), file);
}

std::string to_text(const Json& document, bool one_line) { return dump(document, one_line); }

std::string to_text(const OrderedJson& document, bool one_line) { return dump(document, one_line); }

}  // namespace rppg::io
