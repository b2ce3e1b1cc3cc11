#include "datasets/synthetic/head/head.h"

#include <algorithm>
#include <cmath>

namespace rppg::datasets {
namespace {

double smooth_union(double a, double b, double radius) {
  const double h = std::max(radius - std::abs(a - b), 0.0) / radius;
  return std::min(a, b) - h * h * radius / 4;
}

double smooth_difference(double solid, double hole, double radius) {
  return -smooth_union(-solid, hole, radius);
}

double ellipsoid(Point p, Point center, Point radii) {
  const Point inverse{1 / radii.x, 1 / radii.y, 1 / radii.z};
  const Point q = p - center;
  const Point a{q.x * inverse.x, q.y * inverse.y, q.z * inverse.z};
  const double outer = length(a);
  const double inner = length({a.x * inverse.x, a.y * inverse.y, a.z * inverse.z});
  return inner > 0 ? outer * (outer - 1) / inner : -std::min({radii.x, radii.y, radii.z});
}

/// Segment whose thickness goes from radius_a to radius_b.
double cone(Point p, Point a, Point b, double radius_a, double radius_b) {
  const Point axis = b - a;
  const double t = std::clamp(dot(p - a, axis) / dot(axis, axis), 0.0, 1.0);
  return length(p - (a + axis * t)) - (radius_a + (radius_b - radius_a) * t);
}

/// The half of the head that all features are modelled on.
Point mirrored(Point p) { return {std::abs(p.x), p.y, p.z}; }

}  // namespace

double Head::neck_distance(Point p) const {
  return cone(mirrored(p), {0, -0.70, -0.20}, {0, -1.60, -0.28}, 0.385, 0.44);
}

double Head::skin_distance(Point p) const {
  constexpr double relief = 0.30;  // no feature stands out further
  const Point m = mirrored(p);
  const double width = appearance_.face_width;

  double d = ellipsoid(m, {0, 0.22, -0.12}, {0.72 * width, 0.78, 0.80});
  d = smooth_union(
      d, ellipsoid(m, {0, -0.32, 0.08}, {0.60 * width * appearance_.jaw_width, 0.66, 0.62}), 0.20);
  d = smooth_union(d, neck_distance(p), 0.10);
  if (d > 2 * relief) return d - relief;
  const bool in_front = p.z > 0.15 && p.y > -1.35;
  if (in_front) return with_features(m, d);
  return smooth_union(d, ellipsoid(m, {0.73 * width, -0.02, -0.10}, {0.07, 0.19, 0.11}), 0.05);
}

double Head::with_features(Point m, double d) const {
  const double tip_y = nose_tip_y();
  const double wing = 0.095 * appearance_.nose_width;
  const double lips = appearance_.lips;
  d = smooth_union(d, ellipsoid(m, {0, -0.86, 0.46}, {0.18, 0.12, 0.16}), 0.22);
  d = smooth_union(d, ellipsoid(m, {0.36, -0.14, 0.42}, {0.19, 0.16, 0.18}), 0.16);
  d = smooth_union(d, ellipsoid(m, {0.20, 0.24, 0.56}, {0.20, 0.06, 0.11}), 0.12);
  d = smooth_difference(d, ellipsoid(m, {eye_x(), 0.09, 0.84}, {0.17, 0.10, 0.20}), 0.12);
  d = smooth_union(d, ellipsoid(m, {eye_x(), 0.065, 0.52}, {0.135, 0.11, 0.13}), 0.03);
  d = smooth_union(d, cone(m, {0, 0.14, 0.64}, {0, tip_y, 0.85}, 0.050, 0.085), 0.09);
  d = smooth_union(d, ellipsoid(m, {wing, tip_y - 0.02, 0.75}, {0.060, 0.058, 0.10}), 0.06);
  d = smooth_union(d, ellipsoid(m, {0, -0.485, 0.59}, {0.16, 0.045 * lips, 0.11}), 0.10);
  d = smooth_union(d, ellipsoid(m, {0, -0.595, 0.59}, {0.13, 0.055 * lips, 0.11}), 0.10);
  return smooth_difference(d, ellipsoid(m, {0, mouth_y, 0.74}, {0.19, 0.012, 0.06}), 0.04);
}

double Head::hair_reach(Point p) const {
  const Point m = mirrored(p);
  // Slanted from the forehead to behind the ears, lower at the temples.
  const double temples = 0.16 * std::max(0.0, 1 - std::abs(m.x - 0.62) / 0.14);
  const bool parted = appearance_.hair_style == HairStyle::parted;
  const double sweep = parted ? 0.16 * std::sin(2.2 * p.x + 0.5) * std::max(0.0, p.z) : 0;
  const double edge = 0.22 + appearance_.hairline + 0.85 * p.z - temples + sweep;
  return (p.y - edge) * 0.76;
}

double Head::hair_distance(Point p) const {
  const Point m = mirrored(p);
  const bool cropped = appearance_.hair_style == HairStyle::cropped;
  const double volume = cropped ? 0.025 : 0.08;
  const double cap =
      ellipsoid(m, {0, 0.26 + 0.6 * volume, -0.15},
                {0.72 * appearance_.face_width + volume, 0.78 + volume, 0.80 + volume});
  const double top = -smooth_union(-cap, hair_reach(p) + 0.02, 0.06);
  if (appearance_.hair_style != HairStyle::long_hair) return top;
  // Falls beside and behind the neck.
  const double fall = cone(m, {0.46, 0.25, -0.22}, {0.52, -1.35, -0.16}, 0.36, 0.22);
  const double behind = ellipsoid(m, {0, -0.45, -0.55}, {0.66, 1.0, 0.40});
  return smooth_union(top, smooth_union(fall, behind, 0.15), 0.12);
}

double Head::hair_lead(Point p) const { return skin_distance(p) - hair_distance(p); }

double Head::clothes_distance(Point p) const {
  const Point m = mirrored(p);
  const double chest = ellipsoid(m, {0, -2.22, -0.25}, {1.12, 1.04, 0.58});
  const double shoulder = ellipsoid(m, {1.00, -1.92, -0.25}, {0.52, 0.44, 0.44});
  const double trunk = cone(m, {0.45, -2.3, -0.25}, {0.42, -5, -0.25}, 0.58, 0.60);
  const double arm = cone(m, {1.16, -2.05, -0.25}, {1.34, -5, -0.15}, 0.38, 0.34);
  const double nape = cone(m, {0.26, -1.22, -0.34}, {0.95, -1.66, -0.30}, 0.16, 0.24);
  const double upper = smooth_union(smooth_union(chest, shoulder, 0.36), nape, 0.16);
  return smooth_union(smooth_union(upper, trunk, 0.3), arm, 0.14);
}

double Head::distance(Point p) const {
  const double bound = length(p - Point{0, -0.35, -0.1}) - 1.75;
  if (bound > 0.3) return bound;
  return std::min(skin_distance(p), hair_distance(p));
}

}  // namespace rppg::datasets
