#include "datasets/synthetic/head/complexion.h"

#include <algorithm>
#include <cmath>

namespace rppg::datasets {
namespace {

Point mirrored(Point p) { return {std::abs(p.x), p.y, p.z}; }

/// 1 at the centre of an ellipse, 0 beyond `outer` times its radii, smooth between.
double spot(Point p, Point center, Point radii, double inner, double outer) {
  const Point q = p - center;
  return 1 - ramp(length({q.x / radii.x, q.y / radii.y, q.z / radii.z}), inner, outer);
}

/// 1 on the segment, 0 beyond `width` from it.
double stroke(Point p, Point a, Point b, double width) {
  const Point axis = b - a;
  const double t = std::clamp(dot(p - a, axis) / dot(axis, axis), 0.0, 1.0);
  return 1 - ramp(length(p - (a + axis * t)), 0, width);
}

void cover(Paint& paint, const Color& color, double share) {
  paint.albedo = mix(paint.albedo, color, share);
  paint.pulse *= 1 - share;
}

void shade(Paint& paint, const Color& factor, double share) {
  paint.albedo = paint.albedo * mix({1, 1, 1}, factor, share);
}

}  // namespace

Complexion::Complexion(const Appearance& appearance, const SkinPalette& palette)
    : head_(appearance), look_(appearance), palette_(palette) {}

Paint Complexion::paint(Point p, double lids) const {
  const double hair = hair_share(p);
  if (hair > 0.97) return {strands(p, look_.hair), 0};
  Paint paint{palette_(pigment(p)), 1};
  // Pores and fine relief.
  const double pores = value_noise(p * 90, look_.detail + 11);
  const double relief = fractal_noise(p * 28, 2, look_.detail + 12);
  const Point m = mirrored(p);
  // Ears let light through; temples are hollow.
  const double ear = 1 - ramp(head_.ear_distance(p), 0.0, 0.04);
  const double temple = spot(m, {0.62, 0.28, 0.25}, {0.15, 0.32, 0.35}, 0.3, 1.3);
  paint.albedo = paint.albedo * (1 + 0.035 * pores + 0.045 * relief + 0.20 * ear - 0.25 * temple);
  if (p.z > 0.2) {
    add_folds(p, paint);
    add_lips(p, paint);
    add_beard(p, paint);
    add_brows(p, paint);
    add_eyes(p, lids, paint);
  } else {
    add_beard(p, paint);
  }
  if (hair > 0) cover(paint, strands(p, look_.hair), hair);
  return paint;
}

Pigment Complexion::pigment(Point p) const {
  const Point m = mirrored(p);
  const double eye_x = head_.eye_x();
  Pigment pigment = look_.skin;
  const double cheek = spot(m, {0.36, -0.22, 0.5}, {0.26, 0.22, 0.4}, 0.2, 1.4);
  const double nose = spot(m, {0, head_.nose_tip_y(), 0.85}, {0.13, 0.13, 0.2}, 0.2, 1.3);
  const double ear = spot(m, {0.72, -0.02, -0.1}, {0.12, 0.22, 0.16}, 0.6, 1.1);
  const double socket = spot(m, {eye_x, 0.05, 0.6}, {0.20, 0.15, 0.4}, 0.3, 1.2);
  const double blotches = fractal_noise(p * 5, 3, look_.detail + 1);
  const double fine = fractal_noise(p * 16, 2, look_.detail + 2);
  pigment.blood *= 1 + 0.9 * cheek + 0.8 * nose + 0.9 * ear + 0.30 * blotches + 0.2 * fine;
  pigment.melanin *=
      1 + 0.30 * socket + 0.10 * blotches + 0.12 * fractal_noise(p * 9, 2, look_.detail + 3);
  pigment.blood *= 1 + 0.5 * socket;
  if (look_.freckles > 0) {
    const double dots =
        value_noise(p * 34, look_.detail + 4) + 0.5 * value_noise(p * 11, look_.detail + 5);
    const double where = std::max(cheek, nose) * 0.8 + 0.2;
    pigment.melanin *= 1 + 2.0 * look_.freckles * where * ramp(dots, 0.55, 1.0);
  }
  const double mole = value_noise(p * 7, look_.detail + 6);
  pigment.melanin *= 1 + 1.5 * ramp(mole, 0.95, 0.99);
  return pigment;
}

double Complexion::perfusion(Point p) const {
  const Point m = mirrored(p);
  const double cheek = spot(m, {0.34, -0.22, 0.5}, {0.28, 0.26, 0.4}, 0.3, 1.4);
  const double forehead = spot(m, {0, 0.50, 0.6}, {0.50, 0.26, 0.5}, 0.5, 1.3);
  const double neck = 1 - ramp(p.y, -1.1, -0.9);
  const double uneven = 0.15 * fractal_noise(p * 3, 2, look_.detail + 20);
  const double base = 0.62 + 0.38 * std::max(cheek, forehead) + uneven;
  return base * (1 - 0.45 * neck);
}

double Complexion::gloss(Point p) const {
  const Point m = mirrored(p);
  const double forehead = spot(m, {0, 0.45, 0.6}, {0.45, 0.26, 0.5}, 0.3, 1.4);
  const double nose = spot(m, {0, -0.1, 0.75}, {0.12, 0.28, 0.3}, 0.3, 1.3);
  const double cheek = spot(m, {0.33, -0.08, 0.55}, {0.16, 0.12, 0.3}, 0.3, 1.4);
  const double hair = ramp(std::max(head_.hair_reach(p), head_.hair_lead(p)), -0.02, 0.04);
  return (0.35 + 0.65 * std::max({0.7 * forehead, nose, 0.8 * cheek})) * (1 - 0.6 * hair);
}

bool Complexion::on_face(Point p) const {
  return p.y > -1.02 && p.y < 0.42 && p.z > 0 && head_.hair_reach(p) < 0;
}

double Complexion::beard(Point p) const {
  if (look_.beard <= 0) return 0;
  const Point m = mirrored(p);
  const double edge = 0.05 * fractal_noise(p * 14, 2, look_.detail + 7);
  const double jaw = 1 - ramp(p.y + 0.42 - 0.75 * (m.x - 0.28) + edge, -0.06, 0.06);
  const double moustache = spot(m, {0, -0.42, 0.68}, {0.23, 0.065, 0.3}, 0.7, 1.15);
  const double below = ramp(p.y + edge, -1.22, -1.02);
  return std::max(jaw * ramp(p.z, -0.25, -0.05), moustache) * below;
}

void Complexion::add_beard(Point p, Paint& paint) const {
  const double area = beard(p);
  if (area <= 0) return;
  const double lip = spot(p, {0, mouth_y, 0.7}, {0.20, 0.075, 0.4}, 0.8, 1.05);
  const double hairs = 0.5 + 0.5 * value_noise({p.x * 75, p.y * 30, p.z * 75}, look_.detail + 8);
  const double full = ramp(look_.beard, 0.45, 0.9);
  const double thickness = 0.45 * look_.beard + full * (0.35 + 0.30 * hairs) + 0.15 * hairs;
  cover(paint, look_.hair * (0.7 + 0.5 * hairs), std::min(0.95, thickness) * area * (1 - lip));
}

void Complexion::add_folds(Point p, Paint& paint) const {
  const Point m = mirrored(p);
  const double wing = 0.095 * look_.nose_width;
  const double y = head_.nose_tip_y();
  const Color deep{0.62, 0.50, 0.47};
  const double fold = stroke(m, {wing + 0.07, y + 0.02, 0.66}, {0.27, -0.50, 0.56}, 0.05);
  shade(paint, deep, (0.10 + 0.35 * look_.lines) * fold);
  const double crease =
      stroke(m, {wing + 0.055, y + 0.04, 0.68}, {wing + 0.05, y - 0.05, 0.68}, 0.035);
  shade(paint, deep, 0.5 * crease);
  const double nostril =
      spot(m, {0.062 * look_.nose_width, y - 0.070, 0.80}, {0.040, 0.022, 0.2}, 0.6, 1.25);
  shade(paint, {0.18, 0.10, 0.09}, nostril);
  if (look_.lines > 0.5 && p.y > 0.36) {
    const double wave = std::sin(52 * p.y + 2 * fractal_noise(p * 3, 2, look_.detail + 30));
    shade(paint, deep,
          0.16 * (look_.lines - 0.5) * ramp(wave, 0.55, 1.0) * (1 - ramp(m.x, 0.3, 0.5)));
  }
}

void Complexion::add_lips(Point p, Paint& paint) const {
  const Point m = mirrored(p);
  const double along = m.x / 0.215;
  if (along > 1.2 || p.y > -0.40 || p.y < -0.70) return;
  const double taper = std::sqrt(std::max(0.0, 1 - along * along));
  const double bow = 0.012 * (1 - ramp(m.x, 0.0, 0.05));
  const double upper = mouth_y + look_.lips * (0.060 * taper * (1 - 0.25 * along) - bow);
  const double lower = mouth_y - look_.lips * 0.080 * taper;
  const double inside = ramp(upper - p.y, -0.012, 0.014) * ramp(p.y - lower, -0.014, 0.016) *
                        (1 - ramp(along, 0.93, 1.05));
  if (inside > 0) {
    const Pigment lip{0.7 * look_.skin.melanin + 0.004, 0.100};
    const double lines = value_noise({p.x * 70, p.y * 8, 0}, look_.detail + 9);
    const Color color = palette_(lip) * Color{0.95, 0.78, 0.80} *
                        (0.90 + 0.06 * lines + (p.y > mouth_y ? -0.06 : 0.04));
    paint.albedo = mix(paint.albedo, color, inside);
  }
  const double off = std::abs(p.y - mouth_y + 0.010 * along * along);
  const double parting = (1 - ramp(off, 0.004, 0.018)) * (1 - ramp(along, 0.80, 1.08));
  shade(paint, {0.32, 0.20, 0.19}, 0.85 * parting);
  if (std::abs(p.y - mouth_y) < 0.9 * mouth_gap && along < 0.9) {
    const bool teeth = p.y > mouth_y + 0.1 * mouth_gap && along < 0.6;
    cover(paint, teeth ? Color{0.34, 0.31, 0.27} : Color{0.035, 0.012, 0.010}, 0.9);
  }
}

void Complexion::add_brows(Point p, Paint& paint) const {
  const Point m = mirrored(p);
  const double arch = 0.268 - 0.32 * (m.x - 0.32) * (m.x - 0.32) - 0.10 * std::max(0.0, m.x - 0.40);
  const double half = 0.040 * look_.brows * (1 - 0.6 * ramp(m.x, 0.30, 0.48));
  const double tilt = m.x * 28 - p.y * 40;
  const double hairs = value_noise({tilt, p.y * 9 + m.x * 20, 3}, look_.detail + 10);
  const double band = 1 - ramp(std::abs(p.y - arch) + 0.012 * hairs, 0.45 * half, 1.15 * half);
  const double ends = ramp(m.x + 0.02 * hairs, 0.085, 0.15) * (1 - ramp(m.x, 0.42, 0.50));
  cover(paint, look_.hair * 0.8, std::clamp(band * ends * (0.72 + 0.35 * hairs), 0.0, 0.92));
}

void Complexion::add_eyes(Point p, double lids, Paint& paint) const {
  const Point m = mirrored(p);
  const double side = p.x < 0 ? -1 : 1;
  const double x = (m.x - head_.eye_x()) / 0.130;  // towards the temple
  const double y = p.y - 0.062 - 0.012 * x;
  if (std::abs(x) > 1.7 || std::abs(y) > 0.2) return;
  const double taper = std::max(0.0, 1 - x * x);
  const double lower = -0.034 * std::pow(taper, 0.7);
  const double rest = 0.045 * std::pow(taper, 0.6);
  const double upper = std::lerp(rest, lower + 0.002, lids);

  const double crease = 1 - ramp(std::abs(y - rest - 0.035 + 0.01 * x * x), 0.002, 0.020);
  shade(paint, {0.55, 0.42, 0.40},
        0.55 * crease * (1 - 0.7 * lids) * (1 - ramp(std::abs(x), 0.9, 1.3)));
  const double bag = 1 - ramp(std::abs(y - lower + 0.050), 0.004, 0.035);
  shade(paint, {0.75, 0.62, 0.62},
        (0.25 + 0.3 * look_.lines) * bag * (1 - ramp(std::abs(x), 0.7, 1.2)));

  const double open = ramp(upper - y, -0.004, 0.006) * ramp(y - lower, -0.004, 0.006) *
                      (1 - ramp(std::abs(x), 0.96, 1.02));
  if (open > 0) {
    const double ix = x * 0.130 * side, iy = y - 0.008;
    const double r = std::hypot(ix, iy) / 0.052;
    const double lid_shadow = 0.55 + 0.45 * ramp(upper - y, 0.0, 0.030);
    const double corner = 1 - 0.35 * ramp(std::abs(x), 0.5, 1.0);
    Color eye =
        mix(Color{0.50, 0.46, 0.43}, Color{0.46, 0.32, 0.29}, ramp(std::abs(x), 0.75, 1.0)) *
        corner;
    const double rays = value_noise({std::atan2(iy, ix) * 9, r * 2, 5}, look_.detail + 13);
    const Color iris = look_.iris * (0.85 + 0.35 * rays + 0.5 * ramp(-iy, -0.02, 0.04));
    eye = mix(eye, iris, 1 - ramp(r, 0.92, 1.06));
    eye = mix(eye, iris * 0.25, (1 - ramp(std::abs(r - 0.97), 0.03, 0.14)) * 0.8);
    eye = mix(eye, {0.008, 0.007, 0.007}, 1 - ramp(r, 0.36, 0.46));
    const double glint = 1 - ramp(std::hypot(ix - 0.016, iy - 0.018), 0.006, 0.013);
    eye = mix(eye * lid_shadow, {0.85, 0.85, 0.85}, glint);
    cover(paint, eye, open);
    paint.pulse *= 1 - open;
  }
  const double lash =
      (1 - ramp(std::abs(y - upper - 0.004), 0.003, 0.012)) * (1 - ramp(std::abs(x), 0.95, 1.08));
  cover(paint, look_.hair * 0.35, 0.85 * lash);
  const double rim =
      (1 - ramp(std::abs(y - lower + 0.003), 0.002, 0.009)) * (1 - ramp(std::abs(x), 0.9, 1.05));
  shade(paint, {0.60, 0.42, 0.40}, 0.6 * rim);
}

Color Complexion::strands(Point p, const Color& base) const {
  // Strands run from the crown downwards: long cells along the meridians.
  const double angle = std::atan2(p.x, p.z + 0.1);
  const bool cropped = look_.hair_style == HairStyle::cropped;
  const double wave = 0.25 * fractal_noise(p * 4, 2, look_.detail + 14);
  const double across = angle * 34 + 6 * wave;
  const double fine = value_noise({across * 2.2, p.y * (cropped ? 28 : 5), 1}, look_.detail + 15);
  const double locks = value_noise({across * 0.5, p.y * 2.2, 2}, look_.detail + 16);
  return base * std::max(0.3, 0.85 + 0.30 * fine + 0.28 * locks);
}

double Complexion::hair_share(Point p) const {
  const bool falls = look_.hair_style == HairStyle::long_hair;
  const double fallen = falls ? ramp(head_.hair_lead(p), -0.012, 0.012) : 0;
  const double reach = head_.hair_reach(p);
  if (reach < -0.18) return fallen;
  const double angle = std::atan2(p.x, p.z + 0.1);
  const double ragged = value_noise({angle * 60, p.y * 6, 7}, look_.detail + 17) +
                        0.8 * value_noise({angle * 22, p.y * 4, 8}, look_.detail + 18);
  const double sparse =
      (look_.hair_style == HairStyle::cropped ? 0.90 : 1) * ramp(head_.ear_distance(p), 0.01, 0.05);
  return std::max(fallen, sparse * ramp(reach + 0.025 * ragged, -0.12, 0.05));
}

Paint paint_cloth(const Appearance& appearance, const Head& head, Point p) {
  const double weave = value_noise({p.x * 60, p.y * 60, p.z * 60}, appearance.detail + 40);
  const double creases =
      fractal_noise({p.x * 2.5 + p.y, p.y * 1.8, p.z * 3}, 3, appearance.detail + 41);
  Paint paint{appearance.clothes * (1 + 0.06 * weave + 0.28 * creases), 0};
  const double collar = head.neck_distance(p);
  const double seam = 1 - ramp(std::abs(collar - 0.075), 0.004, 0.014);
  paint.albedo = paint.albedo * (1 - 0.35 * seam - 0.35 * (1 - ramp(collar, 0.0, 0.03)));
  return paint;
}

}  // namespace rppg::datasets
