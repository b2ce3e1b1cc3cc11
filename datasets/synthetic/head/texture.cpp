#include "datasets/synthetic/head/texture.h"

namespace rppg::datasets {

Four texel(const Paint& paint) {
  return Four{static_cast<float>(paint.albedo[0]), static_cast<float>(paint.albedo[1]),
              static_cast<float>(paint.albedo[2]), static_cast<float>(paint.pulse)};
}

}  // namespace rppg::datasets
