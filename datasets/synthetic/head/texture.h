/// Colour maps of meshes.
#pragma once

#include <cstddef>
#include <vector>

#include "datasets/synthetic/head/colour.h"

namespace rppg::datasets {

/// Four floats that are computed on at once.
using Four = float __attribute__((vector_size(16)));

/// R, G, B of the surface in white light, and the share of the pulse that shows there.
struct Texture {
  int width = 0;
  int height = 0;
  std::vector<Four> texels;  ///< (height, width)

  std::size_t index(int row, int column) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
           static_cast<std::size_t>(column);
  }
};

/// What a painter says of one place.
struct Paint {
  Color albedo{};
  double pulse = 0;  ///< 0 (hair, cloth, eyes) .. 1 (bare skin)
};

Four texel(const Paint& paint);

}  // namespace rppg::datasets
