// How data sets are named on the command line.
#include "data/dataset.h"

#include <optional>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace rppg::data {
namespace {

/// "0.2-0.8"; none when the text has another form.
std::optional<std::pair<double, double>> parse_range(std::string_view text) {
  const auto parts = split(text, '-');
  if (parts.size() != 2) return std::nullopt;
  const auto begin = parse_double(parts[0]);
  const auto end = parse_double(parts[1]);
  if (!begin || !end) return std::nullopt;
  return std::pair(*begin, *end);
}

}  // namespace

DatasetName parse_dataset_name(std::string_view text) {
  const auto fail = [text](std::string_view why) -> Error {
    return {Status::usage, concat("data set '", text, "': ", why,
                                  "; expected LAYOUT:PATH or LAYOUT:PATH@BEGIN-END, for example "
                                  "pure:/data/PURE@0-0.8")};
  };
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) throw fail("no layout");
  DatasetName name{.layout = std::string(text.substr(0, colon)), .path = {}};
  std::string_view path = text.substr(colon + 1);
  if (const auto at = path.rfind('@'); at != std::string_view::npos) {
    if (const auto range = parse_range(path.substr(at + 1))) {
      std::tie(name.begin, name.end) = *range;
      if (!(0 <= name.begin && name.begin < name.end && name.end <= 1)) {
        throw fail("the range must satisfy 0 <= BEGIN < END <= 1");
      }
      path = path.substr(0, at);
    }
  }
  if (path.empty()) throw fail("no path");
  name.path = path;
  return name;
}

}  // namespace rppg::data
