/// Spectacles as strips of vertices.
#pragma once

#include <vector>

#include "datasets/synthetic/head/head.h"
#include "datasets/synthetic/head/mesh.h"

namespace rppg::datasets {

/// Rims, bridge and temples, each a mesh of two rows.
std::vector<Mesh> make_glasses(const Head& head, double face_width);

}  // namespace rppg::datasets
