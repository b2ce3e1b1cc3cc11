#include "datasets/synthetic/scene/stage.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace rppg::datasets {
namespace {

constexpr Point pivot{0, -1.0, -0.2};   // the head turns about the top of the neck
constexpr double distance_units = 9;    // from the camera, about one metre
constexpr double centre_share = 0.45;   // of the picture's height, where y = 0 lies
constexpr double jaw_drop = 0.13;       // head units
constexpr double trunk_follows = 0.85;  // of the head's shift, at the collar
constexpr double collar_y = -1.5;

constexpr double lamp_strength = 0.72;
constexpr float sky_strength = 0.41F;
constexpr std::array<float, 3> wrap{0.45F, 0.28F, 0.22F};  // light seeps around edges, red most
constexpr std::array<float, 3> seep{0.12F, 0.04F, 0.03F};  // and into shadows

/// Rotation by rows.
struct Rotation {
  std::array<Point, 3> rows{Point{1, 0, 0}, Point{0, 1, 0}, Point{0, 0, 1}};

  Point operator()(Point p) const { return {dot(rows[0], p), dot(rows[1], p), dot(rows[2], p)}; }
  Point back(Point p) const { return rows[0] * p.x + rows[1] * p.y + rows[2] * p.z; }
};

struct Angle {
  double cosine, sine;
  explicit Angle(double degrees)
      : cosine(std::cos(degrees * std::numbers::pi / 180)),
        sine(std::sin(degrees * std::numbers::pi / 180)) {}
};

Rotation about_vertical(double degrees) {
  const Angle a(degrees);
  return {{Point{a.cosine, 0, a.sine}, Point{0, 1, 0}, Point{-a.sine, 0, a.cosine}}};
}

Rotation head_rotation(const Pose& pose) {
  const Angle nod(pose.pitch), tilt(pose.roll);
  const Rotation yaw = about_vertical(pose.yaw);
  const Rotation pitch{
      {Point{1, 0, 0}, Point{0, nod.cosine, -nod.sine}, Point{0, nod.sine, nod.cosine}}};
  const Rotation roll{
      {Point{tilt.cosine, -tilt.sine, 0}, Point{tilt.sine, tilt.cosine, 0}, Point{0, 0, 1}}};
  Rotation all;
  for (std::size_t i = 0; i < 3; ++i) all.rows[i] = roll.back(pitch.back(yaw.rows[i]));
  return all;
}

/// R, G, B, and 0 in the fourth place.
Four padded(const Color& light) {
  return Four{static_cast<float>(light[0]), static_cast<float>(light[1]),
              static_cast<float>(light[2]), 0};
}

float wrapped(float cosine, float width) { return std::max(0.0F, (cosine + width) / (1 + width)); }

/// Light of lamp, sky and screen, as the head sees them.
struct Lamps {
  Point lamp, screen, halfway, view;
  Four lamp_level{1, 1, 1};
  Four screen_level{};

  /// The mirror-like part still has to be multiplied by the lamp's colour.
  Four irradiance(const Vertex& vertex, float gloss, float shadow) const {
    const auto level = static_cast<float>(dot(vertex.normal, lamp));
    const auto front = static_cast<float>(dot(vertex.normal, screen));
    const auto open = static_cast<float>(vertex.open);
    const float lit = static_cast<float>(vertex.lit) * shadow;
    const float above = static_cast<float>(vertex.normal.y);
    const float sky = sky_strength * open * (0.66F + 0.34F * above) * (0.45F + 0.55F * front);
    Four light{};
    for (std::size_t c = 0; c < 3; ++c) {
      const float through = lit + (1 - lit) * seep[c] * shadow;
      light[c] = lamp_level[c] *
                     (static_cast<float>(lamp_strength) * through * wrapped(level, wrap[c]) + sky) +
                 screen_level[c] * open * wrapped(front, wrap[c]);
    }
    const auto mirror = std::max(0.0F, static_cast<float>(dot(vertex.normal, halfway)));
    const float m2 = mirror * mirror, m4 = m2 * m2, m8 = m4 * m4, m16 = m8 * m8;
    const auto facing = std::max(0.0F, static_cast<float>(dot(vertex.normal, view)));
    const float edge = (1 - facing) * (1 - facing) * (1 - facing);
    light[3] = lit * gloss * (0.06F * m16 * m4 + 0.05F * m4) + 0.10F * gloss * edge * sky;
    return light;
  }
};

/// Where the vertices lie in the texture, which has the same number of texels in every cell.
void lay_texture(const Mesh& mesh, const Texture& texture, std::vector<ScreenVertex>& vertices) {
  const int cell = (texture.width - 2) / (mesh.columns - 1);
  auto vertex = vertices.begin();
  for (int row = 0; row < mesh.rows; ++row) {
    for (int column = 0; column < mesh.columns; ++column, ++vertex) {
      vertex->place[0] = static_cast<float>(cell * column);
      vertex->place[1] = static_cast<float>(cell * row);
    }
  }
}

}  // namespace

double head_unit(const View& view) {
  return view.framing * std::min<double>(view.height, 0.75 * view.width);
}

struct Stage::Placement {
  Rotation head;
  Rotation camera;
  Point shift;
  double unit = 1;
  double centre_x = 0;
  double centre_y = 0;

  void project(Point p, ScreenVertex& out) const {
    const Point seen = camera(p);
    const double scale = unit * distance_units / (distance_units - seen.z);
    out.x = static_cast<float>(centre_x + scale * seen.x);
    out.y = static_cast<float>(centre_y - scale * seen.y);
    out.place[2] = static_cast<float>(seen.z);
  }
};

Stage::Stage(const Figure& figure, const View& view, std::vector<float> room, Point lamp)
    : figure_(figure),
      view_(view),
      room_(std::move(room)),
      lamp_(normalized(lamp)),
      canvas_(view.width, view.height),
      vertices_(figure.head().vertices.size()),
      margin_(2 + static_cast<int>(head_unit(view))) {
  lay_texture(figure.head(), figure.head_texture(0), vertices_);
  draw_trunk();
}

void Stage::set(const Pose& pose, const Illumination& light, const Blood& blood) {
  const double unit = head_unit(view_);
  const Placement placement{head_rotation(pose),      about_vertical(view_.yaw_degrees),
                            {pose.x, pose.y, pose.z}, unit,
                            0.5 * view_.width,        centre_share * view_.height};
  place_vertices(placement, pose);
  light_vertices(placement, light, blood);
  find_face();
  canvas_.clear();
  canvas_.draw(vertices_, figure_.head().rows, figure_.head().columns,
               figure_.head_texture(pose.lids), padded(figure_.signature()), padded(light.lamp));
  draw_glasses(placement, light);

  const Point drift = placement.camera(placement.shift);
  const double largest = margin_ - 2;
  trunk_x_ = std::clamp(unit * trunk_follows * drift.x, -largest, largest);
  trunk_y_ = std::clamp(-unit * trunk_follows * drift.y, -largest, largest);
  room_light_ = padded(light.lamp + light.screen * 0.25);
  trunk_light_ = padded(light.lamp + light.screen * 0.80);
}

void Stage::place_vertices(const Placement& placement, const Pose& pose) {
  const auto& vertices = figure_.head().vertices;
  const auto& traits = figure_.traits();
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    Point p = vertices[i].position;
    const double drop = jaw_drop * pose.jaw * double{traits[i].jaw};
    p.y -= drop;
    p.z -= 0.3 * drop;
    const double turn = double{traits[i].turn};
    const Point turned = pivot + placement.head(p - pivot);
    const double follow = trunk_follows + (1 - trunk_follows) * turn;
    placement.project(mix(p, turned, turn) + placement.shift * follow, vertices_[i]);
  }
}

void Stage::light_vertices(const Placement& placement, const Illumination& light,
                           const Blood& blood) {
  const Mesh& mesh = figure_.head();
  const auto& traits = figure_.traits();
  Lamps lamps;
  lamps.lamp = placement.head.back(normalized(lamp_ + light.lamp_shift));
  lamps.screen = placement.head.back({0, 0, 1});
  lamps.view = placement.head.back(placement.camera.back({0, 0, 1}));
  lamps.halfway = normalized(lamps.lamp + lamps.view);
  lamps.lamp_level = padded(light.lamp);
  lamps.screen_level = padded(light.screen);
  for (std::size_t i = 0; i < mesh.vertices.size(); ++i) {
    const Vertex& vertex = mesh.vertices[i];
    const HeadTrait& trait = traits[i];
    ScreenVertex& out = vertices_[i];
    const float shadow = 1 - light.shadow_depth * light.shadow(vertex.position.x);
    out.shade = lamps.irradiance(vertex, trait.gloss, shadow);
    out.facing = static_cast<float>(dot(vertex.normal, lamps.view));
    const float late = trait.delay * static_cast<float>(blood.size() - 1);
    const auto k = std::min(static_cast<std::size_t>(late), blood.size() - 2);
    const float between = late - static_cast<float>(k);
    out.place[3] = trait.perfusion * (blood[k] + (blood[k + 1] - blood[k]) * between);
  }
}

void Stage::draw_glasses(const Placement& placement, const Illumination& light) {
  const Four level = padded(light.lamp * 0.8);
  for (const Mesh& part : figure_.glasses()) {
    std::vector<ScreenVertex> vertices(part.vertices.size());
    for (std::size_t i = 0; i < vertices.size(); ++i) {
      const Point p = part.vertices[i].position;
      placement.project(pivot + placement.head(p - pivot) + placement.shift, vertices[i]);
      vertices[i].shade = level;
      vertices[i].facing = 1;
    }
    canvas_.draw(vertices, part.rows, part.columns, figure_.glasses_texture(), Four{}, Four{});
  }
}

void Stage::find_face() {
  float left = 1e9F, right = -1e9F, top = 1e9F, bottom = -1e9F;
  const auto& traits = figure_.traits();
  for (std::size_t i = 0; i < vertices_.size(); ++i) {
    const ScreenVertex& v = vertices_[i];
    if (!traits[i].on_face || v.facing <= 0) continue;
    left = std::min(left, v.x);
    right = std::max(right, v.x);
    top = std::min(top, v.y);
    bottom = std::max(bottom, v.y);
  }
  left = std::max(left, 0.0F);
  top = std::max(top, 0.0F);
  right = std::min(right, static_cast<float>(view_.width));
  bottom = std::min(bottom, static_cast<float>(view_.height));
  face_ = {double{left}, double{top}, double{right} - double{left}, double{bottom} - double{top}};
}

void Stage::draw_trunk() {
  constexpr int fine = 2;  // looks per pixel and direction
  const int width = view_.width + 2 * margin_, height = view_.height + 2 * margin_;
  const Placement placement{{},
                            about_vertical(view_.yaw_degrees),
                            {},
                            fine * head_unit(view_),
                            fine * 0.5 * width,
                            fine * (centre_share * view_.height + margin_)};
  Lamps lamps;
  lamps.lamp = lamp_;
  lamps.screen = {0, 0, 1};
  lamps.view = placement.camera.back({0, 0, 1});
  lamps.halfway = normalized(lamps.lamp + lamps.view);
  const auto draw = [&](const Mesh& mesh, const Texture& texture, Canvas& canvas) {
    std::vector<ScreenVertex> vertices(mesh.vertices.size());
    lay_texture(mesh, texture, vertices);
    for (std::size_t i = 0; i < vertices.size(); ++i) {
      ScreenVertex& out = vertices[i];
      placement.project(mesh.vertices[i].position, out);
      out.shade = lamps.irradiance(mesh.vertices[i], 0, 1);
      out.facing = 1;
    }
    canvas.clear();
    canvas.draw(vertices, mesh.rows, mesh.columns, texture, Four{}, Four{});
  };
  Canvas trunk(fine * width, fine * height), head(fine * width, fine * height);
  draw(figure_.body(), figure_.body_texture(), trunk);
  draw(figure_.head(), figure_.head_texture(0), head);

  trunk_.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
  for (int row = 0; row < height; ++row) {
    Span span;
    for (int column = 0; column < width; ++column) {
      Four sum{};
      for (int j = fine * row; j < fine * (row + 1); ++j) {
        for (int i = fine * column; i < fine * (column + 1); ++i) {
          const float depth = trunk.nearness(j, i);
          if (depth > -100 && depth > head.nearness(j, i)) sum += trunk.colour(j, i);
        }
      }
      trunk_.push_back(sum / static_cast<float>(fine * fine));
      if (sum[3] > 0) span = hull(span, {column, column + 1});
    }
    trunk_spans_.push_back(span);
  }
}

Span Stage::row(int row, float* pixels) const {
  const std::size_t length = 3 * static_cast<std::size_t>(view_.width);
  const float* room = room_.data() + static_cast<std::size_t>(row) * length;
  constexpr std::size_t block = 12;  // four pixels, and a whole number of vectors
  std::array<float, block> factors{};
  for (std::size_t i = 0; i < block; ++i) factors[i] = room_light_[i % 3];
  std::size_t i = 0;
  for (; i + block <= length; i += block) {
    for (std::size_t k = 0; k < block; ++k) pixels[i + k] = room[i + k] * factors[k];
  }
  for (; i < length; ++i) pixels[i] = room[i] * factors[i % 3];
  const Span head = canvas_.compose(row, pixels);
  return hull(head, add_trunk(row, pixels));
}

Span Stage::add_trunk(int row, float* pixels) const {
  // The trunk leans: what is low moves less.
  const double y = (centre_share * view_.height - row) / head_unit(view_);
  const double lean = 1 - 0.4 * std::clamp(collar_y - y, 0.0, 1.0);
  const double left = margin_ - lean * trunk_x_, top = margin_ + row - lean * trunk_y_;
  const int i = static_cast<int>(left);
  const auto j = static_cast<std::size_t>(top);
  Span span = hull(trunk_spans_[j], trunk_spans_[j + 1]);
  span = {std::max(span.begin - i - 1, 0), std::min(span.end - i, view_.width)};
  if (span.begin >= span.end) return {};

  const float u = static_cast<float>(left - i);
  const float v = static_cast<float>(top - static_cast<double>(j));
  const std::size_t stride =
      static_cast<std::size_t>(view_.width) + 2 * static_cast<std::size_t>(margin_);
  const Four* above = trunk_.data() + j * stride + i;
  const Four* below = above + stride;
  const float wa = (1 - u) * (1 - v), wb = u * (1 - v), wc = (1 - u) * v, wd = u * v;
  for (int x = span.begin; x < span.end; ++x) {
    const Four seen = above[x] * wa + above[x + 1] * wb + below[x] * wc + below[x + 1] * wd;
    if (seen[3] == 0) continue;
    float* out = pixels + 3 * x;
    for (int c = 0; c < 3; ++c) {
      out[c] = out[c] * (1 - seen[3]) + seen[c] * trunk_light_[static_cast<std::size_t>(c)];
    }
  }
  return span;
}

}  // namespace rppg::datasets
