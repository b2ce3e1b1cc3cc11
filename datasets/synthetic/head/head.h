/// Head and shoulders of a synthetic subject as solids in three dimensions.
#pragma once

#include "datasets/synthetic/head/appearance.h"
#include "datasets/synthetic/head/point.h"

namespace rppg::datasets {

/// Height of the line where the lips meet, and half the height of the gap that opens there.
inline constexpr double mouth_y = -0.535;
inline constexpr double mouth_gap = 0.005;

/// Signed distance functions of ellipsoids and cones blended smoothly: lower bounds of the distance
/// to the surface, negative inside.
class Head {
 public:
  explicit Head(const Appearance& appearance) : appearance_(appearance) {}

  /// Skin and hair.
  double distance(Point p) const;
  double clothes_distance(Point p) const;
  /// How far p lies beyond the hairline, towards the crown.
  double hair_reach(Point p) const;
  /// How far hair stands out above skin; negative where it does not.
  double hair_lead(Point p) const;
  double neck_distance(Point p) const;
  double ear_distance(Point p) const;
  /// The eye's centre for the half where x > 0.
  double eye_x() const { return 0.27 * appearance_.eye_distance; }
  double nose_tip_y() const { return -0.16 - 0.10 * appearance_.nose_length; }

 private:
  double skull_distance(Point m) const;
  double skin_distance(Point p) const;
  /// d with nose, eyes, lips and so on; m = mirrored point on the front half.
  double with_features(Point m, double d) const;
  double hair_distance(Point p) const;

  Appearance appearance_;
};

}  // namespace rppg::datasets
