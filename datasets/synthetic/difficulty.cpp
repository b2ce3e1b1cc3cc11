#include "datasets/synthetic/difficulty.h"

#include <array>
#include <string>

#include "base/error.h"
#include "base/text.h"

namespace rppg::datasets {
namespace {

constexpr std::array<Difficulty, 1> presets{};

}  // namespace

const Difficulty& find_difficulty(std::string_view name) {
  std::string names;
  for (const Difficulty& difficulty : presets) {
    if (difficulty.name == name) return difficulty;
    names += concat(names.empty() ? "" : ", ", difficulty.name);
  }
  throw Error(Status::usage, concat("difficulty '", name, "': not known: there is ", names));
}

}  // namespace rppg::datasets
