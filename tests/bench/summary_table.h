/// A table of how statistics are distributed over sets of things, for docs/synthetic.md.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "base/text.h"

namespace rppg::bench {

/// Lowest, quartiles, highest; the value itself where there is only one.
inline std::string summary(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto shown = [](double value) { return format_fixed(value, std::abs(value) < 10 ? 3 : 1); };
  if (values.size() == 1) return shown(values[0]);
  std::string text;
  for (const double place : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const double at = place * static_cast<double>(values.size() - 1);
    const auto i = static_cast<std::size_t>(at);
    const double next = values[std::min(i + 1, values.size() - 1)];
    text +=
        concat(text.empty() ? "" : "  ", shown(std::lerp(values[i], next, at - std::floor(at))));
  }
  return text;
}

/// A row per statistic (with members name and of), a column per set; `names` are those of the sets.
template <class Thing, class Statistics>
void print_summaries(std::span<const char* const> names,
                     const std::vector<std::vector<Thing>>& sets, const Statistics& statistics) {
  std::string header = "| statistic (lowest, quartiles, highest) |", rule = "|---|";
  for (std::size_t i = 0; i < sets.size(); ++i) {
    header += concat(" ", names[i], ", n = ", sets[i].size(), " |");
    rule += "---|";
  }
  std::printf("%s\n%s\n", header.c_str(), rule.c_str());
  for (const auto& statistic : statistics) {
    std::string row = concat("| ", statistic.name, " |");
    for (const std::vector<Thing>& set : sets) {
      std::vector<double> values;
      for (const Thing& thing : set) values.push_back(statistic.of(thing));
      row += concat(" ", summary(std::move(values)), " |");
    }
    std::printf("%s\n", row.c_str());
  }
}

}  // namespace rppg::bench
