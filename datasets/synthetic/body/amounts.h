/// Named numbers of a struct, given as "name=value,name=value".
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/text.h"

namespace rppg::datasets {

/// One number that users may set, within [low, high].
template <typename Struct>
struct Amount {
  std::string_view name;
  double Struct::*member = nullptr;
  double low = 0;
  double high = 0;
  std::string_view meaning;
};

/// Sets what `text` names; "none" sets every amount to 0. Throws Error(usage) for names that are
/// not in the table and values out of range.
template <typename Struct>
void set_amounts(std::string_view option, std::string_view text,
                 std::span<const Amount<Struct>> table, Struct& target) {
  const auto refuse = [option](const auto&... why) {
    throw Error(Status::usage, concat(option, ": ", why...));
  };
  for (const std::string_view part : split(text, ',')) {
    if (part == "none") {
      for (const Amount<Struct>& amount : table) target.*amount.member = 0;
      continue;
    }
    const std::size_t equals = part.find('=');
    const std::string_view name = part.substr(0, equals);
    const Amount<Struct>* found = nullptr;
    std::string names;
    for (const Amount<Struct>& amount : table) {
      if (amount.name == name) found = &amount;
      names += concat(names.empty() ? "" : ", ", amount.name);
    }
    if (found == nullptr) refuse("'", name, "' is not known: there is none, ", names);
    const auto value =
        equals == std::string_view::npos ? std::nullopt : parse_double(part.substr(equals + 1));
    if (!value || !(*value >= found->low && *value <= found->high)) {
      refuse(name, " must be a number between ", found->low, " and ", found->high);
    }
    target.*found->member = *value;
  }
}

/// "name 0..1 (meaning), ..." for help texts.
template <typename Struct>
std::string describe(std::span<const Amount<Struct>> table) {
  std::string text;
  for (const Amount<Struct>& amount : table) {
    text += concat(text.empty() ? "" : ", ", amount.name, " ", amount.low, "..", amount.high, " (",
                   amount.meaning, ")");
  }
  return text;
}

}  // namespace rppg::datasets
