/// What tells one synthetic subject from another.
#pragma once

#include <cstdint>

#include "base/random.h"
#include "datasets/synthetic/head/colour.h"
#include "datasets/synthetic/head/skin.h"

namespace rppg::datasets {

enum class HairStyle { cropped, parted, long_hair };

struct Appearance {
  Pigment skin;
  double freckles = 0;  ///< 0 none .. 1 many
  double lines = 0;     ///< 0 smooth .. 1 deep folds
  HairStyle hair_style = HairStyle::parted;
  Color hair{};
  double beard = 0;  ///< 0 shaven, 0.4 stubble, 1 full
  bool glasses = false;
  Color iris{};
  Color clothes{};
  Color wall{};
  double face_width = 1;  ///< factors around 1
  double jaw_width = 1;
  double nose_length = 1;
  double nose_width = 1;
  double eye_distance = 1;
  double lips = 1;
  double brows = 1;
  double hairline = 0;  ///< shift upwards, head units
  double hair_volume = 1;
  std::uint64_t detail = 0;  ///< seed of everything fine
};

/// Number of skin tones: Fitzpatrick's six types.
inline constexpr int skin_tones = 6;

/// tone: 0 (Fitzpatrick I) .. 5 (VI).
Appearance draw_appearance(const Random& random, int tone);

}  // namespace rppg::datasets
