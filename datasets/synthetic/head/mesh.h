/// Surfaces of solids as grids of vertices around a vertical axis.
#pragma once

#include <functional>
#include <vector>

#include "datasets/synthetic/head/point.h"

namespace rppg::datasets {

/// A vertex at rest, with the light that reaches it there.
struct Vertex {
  Point position;
  Point normal;
  double open = 1;  ///< 1 where the sky sees it, 0 in a deep hollow
  double lit = 1;   ///< 0 where the solid itself shades it from the lamp
};

/// (rows, columns) vertices: the columns go around the axis from the back over the left of the
/// picture to the front and on; the last column is the first one again.
struct Mesh {
  int rows = 0;
  int columns = 0;
  std::vector<Vertex> vertices;

  const Vertex& at(int row, int column) const {
    return vertices[static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) +
                    static_cast<std::size_t>(column)];
  }
};

/// Where a row's rays come from: they point from all around at `center`, downwards by `elevation`.
struct MeshRow {
  Point center;
  double elevation = 0;  ///< radians, 0 = level
};

struct Solid {
  std::function<double(Point)> distance;
  double radius = 1.8;  ///< the solid lies within this distance from the axis
};

/// lamp: direction towards it.
Mesh make_mesh(const Solid& solid, const std::vector<MeshRow>& rows, int columns, Point lamp);

/// Rows of a head from crown to collar, dense where the face is, with one row on either lip.
std::vector<MeshRow> head_rows();
/// Rows of shoulders and chest.
std::vector<MeshRow> body_rows();

}  // namespace rppg::datasets
