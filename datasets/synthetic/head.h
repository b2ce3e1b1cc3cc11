/// Head and shoulders of a synthetic subject: a solid in three dimensions, and what covers it.
#pragma once

#include <array>

#include "base/random.h"

namespace rppg::datasets {

/// Point or direction in head units: half the height of the face is about 1; x to the right of the
/// image and y up when the face looks into the camera, z towards the camera.
struct Point {
  double x = 0;
  double y = 0;
  double z = 0;
};

Point operator+(Point a, Point b);
Point operator-(Point a, Point b);
Point operator*(Point a, double factor);
double dot(Point a, Point b);
double length(Point a);
Point normalized(Point a);

/// Linear light, R, G, B in 0..1.
using Color = std::array<double, 3>;

/// What tells one subject from another.
struct Appearance {
  Color skin{};
  Color hair{};
  Color clothes{};
  Color wall{};
  double face_width = 1;  ///< factors around 1
  double jaw_width = 1;
  double nose_length = 1;
  double eye_distance = 1;
  double hairline = 0;  ///< shift upwards, head units
};

/// Number of skin tones, after Fitzpatrick's six types.
inline constexpr int skin_tones = 6;

/// Subject `index` of a data set; the tones take turns so that small sets have all of them.
Appearance draw_appearance(const Random& random, int index);

/// Surface colour and blood supply at one point.
struct Surface {
  Color albedo{};
  double pulsatility = 0;  ///< 0 (hair, cloth, eyes) .. 1 (cheeks, forehead)
  double gloss = 0;        ///< share of mirror-like reflection, which carries no pulse
};

/// The solid, as a signed distance function (spheres, ellipsoids and cones blended smoothly).
class Head {
 public:
  explicit Head(const Appearance& appearance) : appearance_(appearance) {}

  /// Lower bound of the distance to the surface; negative inside.
  double distance(Point p) const;
  /// Material at a point of the surface.
  Surface surface(Point p) const;

 private:
  double skin_distance(Point p) const;
  /// d with nose, eyes, lips and so on; m = mirrored point on the front half.
  double with_features(Point m, double d) const;
  double hair_distance(Point p) const;
  double clothes_distance(Point p) const;
  Surface skin(Point p) const;

  Appearance appearance_;
};

}  // namespace rppg::datasets
