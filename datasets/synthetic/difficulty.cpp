#include "datasets/synthetic/difficulty.h"

#include <array>
#include <string>

#include "base/error.h"
#include "base/text.h"
#include "datasets/synthetic/body/body_presets.h"
#include "datasets/synthetic/scene/scene_presets.h"

namespace rppg::datasets {
namespace {

constexpr Difficulty join(std::string_view name, const body::Body& body,
                          const picture::Picture& picture) {
  return {.name = name,
          .heart = body.heart,
          .finger = body.finger,
          .scene = picture.scene,
          .camera = picture.camera,
          .timing = body.timing,
          .file = body.file};
}

constexpr std::array presets{Difficulty{},
                             join("realistic", body::realistic, picture::realistic),
                             join("hard", body::hard, picture::hard),
                             join("ubfc-like", body::ubfc_like, picture::ubfc_like),
                             join("pure-like", body::pure_like, picture::pure_like),
                             join("mcd-like", body::mcd_like, picture::mcd_like)};

}  // namespace

std::string difficulty_names() {
  std::string names;
  for (const Difficulty& difficulty : presets) {
    names += concat(names.empty() ? "" : ", ", difficulty.name);
  }
  return names;
}

const Difficulty& find_difficulty(std::string_view name) {
  for (const Difficulty& difficulty : presets) {
    if (difficulty.name == name) return difficulty;
  }
  throw Error(Status::usage,
              concat("difficulty '", name, "': not known: there is ", difficulty_names()));
}

}  // namespace rppg::datasets
