#include "datasets/synthetic/scene/light.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rppg::datasets {
namespace {

/// White of a display (D65) before a camera that is balanced for lamps of about 5000 K: bluish.
constexpr Color display_white{0.78, 1, 1.26};
/// Where pictures on it differ between yellow and blue: the way from 5000 K to there.
constexpr Color yellow_to_blue{-0.85, 0, 1};

/// Daylight between an overcast and a blue sky: from CIE D65 to D120, in sRGB's primaries at equal
/// green, per change of blue.
constexpr Color white_to_blue{-0.44, 0, 1};

/// A stream of its own for each kind of change.
Random branch(const Random& random, std::uint64_t index) { return {random.bits(index), index}; }

}  // namespace

Light::Light(const Random& random, const SceneTraits& traits)
    : lamp_{random.uniform(13, -0.65, 0.65), random.uniform(14, 0.35, 0.75), 0.86},
      drift_(traits.light_drift.draw(random, 0)),
      unrest_(traits.light_unrest.draw(random, 1)),
      screen_(traits.screen_light.draw(random, 2)),
      contrast_(traits.screen_contrast),
      tint_(traits.screen_tint),
      hue_(traits.screen_hue),
      colour_(traits.light_colour.draw(random, 15)),
      slow_(branch(random, 3), {0.02, 0.15}, 0.5),
      quick_(branch(random, 4), {0.1, 4}, 0.7),
      blue_(branch(random, 16), {0.3, 4}, 0.5),
      scenes_(branch(random, 5), 0.8, 0.06),
      shadow_(traits.shadow.draw(random, 6)),
      edge_(branch(random, 7), {0.03, 0.6}, 0.5),
      turn_(traits.light_turn.draw(random, 8)),
      aside_(branch(random, 9), {0.02, 0.3}, 0.5),
      up_(branch(random, 10), {0.02, 0.3}, 0.5),
      flicker_(traits.flicker.draw(random, 11)),
      mains_hz_(random.uniform(12) < 0.8 ? 50 : 60) {}

double Light::flicker(double time_s) const {
  return 1 + flicker_ * std::sin(4 * std::numbers::pi * mains_hz_ * time_s);
}

float Illumination::shadow(double x) const {
  constexpr float softness = 0.35F;  // head units
  const float t = std::clamp((shadow_edge - static_cast<float>(x)) / softness + 0.5F, 0.0F, 1.0F);
  return t * t * (3 - 2 * t);
}

Color Light::lamp_level(double time_s) const {
  const double brightness = 1 + drift_ * slow_.at(time_s) / 2 + unrest_ * quick_.at(time_s);
  return Color{brightness, brightness, brightness} + white_to_blue * (colour_ * blue_.at(time_s));
}

Color Light::screen(double time_s) const {
  const double brightness = contrast_ * scenes_.at(time_s, 0);
  const double blueness = tint_ * (scenes_.at(time_s, 3) - scenes_.at(time_s, 1));
  Color light{};
  for (std::size_t c = 0; c < 3; ++c) {
    const double hue = 1 + hue_ * (2 * scenes_.at(time_s, 1 + c) - 1);
    light[c] = screen_ * (brightness * hue * display_white[c] + blueness * yellow_to_blue[c]);
  }
  return light;
}

Illumination Light::at(double time_s) const {
  Illumination light;
  light.lamp = lamp_level(time_s);
  light.screen = screen(time_s);
  light.lamp_shift = {turn_ * aside_.at(time_s), 0.5 * turn_ * up_.at(time_s), 0};
  light.shadow_depth = static_cast<float>(shadow_);
  light.shadow_edge = static_cast<float>(-0.7 + 0.5 * edge_.at(time_s));
  return light;
}

}  // namespace rppg::datasets
