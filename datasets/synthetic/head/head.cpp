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

double Head::skull_distance(Point m) const {
  return ellipsoid(m, {0, 0.22, -0.12}, {0.72 * appearance_.face_width, 0.78, 0.80});
}

double Head::ear_distance(Point p) const {
  return ellipsoid(mirrored(p), {0.73 * appearance_.face_width, -0.02, -0.10}, {0.07, 0.19, 0.11});
}

double Head::skin_distance(Point p) const {
  constexpr double relief = 0.30;  // no feature stands out further
  const Point m = mirrored(p);
  const double width = appearance_.face_width;

  double d = skull_distance(m);
  d = smooth_union(
      d, ellipsoid(m, {0, -0.32, 0.08}, {0.60 * width * appearance_.jaw_width, 0.66, 0.62}), 0.20);
  d = smooth_union(d, neck_distance(p), 0.10);
  if (d > 2 * relief) return d - relief;
  const bool in_front = p.z > 0.15 && p.y > -1.35;
  if (in_front) return with_features(m, d);
  return smooth_union(d, ear_distance(m), 0.05);
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
  const bool parted = appearance_.hair_style == HairStyle::parted;
  const double sweep = parted ? 0.10 * std::sin(2.2 * p.x + 0.5) * std::max(0.0, p.z) : 0;
  const double recess = 0.10 * ramp(m.x, 0.08, 0.45);
  const double forehead = 0.94 * (p.y - 0.46 - appearance_.hairline - 0.30 * p.z - recess - sweep);
  // From the temple down to the whiskers, which end before the ear; from there to the nape.
  const double temple = 0.94 * (0.26 + 0.355 * (p.y - 0.35) - p.z);
  const double nape = 0.74 * (p.y + 0.10 - 0.9 * p.z);
  const double above = -smooth_union(-forehead, -temple, 0.10);
  return smooth_union(above, nape, 0.04);
}

double Head::hair_distance(Point p) const {
  const Point m = mirrored(p);
  const double reach = hair_reach(p);
  // Thin at the hairline, full behind it; stands up over the forehead.
  const bool cropped = appearance_.hair_style == HairStyle::cropped;
  const double raised = 0.08 * ramp(p.y, 0.55, 0.95) * ramp(p.z, -0.2, 0.4);
  const double full = appearance_.hair_volume * (cropped ? 0.055 : 0.125 + raised);
  const double uneven = 1 + 0.35 * fractal_noise(p * 3.5, 2, appearance_.detail + 50);
  const double above_ears = 0.3 + 0.7 * ramp(p.y, 0.10, 0.45);
  const double thickness = full * uneven * above_ears * ramp(reach, -0.03, 0.15) - 0.01;
  const double top = 0.85 * (skull_distance(m) - thickness);
  if (appearance_.hair_style != HairStyle::long_hair) return top;
  // Falls beside and behind the neck.
  const double wave =
      0.03 * fractal_noise({3 * p.x, 1.6 * p.y, 3 * p.z}, 2, appearance_.detail + 51);
  const double fall = cone(m, {0.46, 0.25, -0.22}, {0.52, -1.36, -0.08}, 0.35, 0.13);
  const double behind = ellipsoid(m, {0, -0.45, -0.55}, {0.66, 1.0, 0.40});
  return smooth_union(top, smooth_union(fall, behind, 0.15) - wave, 0.12);
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
  const double joint = 0.04 + 0.10 * ramp(-p.y, 0.6, 0.9);  // hair lies against the neck
  return smooth_union(skin_distance(p), hair_distance(p), joint);
}

}  // namespace rppg::datasets
