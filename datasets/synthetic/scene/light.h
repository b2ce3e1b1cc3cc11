/// How the light on a synthetic subject changes.
#pragma once

#include "datasets/synthetic/head/colour.h"
#include "datasets/synthetic/head/point.h"
#include "datasets/synthetic/scene/scene_traits.h"
#include "datasets/synthetic/scene/wander.h"

namespace rppg::datasets {

/// Strengths at one time, in linear light; the steady lamp and the sky sum up to about 1.
struct Illumination {
  Color lamp{1, 1, 1};     ///< factors on lamp and sky
  Color screen{};          ///< from the front, less the steady part
  Point lamp_shift;        ///< added to the lamp's direction
  float shadow_depth = 0;  ///< share of the lamp that a shadow takes
  float shadow_edge = 0;   ///< the shadow lies left of this x, head units

  /// 1 in the shadow, 0 outside, soft between.
  float shadow(double x) const;
};

/// The light of one sitting; all cameras see the same one.
class Light {
 public:
  Light(const Random& random, const SceneTraits& traits);

  Illumination at(double time_s) const;
  /// Factor by which lamps on the mains flicker, at twice their frequency.
  double flicker(double time_s) const;
  /// Towards the lamp, at rest.
  Point lamp() const { return lamp_; }

 private:
  Color lamp_level(double time_s) const;
  Color screen(double time_s) const;

  Point lamp_;
  double drift_;
  double unrest_;
  double screen_;
  double contrast_;
  double tint_;
  double hue_;
  double colour_;
  Wander slow_;
  Wander quick_;
  Wander blue_;
  Steps scenes_;
  double shadow_;
  Wander edge_;
  double turn_;
  Wander aside_, up_;
  double flicker_;
  double mains_hz_;
};

}  // namespace rppg::datasets
