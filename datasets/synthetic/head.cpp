#include "datasets/synthetic/head.h"

#include <algorithm>
#include <cmath>

namespace rppg::datasets {
namespace {

constexpr Color brow_color{0.045, 0.030, 0.022};
constexpr Color lip_tint{0.84, 0.58, 0.58};
constexpr Color eye_white{0.62, 0.60, 0.58};
constexpr Color iris_color{0.030, 0.022, 0.016};

/// sRGB code values to linear light.
Color linear(double r, double g, double b) {
  return {std::pow(r / 255, 2.2), std::pow(g / 255, 2.2), std::pow(b / 255, 2.2)};
}

Color mix(const Color& a, const Color& b, double share) {
  Color out{};
  for (std::size_t c = 0; c < 3; ++c) out[c] = a[c] + (b[c] - a[c]) * share;
  return out;
}

Color tinted(const Color& color, const Color& tint, double share) {
  return mix(color, {color[0] * tint[0], color[1] * tint[1], color[2] * tint[2]}, share);
}

/// 1 where value <= low, 0 where value >= high, smooth between.
double fade(double value, double low, double high) {
  const double t = std::clamp((value - low) / (high - low), 0.0, 1.0);
  return 1 - t * t * (3 - 2 * t);
}

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

/// Distance in units of the radii, 1 on the ellipsoid.
double radial(Point p, Point center, Point radii) {
  const Point q = p - center;
  return length({q.x / radii.x, q.y / radii.y, q.z / radii.z});
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

Point operator+(Point a, Point b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
Point operator-(Point a, Point b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
Point operator*(Point a, double factor) { return {a.x * factor, a.y * factor, a.z * factor}; }
double dot(Point a, Point b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
double length(Point a) { return std::sqrt(dot(a, a)); }
Point normalized(Point a) { return a * (1 / length(a)); }

Appearance draw_appearance(const Random& random, int index) {
  static const std::array<Color, skin_tones> skins{linear(246, 216, 198), linear(236, 196, 168),
                                                   linear(220, 174, 138), linear(196, 144, 106),
                                                   linear(164, 112, 80),  linear(132, 88, 66)};
  static const std::array<Color, 4> hairs{linear(38, 30, 26), linear(70, 48, 34),
                                          linear(104, 74, 50), linear(28, 26, 28)};
  static const std::array<Color, 5> cloths{linear(70, 88, 120), linear(120, 60, 64),
                                           linear(82, 84, 86), linear(74, 104, 84),
                                           linear(150, 150, 156)};
  static const std::array<Color, 4> walls{linear(168, 172, 174), linear(150, 158, 168),
                                          linear(176, 170, 158), linear(140, 146, 142)};
  const std::size_t tone = static_cast<std::size_t>(index) % skin_tones;
  Appearance a;
  a.skin = skins[tone];
  a.hair = tone >= 4 ? hairs[3] : hairs[random.integer(0, hairs.size())];
  a.clothes = cloths[random.integer(1, cloths.size())];
  a.wall = walls[random.integer(2, walls.size())];
  a.face_width = random.uniform(3, 0.95, 1.05);
  a.jaw_width = random.uniform(4, 0.94, 1.08);
  a.nose_length = random.uniform(5, 0.92, 1.08);
  a.eye_distance = random.uniform(6, 0.96, 1.04);
  a.hairline = random.uniform(7, -0.04, 0.06);
  return a;
}

double Head::skin_distance(Point p) const {
  constexpr double relief = 0.30;  // no feature stands out further
  const Point m = mirrored(p);
  const double width = appearance_.face_width;

  double d = ellipsoid(m, {0, 0.22, -0.12}, {0.70 * width, 0.78, 0.80});
  d = smooth_union(
      d, ellipsoid(m, {0, -0.34, 0.08}, {0.57 * width * appearance_.jaw_width, 0.68, 0.62}), 0.20);
  d = smooth_union(d, cone(m, {0, -0.70, -0.20}, {0, -1.60, -0.28}, 0.40, 0.46), 0.14);
  if (d > 2 * relief) return d - relief;
  const bool in_front = p.z > 0.15 && p.y > -1.35;
  if (in_front) return with_features(m, d);
  return smooth_union(d, ellipsoid(m, {0.71 * width, -0.02, -0.10}, {0.07, 0.19, 0.11}), 0.05);
}

double Head::with_features(Point m, double d) const {
  const double eye_x = 0.27 * appearance_.eye_distance;
  const double tip_y = -0.16 - 0.10 * appearance_.nose_length;
  d = smooth_union(d, ellipsoid(m, {0, -0.88, 0.44}, {0.17, 0.13, 0.16}), 0.22);
  d = smooth_union(d, ellipsoid(m, {0.36, -0.14, 0.42}, {0.19, 0.16, 0.18}), 0.16);
  d = smooth_union(d, ellipsoid(m, {0.22, 0.24, 0.56}, {0.20, 0.07, 0.10}), 0.12);
  d = smooth_difference(d, ellipsoid(m, {eye_x, 0.08, 0.82}, {0.19, 0.12, 0.20}), 0.10);
  d = smooth_union(d, ellipsoid(m, {eye_x, 0.07, 0.50}, {0.135, 0.115, 0.13}), 0.02);
  d = smooth_union(d, cone(m, {0, 0.14, 0.64}, {0, tip_y, 0.86}, 0.055, 0.095), 0.08);
  d = smooth_union(d, ellipsoid(m, {0.095, tip_y - 0.03, 0.77}, {0.075, 0.065, 0.10}), 0.05);
  d = smooth_union(d, ellipsoid(m, {0, -0.49, 0.60}, {0.15, 0.05, 0.10}), 0.12);
  return smooth_union(d, ellipsoid(m, {0, -0.59, 0.59}, {0.12, 0.06, 0.11}), 0.12);
}

double Head::hair_distance(Point p) const {
  const Point m = mirrored(p);
  const double cap = ellipsoid(m, {0, 0.30, -0.18}, {0.76 * appearance_.face_width, 0.80, 0.84});
  // Slanted from the forehead to behind the ears, lower at the temples, ragged.
  const double temples = 0.10 * fade(std::abs(m.x - 0.62), 0.0, 0.16);
  const double ragged = 0.012 * std::sin(41 * p.x) + 0.008 * std::sin(97 * p.x + 1);
  const double edge = 0.12 + appearance_.hairline + 0.85 * p.z - temples + ragged;
  const double below = (edge - p.y) * 0.6;
  return -smooth_union(-cap, -below, 0.03);
}

double Head::clothes_distance(Point p) const {
  const Point m = mirrored(p);
  const double torso = ellipsoid(m, {0, -2.15, -0.25}, {1.25, 0.95, 0.60});
  return smooth_union(torso, ellipsoid(m, {0.95, -1.85, -0.25}, {0.55, 0.45, 0.48}), 0.30);
}

double Head::distance(Point p) const {
  const double bound = length(p - Point{0, -0.1, 0}) - 1.45;
  const double clothes = clothes_distance(p);
  if (bound > 0.5) return std::min(bound, clothes);
  return std::min({skin_distance(p), hair_distance(p), clothes});
}

Surface Head::surface(Point p) const {
  const double skin_d = skin_distance(p);
  const double hair_d = hair_distance(p);
  const double clothes_d = clothes_distance(p);
  if (clothes_d < skin_d && clothes_d < hair_d) return {appearance_.clothes, 0, 0};
  if (hair_d < skin_d) {
    const double strands = std::sin(90 * p.x + 12 * p.y) * std::sin(37 * p.z + 53 * p.x);
    return {tinted(appearance_.hair, {1.15, 1.15, 1.15}, strands), 0, 0.02};
  }
  return skin(p);
}

Surface Head::skin(Point p) const {
  const Point m = mirrored(p);
  const double eye_x = 0.27 * appearance_.eye_distance;
  Surface s{appearance_.skin, 0.65, 0.03};

  const double cheek = fade(radial(m, {0.34, -0.22, 0.5}, {0.26, 0.24, 0.4}), 0.4, 1.2);
  const double forehead = fade(radial(m, {0, 0.50, 0.6}, {0.50, 0.24, 0.5}), 0.6, 1.2);
  s.pulsatility += 0.35 * std::max(cheek, forehead);
  s.albedo = tinted(s.albedo, {1.0, 0.90, 0.90}, cheek);
  const double neck = fade(p.y, -1.1, -0.9);
  s.pulsatility *= 1 - 0.5 * neck;

  if (p.z > 0.3) {
    const double socket = fade(radial(m, {eye_x, 0.09, 0.6}, {0.21, 0.14, 0.4}), 0.5, 1.25);
    s.albedo = tinted(s.albedo, {0.62, 0.55, 0.55}, socket);
    s.pulsatility *= 1 - 0.4 * socket;

    const double arch = 0.265 - 0.35 * (m.x - 0.30) * (m.x - 0.30);
    const double brow =
        fade(std::abs(p.y - arch), 0.022, 0.050) * fade(std::abs(m.x - 0.29), 0.15, 0.20);
    s.albedo = mix(s.albedo, mix(brow_color, appearance_.hair, 0.5), 0.85 * brow);
    s.pulsatility *= 1 - brow;

    const double nostril =
        fade(radial(m, {0.065, -0.20 - 0.10 * appearance_.nose_length, 0.80}, {0.045, 0.028, 0.2}),
             0.6, 1.2);
    s.albedo = tinted(s.albedo, {0.25, 0.2, 0.2}, nostril);

    const double lips = fade(radial(m, {0, -0.535, 0.68}, {0.22, 0.095, 0.4}), 0.7, 1.1);
    s.albedo = tinted(s.albedo, lip_tint, lips);
    s.gloss += 0.02 * lips;
    const double parting = fade(std::abs(p.y + 0.535), 0.004, 0.022) * fade(m.x, 0.17, 0.22);
    s.albedo = tinted(s.albedo, {0.20, 0.14, 0.14}, parting);

    const double opening = radial(m, {eye_x, 0.065, 0.62}, {0.125, 0.056, 0.4});
    const double eye = fade(opening, 0.88, 1.05);
    const double iris = fade(std::hypot(m.x - eye_x, p.y - 0.07), 0.048, 0.062);
    const double lashes = fade(std::abs(opening - 1.02), 0.06, 0.2) * fade(-p.y, -0.065, -0.05);
    s.albedo = mix(s.albedo, mix(eye_white, iris_color, iris), eye);
    s.albedo = tinted(s.albedo, {0.15, 0.13, 0.12}, lashes);
    s.pulsatility *= 1 - std::max(eye, lashes);
  }
  return s;
}

}  // namespace rppg::datasets
