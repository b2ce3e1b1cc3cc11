#include "datasets/synthetic/head/photograph.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "datasets/synthetic/head/head.h"
#include "video/face.h"
#include "video/image_frame.h"
#include "video/writer.h"

namespace rppg::datasets {
namespace {

constexpr double eye_y = 0.065;  // of the drawn head, as its eye_x()
constexpr double eye_x = 0.27;
constexpr int grid = 48;  // of the blurred light, over -0.8..0.8 and -1.1..0.6
constexpr double grid_left = -0.8, grid_right = 0.8, grid_bottom = -1.1, grid_top = 0.6;

double grid_x(int i) { return grid_left + (grid_right - grid_left) * i / (grid - 1); }
double grid_y(int j) { return grid_bottom + (grid_top - grid_bottom) * j / (grid - 1); }

Color median_of(std::vector<Color> colours) {
  Color result{};
  for (std::size_t c = 0; c < 3; ++c) {
    const auto middle = colours.begin() + static_cast<std::ptrdiff_t>(colours.size() / 2);
    std::nth_element(colours.begin(), middle, colours.end(),
                     [c](const Color& a, const Color& b) { return a[c] < b[c]; });
    result[c] = std::max((*middle)[c], 0.004);
  }
  return result;
}

}  // namespace

Photograph::Photograph(const std::filesystem::path& file) : image_(video::read_image(file)) {
  const auto boxes = video::make_face_detector({})->detect(video::ImageFrame(image_));
  if (boxes.empty()) throw Error(Status::malformed, file, "no face found: must show one, frontal");
  align(boxes.front());
  measure();
}

Photograph::Place Photograph::place(double x, double y) const {
  const double down = (eye_y - y) * down_;
  return {eyes_.x + across_x_ * x - across_y_ * down, eyes_.y + across_y_ * x + across_x_ * down};
}

Color Photograph::sample(double x, double y) const {
  const Place at = place(x, y);
  const double px = std::clamp(at.x, 0.0, image_.width - 1.001);
  const double py = std::clamp(at.y, 0.0, image_.height - 1.001);
  const auto i = static_cast<std::size_t>(px), j = static_cast<std::size_t>(py);
  const double u = px - static_cast<double>(i), v = py - static_cast<double>(j);
  const std::size_t stride = 3 * static_cast<std::size_t>(image_.width);
  const std::uint8_t* pixel = image_.rgb.data() + j * stride + 3 * i;
  Color colour{};
  for (std::size_t c = 0; c < 3; ++c) {
    const double top =
        std::lerp(double{static_cast<double>(pixel[c])}, static_cast<double>(pixel[c + 3]), u);
    const double bottom = std::lerp(static_cast<double>(pixel[stride + c]),
                                    static_cast<double>(pixel[stride + c + 3]), u);
    colour[c] = srgb_decoded(std::lerp(top, bottom, v) / 255);
  }
  return colour;
}

void Photograph::align(const video::Box& face) {
  // The cascade's box is about 2.35 eye distances wide, the eyes at 0.39 of its height. Within it,
  // the eyes are the centres of darkness on either side.
  const double size = face.width;
  eyes_ = {face.x + 0.5 * size, face.y + 0.39 * size};
  across_x_ = size / 2.35 / (2 * eye_x);
  across_y_ = 0;
  std::array<Place, 2> found{};
  for (const int side : {0, 1}) {
    const double from = side == 0 ? -0.42 : 0.12;
    double weight = 0, x = 0, y = 0;
    for (double a = from; a <= from + 0.30; a += 0.01) {
      for (double b = eye_y - 0.10; b <= eye_y + 0.09; b += 0.01) {
        const double dark = std::pow(std::max(0.0, 0.5 - srgb_encoded(luminance(sample(a, b)))), 3);
        weight += dark;
        x += dark * a;
        y += dark * b;
      }
    }
    const double centre = from + 0.15;
    found[static_cast<std::size_t>(side)] =
        weight > 1e-6 ? place(x / weight, y / weight) : place(centre, eye_y);
  }
  eyes_ = {(found[0].x + found[1].x) / 2, (found[0].y + found[1].y) / 2};
  across_x_ = (found[1].x - found[0].x) / (2 * eye_x);
  across_y_ = (found[1].y - found[0].y) / (2 * eye_x);
  // The lips meet at the darkest row below.
  double darkest = 1e9, lips = mouth_y;
  for (double y = mouth_y - 0.14; y <= mouth_y + 0.14; y += 0.005) {
    double sum = 0.6 * std::abs(y - mouth_y);
    for (double x = -0.13; x <= 0.13; x += 0.01) sum += srgb_encoded(luminance(sample(x, y))) / 27;
    if (sum < darkest) {
      darkest = sum;
      lips = y;
    }
  }
  down_ = (eye_y - lips) / (eye_y - mouth_y);
}

void Photograph::measure() {
  std::vector<Color> cheeks, crown;
  for (double x = -0.40; x <= 0.40; x += 0.02) {
    for (double y = -0.38; y <= -0.10; y += 0.02) {
      if (std::abs(x) > 0.2) cheeks.push_back(sample(x, y));
    }
    if (std::abs(x) < 0.3) {
      for (double y = 0.70; y <= 0.95; y += 0.02) crown.push_back(sample(x, y));
    }
  }
  skin_ = median_of(cheeks);
  hair_ = median_of(crown);
  // Bald, covered, or the background: an inconspicuous brown.
  const bool plausible = hair_[0] > 0.9 * hair_[2] && hair_[0] < 3 * hair_[1];
  if (!plausible || luminance(hair_) > 0.5) hair_ = {0.06, 0.045, 0.035};
  light_.resize(grid * grid);
  constexpr int reach = 5;
  for (int j = 0; j < grid; ++j) {
    for (int i = 0; i < grid; ++i) {
      // Only what is skin tells of the light.
      Color sum = skin_ * 0.5;
      double weight = 0.5;
      for (int b = -reach; b <= reach; ++b) {
        for (int a = -reach; a <= reach; ++a) {
          const Color colour = sample(grid_x(i + 2 * a), grid_y(j + 2 * b));
          const double share = skinness(colour);
          sum = sum + colour * share;
          weight += share;
        }
      }
      light_[static_cast<std::size_t>(j) * static_cast<std::size_t>(grid) +
             static_cast<std::size_t>(i)] = sum * (1 / weight);
    }
  }
}

double Photograph::skinness(const Color& colour) const {
  const double level = luminance(colour) / luminance(skin_);
  const double red = std::log((colour[0] + 0.01) / (colour[1] + 0.01)) -
                     std::log((skin_[0] + 0.01) / (skin_[1] + 0.01));
  const double blue = std::log((colour[2] + 0.01) / (colour[1] + 0.01)) -
                      std::log((skin_[2] + 0.01) / (skin_[1] + 0.01));
  return ramp(level, 0.18, 0.45) * (1 - ramp(level, 2.0, 3.2)) *
         (1 - ramp(std::hypot(red, blue), 0.30, 0.65));
}

Appearance Photograph::resemble(const Appearance& drawn, CameraKind camera) const {
  Appearance look = drawn;
  look.beard = 0;
  look.glasses = false;
  look.freckles = 0;
  look.eye_distance = look.face_width = look.jaw_width = look.nose_length = look.nose_width = 1;
  look.hair_style = HairStyle::parted;
  look.hair = hair_;
  // The melanin that makes skin as bright.
  const SkinOptics optics(camera);
  double best = 1e9;
  for (double melanin = 0.013; melanin < 0.4; melanin *= 1.08) {
    const double off = std::abs(luminance(optics.reflectance({melanin, drawn.skin.blood})) -
                                1.1 * luminance(skin_));
    if (off < best) {
      best = off;
      look.skin.melanin = melanin;
    }
  }
  return look;
}

Paint Photograph::over(const Paint& drawn, Point p, double lids, const Color& skin) const {
  const double across = std::abs(p.x) / 0.62, up = (p.y + 0.28) / (p.y > -0.28 ? 0.88 : 0.74);
  const double outwards = std::hypot(across, up);
  if (outwards >= 0.98 || p.z < 0.05) return drawn;
  Color seen = sample(p.x, p.y);
  double pulse = skinness(seen);
  // Towards the edge of the face only skin is taken, not what lies behind it.
  const double middle = 1 - ramp(outwards, 0.55, 0.80);
  const double share =
      std::max(middle, pulse) * (1 - ramp(outwards, 0.80, 0.98)) * ramp(p.z, 0.05, 0.25);
  const double x = (std::abs(p.x) - eye_x) / 0.130, y = p.y - eye_y;
  const double taper = std::max(0.0, 1 - x * x);
  const double lower = -0.040 * taper, upper = std::lerp(0.055 * taper, lower, lids);
  if (lids > 0 && std::abs(x) < 1 && y > upper && y < 0.07) {
    const double lash = 1 - ramp(std::abs(y - upper - 0.004), 0.003, 0.012);
    seen = mix(sample(p.x, eye_y + 0.085), hair_ * 0.4, 0.8 * lash);
    pulse = 1 - lash;
  }
  const double column = std::clamp((p.x - grid_left) / (grid_right - grid_left), 0.0, 1.0);
  const double row = std::clamp((p.y - grid_bottom) / (grid_top - grid_bottom), 0.0, 1.0);
  const auto i = static_cast<std::size_t>(column * (grid - 1.001));
  const auto j = static_cast<std::size_t>(row * (grid - 1.001));
  const double u = column * (grid - 1) - static_cast<double>(i);
  const double v = row * (grid - 1) - static_cast<double>(j);
  const Color* at = light_.data() + j * grid + i;
  const Color light = mix(mix(at[0], at[1], u), mix(at[grid], at[grid + 1], u), v);
  Color albedo{};
  for (std::size_t c = 0; c < 3; ++c) {
    albedo[c] = std::min(seen[c] / std::pow(light[c] / skin_[c], 0.4) * skin[c] / skin_[c], 0.95);
  }
  if (std::abs(p.y - mouth_y) < 0.9 * mouth_gap && std::abs(p.x) < 0.19) {
    return {mix(albedo, drawn.albedo, 0.7), 0};
  }
  return {mix(drawn.albedo, albedo, share), std::lerp(drawn.pulse, pulse, share)};
}

}  // namespace rppg::datasets
