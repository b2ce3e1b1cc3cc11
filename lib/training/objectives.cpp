#include "training/objectives.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/text.h"

namespace rppg::training {
namespace {

template <class Items, class Name>
std::string names_of(const Items& items, Name name) {
  std::string names;
  for (const auto& item : items) names += concat(names.empty() ? "" : ", ", name(item));
  return names;
}

}  // namespace

std::span<const ObjectiveEntry> objective_entries() {
  static const std::array entries{
      ObjectiveEntry{"supervised",
                     "distance to the contact PPG",
                     {"mse", "negative-pearson"},
                     make_supervised},
      ObjectiveEntry{"lq",
                     "LQ-rPPG: quantised contact PPG at every level of the coarse-to-fine network",
                     {quantized_loss, "band-passed", "raw"},
                     make_lq},
  };
  return entries;
}

const ObjectiveEntry& find_objective(std::string_view name) {
  const auto entries = objective_entries();
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const ObjectiveEntry& entry) { return entry.name == name; });
  if (found != entries.end()) return *found;
  throw Error(Status::usage, concat("unknown objective '", name, "'; one of ",
                                    names_of(entries, [](const auto& e) { return e.name; })));
}

std::string_view find_loss(const ObjectiveEntry& entry, std::string_view loss) {
  if (loss.empty()) return entry.losses.front();
  if (std::find(entry.losses.begin(), entry.losses.end(), loss) != entry.losses.end()) return loss;
  throw Error(Status::usage,
              concat("objective ", entry.name, " has no loss '", loss, "'; one of ",
                     names_of(entry.losses, [](std::string_view each) { return each; })));
}

}  // namespace rppg::training
