#include "datasets/synthetic/head/mesh.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "datasets/synthetic/head/head.h"

namespace rppg::datasets {
namespace {

/// Angle of a column: denser at the front, where it is 0, and sparser behind.
double column_angle(int column, int columns) {
  const double u = 2.0 * column / (columns - 1) - 1;
  return std::numbers::pi * u * (0.45 + 0.55 * u * u);
}

Point march(const Solid& solid, Point from, Point direction) {
  double s = 0;
  for (int step = 0; step < 90 && s < solid.radius - 0.02; ++step) {
    const double d = solid.distance(from + direction * s);
    if (d < 0.001) break;
    s += 0.9 * d;
  }
  return from + direction * std::min(s, solid.radius - 0.02);
}

/// Four looks at the corners of a tetrahedron give the gradient.
Point gradient(const Solid& solid, Point p) {
  constexpr double e = 0.006;
  Point sum;
  for (const Point k : {Point{1, -1, -1}, Point{-1, -1, 1}, Point{-1, 1, -1}, Point{1, 1, 1}}) {
    sum = sum + k * solid.distance(p + k * e);
  }
  return normalized(sum);
}

/// How fast free space opens along the normal.
double openness(const Solid& solid, Point p, Point n) {
  double closed = 0;
  for (const double reach : {0.05, 0.14, 0.32}) {
    closed += std::max(0.0, reach - solid.distance(p + n * reach)) / reach / 3;
  }
  return std::clamp(1 - 1.2 * closed, 0.0, 1.0);
}

/// Soft shadow: how narrowly a ray towards the lamp passes the solid.
double visibility(const Solid& solid, Point p, Point n, Point lamp) {
  constexpr double softness = 4;
  constexpr double faintest = 0.3;  // walls and ceiling throw light into shadows
  const Point from = p + n * 0.03;
  double least = 1;
  for (double s = 0.04; s < 1.2;) {
    const double d = solid.distance(from + lamp * s);
    least = std::min(least, softness * d / s);
    if (least < 0.01) return faintest;
    s += std::max(0.03, 0.8 * d);
  }
  return faintest + (1 - faintest) * least;
}

}  // namespace

Mesh make_mesh(const Solid& solid, const std::vector<MeshRow>& rows, int columns, Point lamp) {
  Mesh mesh{static_cast<int>(rows.size()), columns, {}};
  mesh.vertices.reserve(rows.size() * static_cast<std::size_t>(columns));
  for (const MeshRow& row : rows) {
    for (int column = 0; column < columns; ++column) {
      const double angle = column_angle(column, columns);
      const double level = std::cos(row.elevation);
      const Point outwards{level * std::sin(angle), std::sin(row.elevation),
                           level * std::cos(angle)};
      Vertex v;
      v.position = march(solid, row.center + outwards * solid.radius, outwards * -1);
      v.normal = gradient(solid, v.position);
      v.open = openness(solid, v.position, v.normal);
      v.lit = visibility(solid, v.position, v.normal, lamp);
      mesh.vertices.push_back(v);
    }
  }
  return mesh;
}

std::vector<MeshRow> head_rows() {
  constexpr double crown_y = 0.40;
  std::vector<MeshRow> rows;
  constexpr int cap_rows = 18, face_rows = 48, neck_rows = 14;
  for (int i = 0; i < cap_rows; ++i) {
    const double share = static_cast<double>(i) / cap_rows;
    rows.push_back({{0, crown_y, -0.1}, std::numbers::pi / 2 * (1 - share) * 0.999});
  }
  std::vector<double> heights{mouth_y + mouth_gap, mouth_y - mouth_gap};
  for (int i = 0; i < face_rows; ++i) {
    const double y = crown_y - (crown_y + 1.08) * i / face_rows;
    if (std::abs(y - mouth_y) > 0.009) heights.push_back(y);
  }
  for (int i = 0; i < neck_rows; ++i) heights.push_back(-1.08 - 0.72 * i / (neck_rows - 1));
  std::sort(heights.begin(), heights.end(), std::greater<>());
  for (const double y : heights) {
    rows.push_back({{0, y, -0.1 - 0.16 * std::clamp((-0.9 - y) / 0.5, 0.0, 1.0)}, 0});
  }
  return rows;
}

std::vector<MeshRow> body_rows() {
  std::vector<MeshRow> rows;
  constexpr int cap_rows = 16, trunk_rows = 30;
  for (int i = 0; i < cap_rows; ++i) {
    const double share = static_cast<double>(i) / cap_rows;
    rows.push_back({{0, -2.0, -0.25}, std::numbers::pi / 2 * (1 - share) * 0.999});
  }
  for (int i = 0; i < trunk_rows; ++i) rows.push_back({{0, -2.0 - 2.0 * i / trunk_rows, -0.25}, 0});
  return rows;
}

}  // namespace rppg::datasets
