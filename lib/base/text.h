/// Text without locale: numbers, concatenation, escaping.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace rppg {

/// Shortest decimal text that reads back as the same double; "nan", "inf", "-inf" otherwise.
std::string format_number(double value);

/// value with a fixed number of decimals, for people; "-" when it is not finite.
std::string format_fixed(double value, int decimals);

/// The whole of text as a finite or non-finite double ("nan", "inf" are read); none if anything
/// else stands before or after the number. A leading '+' is accepted.
std::optional<double> parse_double(std::string_view text);

/// The whole of text as an integer; none on overflow or other characters.
std::optional<long long> parse_integer(std::string_view text);

/// text without leading and trailing ASCII white space.
std::string_view trim(std::string_view text);

/// The parts of text between separators; empty parts are kept.
std::vector<std::string_view> split(std::string_view text, char separator);

/// The parts of text between runs of ASCII white space; no part is empty.
std::vector<std::string_view> split_whitespace(std::string_view text);

/// text with control characters (and DEL) written as \n, \t, \r or \xNN, so that it is one line.
std::string escape_control(std::string_view text);

/// The candidate that is nearest to word (at most a third of its letters differ); empty if none.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

namespace detail {
template <typename T>
void append(std::string& out, const T& part) {
  if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    out += std::string_view(part);
  } else if constexpr (std::is_same_v<T, char>) {
    out += part;
  } else if constexpr (std::is_floating_point_v<T>) {
    out += format_number(static_cast<double>(part));
  } else {
    out += std::to_string(part);
  }
}
}  // namespace detail

/// The parts, one after the other: strings, characters, integers and floating-point numbers.
template <typename... Parts>
std::string concat(const Parts&... parts) {
  std::string out;
  (detail::append(out, parts), ...);
  return out;
}

}  // namespace rppg
