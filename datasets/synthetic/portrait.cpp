#include "datasets/synthetic/portrait.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace rppg::datasets {
namespace {

constexpr Point key_light{0.28, 0.42, 0.86};
constexpr double key_strength = 0.80;
constexpr double sky_strength = 0.42;
constexpr double nearest_z = 1.6;
constexpr double farthest_z = -1.4;

/// One look along z: what the eye gets, or nothing where it misses the subject.
struct Sample {
  Color light{};
  Color pulsatile{};
  bool on_face = false;
};

/// Rotation about the vertical axis.
struct Turn {
  double cosine;
  double sine;

  explicit Turn(double degrees)
      : cosine(std::cos(degrees * std::numbers::pi / 180)),
        sine(std::sin(degrees * std::numbers::pi / 180)) {}
  Point to_head(Point p) const {
    return {cosine * p.x - sine * p.z, p.y, sine * p.x + cosine * p.z};
  }
  Point to_camera(Point p) const {
    return {cosine * p.x + sine * p.z, p.y, -sine * p.x + cosine * p.z};
  }
};

double encoded(double light) { return 255 * std::pow(std::clamp(light, 0.0, 1.0), 1 / 2.2); }

class Painter {
 public:
  Painter(const Appearance& appearance, const View& view)
      : head_(appearance), turn_(view.yaw_degrees) {}

  /// x, y in head units, as the camera sees them.
  std::optional<Sample> look(double x, double y) const {
    const auto hit = march(x, y);
    if (!hit) return std::nullopt;
    return shade(*hit);
  }

 private:
  std::optional<Point> march(double x, double y) const {
    double z = nearest_z;
    for (int step = 0; step < 80 && z > farthest_z; ++step) {
      const Point p = turn_.to_head({x, y, z});
      const double d = head_.distance(p);
      if (d < 0.003) return p;
      z -= 0.85 * d;
    }
    return std::nullopt;
  }

  Point normal(Point p) const {
    // Four looks at the corners of a tetrahedron give the gradient.
    constexpr double e = 0.004;
    Point sum;
    for (const Point k : {Point{1, -1, -1}, Point{-1, -1, 1}, Point{-1, 1, -1}, Point{1, 1, 1}}) {
      sum = sum + k * head_.distance(p + k * e);
    }
    return normalized(sum);
  }

  /// 1 in the open, less in hollows, by how fast free space opens along the normal.
  double openness(Point p, Point n) const {
    double closed = 0;
    for (const double reach : {0.06, 0.16, 0.32}) {
      closed += std::max(0.0, reach - head_.distance(p + n * reach)) / reach / 3;
    }
    return std::clamp(1 - 1.1 * closed, 0.0, 1.0);
  }

  Sample shade(Point p) const {
    const Surface surface = head_.surface(p);
    const Point n = normal(p);
    const Point seen = turn_.to_camera(n);
    const Point light = normalized(key_light);
    const double open = openness(p, n);
    const double direct = std::max(0.0, (dot(n, light) + 0.25) / 1.25);
    const double diffuse =
        open * (key_strength * direct + sky_strength * (0.75 + 0.25 * n.y)) * 0.62;
    const double mirror = std::max(0.0, 2 * dot(n, light) * seen.z - turn_.to_camera(light).z);
    const double gloss = surface.gloss * open * std::pow(mirror, 12);

    Sample sample;
    for (std::size_t c = 0; c < 3; ++c) {
      const double body = surface.albedo[c] * diffuse;
      const double code = encoded(body + gloss);
      sample.light[c] = code;
      sample.pulsatile[c] = code * surface.pulsatility * body / (body + gloss + 1e-9);
    }
    sample.on_face = surface.pulsatility > 0 && p.y > -1.02 && p.y < 0.45 && p.z > 0;
    return sample;
  }

  Head head_;
  Turn turn_;
};

/// Mean of the looks within one pixel.
struct Pixel {
  Color light{};
  Color pulsatile{};
  double cover = 0;
  bool on_face = false;
};

/// Pixels of the picture with its margin, and how they lie in head units.
class Canvas {
 public:
  Canvas(const Appearance& appearance, const View& view)
      : painter_(appearance, view),
        view_(view),
        columns_(view.width + 2 * view.margin),
        rows_(view.height + 2 * view.margin),
        unit_(0.31 * std::min<double>(view.height, 0.75 * view.width)) {}

  /// One look per pixel, then more where the picture is not smooth.
  std::vector<Pixel> draw() const {
    std::vector<Pixel> coarse;
    for (int row = 0; row < rows_; ++row) {
      for (int column = 0; column < columns_; ++column) coarse.push_back(pixel(row, column, 1));
    }
    std::vector<Pixel> fine = coarse;
    for (int row = 0; row < rows_; ++row) {
      for (int column = 0; column < columns_; ++column) {
        if (rough(coarse, row, column)) fine[index(row, column)] = pixel(row, column, 4);
      }
    }
    return fine;
  }

  /// Smallest rectangle around the pixels on the face.
  FaceBox face(const std::vector<Pixel>& pixels) const {
    int left = columns_, right = 0, top = rows_, bottom = 0;
    for (int row = 0; row < rows_; ++row) {
      for (int column = 0; column < columns_; ++column) {
        if (!pixels[index(row, column)].on_face) continue;
        left = std::min(left, column);
        right = std::max(right, column + 1);
        top = std::min(top, row);
        bottom = std::max(bottom, row + 1);
      }
    }
    return {double(left - view_.margin), double(top - view_.margin), double(right - left),
            double(bottom - top)};
  }

 private:
  std::size_t index(int row, int column) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) +
           static_cast<std::size_t>(column);
  }

  Pixel pixel(int row, int column, int looks) const {
    const double x = column - view_.margin - 0.5 * view_.width;
    const double y = 0.48 * view_.height - (row - view_.margin);
    const double share = 1.0 / (looks * looks);
    Pixel mean;
    for (int j = 0; j < looks; ++j) {
      for (int i = 0; i < looks; ++i) {
        const auto sample =
            painter_.look((x + (i + 0.5) / looks) / unit_, (y - (j + 0.5) / looks) / unit_);
        if (!sample) continue;
        for (std::size_t c = 0; c < 3; ++c) {
          mean.light[c] += share * sample->light[c];
          mean.pulsatile[c] += share * sample->pulsatile[c];
        }
        mean.cover += share;
        mean.on_face = mean.on_face || sample->on_face;
      }
    }
    return mean;
  }

  /// Whether a pixel differs visibly from one beside it.
  bool rough(const std::vector<Pixel>& pixels, int row, int column) const {
    constexpr double visible = 5;  // code values
    const Pixel& here = pixels[index(row, column)];
    for (const auto& [y, x] : {std::array{row - 1, column}, std::array{row + 1, column},
                               std::array{row, column - 1}, std::array{row, column + 1}}) {
      if (y < 0 || x < 0 || y >= rows_ || x >= columns_) continue;
      const Pixel& there = pixels[index(y, x)];
      if (here.cover != there.cover || std::abs(here.light[1] - there.light[1]) > visible) {
        return true;
      }
    }
    return false;
  }

  Painter painter_;
  View view_;
  int columns_;
  int rows_;
  double unit_;  ///< pixels per head unit
};

/// Plain wall, brighter towards the light, darker at the corners.
std::vector<float> draw_wall(const Color& color, const View& view) {
  std::vector<float> wall;
  wall.reserve(static_cast<std::size_t>(view.width) * static_cast<std::size_t>(view.height) * 3);
  for (int row = 0; row < view.height; ++row) {
    for (int column = 0; column < view.width; ++column) {
      const double u = (column + 0.5) / view.width - 0.5;
      const double v = 0.5 - (row + 0.5) / view.height;
      const double light = 0.80 + 0.18 * u + 0.14 * v - 0.35 * (u * u + v * v);
      for (std::size_t c = 0; c < 3; ++c) {
        wall.push_back(static_cast<float>(encoded(color[c] * light)));
      }
    }
  }
  return wall;
}

}  // namespace

Portrait draw_portrait(const Appearance& appearance, const View& view) {
  const Canvas canvas(appearance, view);
  const std::vector<Pixel> pixels = canvas.draw();

  Portrait portrait;
  portrait.view = view;
  portrait.wall = draw_wall(appearance.wall, view);
  portrait.face = canvas.face(pixels);
  for (auto* layer : {&portrait.subject, &portrait.pulsatile, &portrait.cover}) {
    layer->reserve(3 * pixels.size());
  }
  for (const Pixel& pixel : pixels) {
    for (std::size_t c = 0; c < 3; ++c) {
      portrait.subject.push_back(static_cast<float>(pixel.light[c]));
      portrait.pulsatile.push_back(static_cast<float>(pixel.pulsatile[c]));
      portrait.cover.push_back(static_cast<float>(pixel.cover));
    }
  }
  return portrait;
}

}  // namespace rppg::datasets
