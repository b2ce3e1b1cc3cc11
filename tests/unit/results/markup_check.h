/// Whether elements of SVG or HTML text are closed in order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rppg::test {

/// "" for well-formed text, else the first element that is not closed in its place.
inline std::string unbalanced_element(std::string_view text) {
  std::vector<std::string> open;
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const std::size_t end = text.find('>', at);
    if (end == std::string_view::npos) return "unfinished tag";
    const std::string_view tag = text.substr(at + 1, end - at - 1);
    const bool closing = tag.starts_with('/');
    const std::string name(
        tag.substr(closing ? 1 : 0, tag.find_first_of(" \n/", 1) - (closing ? 1 : 0)));
    const bool has_no_content = tag.ends_with('/') || name == "meta" || name == "!DOCTYPE";
    if (closing) {
      if (open.empty() || open.back() != name) return name;
      open.pop_back();
    } else if (!has_no_content) {
      open.push_back(name);
    }
  }
  return open.empty() ? "" : open.back();
}

}  // namespace rppg::test
