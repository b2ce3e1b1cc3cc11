#include "datasets/synthetic/head/appearance.h"

#include <array>

#include "datasets/synthetic/scene/scene_traits.h"

namespace rppg::datasets {

Appearance draw_appearance(const Random& random, int tone) {
  // Volume shares of melanosomes: fair 1.3-6 %, medium 11-16 %, dark 18-43 % (Jacques, OMLC News
  // 1998); cast on six types.
  static constexpr std::array<Range, skin_tones> melanin{
      {{0.013, 0.02}, {0.025, 0.035}, {0.05, 0.07}, {0.09, 0.12}, {0.15, 0.19}, {0.24, 0.32}}};
  static const std::array<Color, 5> hairs{from_srgb(46, 34, 27), from_srgb(74, 52, 36),
                                          from_srgb(148, 114, 76), from_srgb(30, 27, 26),
                                          from_srgb(146, 142, 138)};
  static const std::array<Color, 4> irises{from_srgb(84, 56, 36), from_srgb(96, 84, 52),
                                           from_srgb(96, 116, 132), from_srgb(104, 120, 96)};
  static const std::array<Color, 6> cloths{from_srgb(56, 68, 98),    from_srgb(112, 48, 52),
                                           from_srgb(62, 64, 68),    from_srgb(58, 84, 68),
                                           from_srgb(186, 188, 192), from_srgb(34, 36, 42)};
  static const std::array<Color, 4> walls{from_srgb(196, 196, 192), from_srgb(176, 184, 190),
                                          from_srgb(204, 196, 180), from_srgb(168, 172, 164)};
  const bool dark = tone >= 4;
  const bool woman = random.uniform(20) < 0.45;
  Appearance a;
  a.skin = {melanin[static_cast<std::size_t>(tone)].draw(random, 0),
            random.uniform(1, 0.020, 0.034)};
  a.freckles = tone < 3 ? random.uniform(2, -0.6, 1) : 0;
  a.lines = random.uniform(3);
  a.hair_style = woman ? (random.uniform(4) < 0.7 ? HairStyle::long_hair : HairStyle::parted)
                       : (random.uniform(4) < 0.5 ? HairStyle::cropped : HairStyle::parted);
  a.hair = dark ? hairs[3] : hairs[random.integer(5, hairs.size())];
  a.beard = woman ? 0 : random.uniform(6, -0.5, 1);
  a.glasses = random.uniform(7) < 0.3;
  a.iris = dark ? irises[0] : irises[random.integer(8, irises.size())];
  a.clothes = cloths[random.integer(9, cloths.size())];
  a.wall = walls[random.integer(10, walls.size())];
  a.face_width = random.uniform(11, 0.95, 1.04);
  a.jaw_width = random.uniform(12, woman ? 0.88 : 0.94, woman ? 0.97 : 1.06);
  a.nose_length = random.uniform(13, 0.92, 1.08);
  a.nose_width = random.uniform(14, 0.9, 1.1) * (dark ? 1.2 : 1);
  a.eye_distance = random.uniform(15, 0.96, 1.04);
  a.lips = random.uniform(16, 0.85, 1.1) * (dark ? 1.25 : 1) * (woman ? 1.1 : 1);
  a.brows = random.uniform(17, 0.8, 1.2) * (woman ? 0.8 : 1.1);
  a.hairline = random.uniform(18, -0.04, 0.06);
  a.hair_volume = random.uniform(21, 0.75, 1.25);
  a.detail = random.bits(19);
  return a;
}

}  // namespace rppg::datasets
