/// How hard a synthetic data set is: one struct of knobs per preset.
#pragma once

#include <string>
#include <string_view>

#include "datasets/synthetic/body/body_traits.h"
#include "datasets/synthetic/scene/scene_traits.h"

namespace rppg::datasets {

/// The defaults are the preset "easy": one steady face, dull light, a pulse well above the noise.
struct Difficulty {
  std::string_view name = "easy";
  HeartTraits heart;
  FingerTraits finger;
  SceneTraits scene;
  CameraTraits camera;
  TimingTraits timing;
  FileTraits file;
};

/// "easy, hard, ..."
std::string difficulty_names();

/// Throws Error(usage) that lists the presets.
const Difficulty& find_difficulty(std::string_view name);

}  // namespace rppg::datasets
