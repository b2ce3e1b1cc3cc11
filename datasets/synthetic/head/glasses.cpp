#include "datasets/synthetic/head/glasses.h"

#include <cmath>
#include <numbers>

namespace rppg::datasets {
namespace {

constexpr double eye_level = 0.045;

/// The rims bend around the face.
double depth(double x) { return 0.765 - 0.32 * x * x; }

Vertex vertex(double x, double y, double z) { return {.position = {x, y, z}, .normal = {0, 0, 1}}; }

Mesh rim(double centre_x) {
  constexpr int columns = 33;
  Mesh mesh{2, columns, {}};
  for (const double size : {1.0, 0.88}) {
    for (int i = 0; i < columns; ++i) {
      const double angle = -2 * std::numbers::pi * i / (columns - 1);
      const double x = centre_x + 0.205 * size * std::cos(angle);
      // Flatter than an ellipse at top and bottom.
      const double y =
          eye_level + 0.150 * size * std::sin(angle) * (1.1 - 0.1 * std::abs(std::sin(angle)));
      mesh.vertices.push_back(vertex(x, y, depth(x)));
    }
  }
  return mesh;
}

Mesh strip(Point upper_left, Point upper_right, double height) {
  const auto corner = [](Point p, double down) { return vertex(p.x, p.y - down, p.z); };
  return {2,
          2,
          {corner(upper_left, 0), corner(upper_right, 0), corner(upper_left, height),
           corner(upper_right, height)}};
}

}  // namespace

std::vector<Mesh> make_glasses(const Head& head, double face_width) {
  std::vector<Mesh> parts;
  const double eye = head.eye_x(), inner = eye - 0.195, outer = eye + 0.195;
  for (const double side : {-1.0, 1.0}) {
    parts.push_back(rim(side * eye));
    const Point hinge{side * outer, eye_level + 0.05, depth(outer)};
    const Point ear{side * 0.74 * face_width, eye_level + 0.06, -0.05};
    // Seen from outside and from inside.
    parts.push_back(strip(hinge, ear, 0.035));
    parts.push_back(strip(ear, hinge, 0.035));
  }
  parts.push_back(strip({-inner, eye_level + 0.06, depth(inner) + 0.02},
                        {inner, eye_level + 0.06, depth(inner) + 0.02}, 0.03));
  return parts;
}

}  // namespace rppg::datasets
