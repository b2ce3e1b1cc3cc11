/// Which way a causal op runs through a clip.
#pragma once

#include "base/shape.h"

namespace rppg::ops {

enum class TimeDirection {
  forward,   ///< the past is what lies before
  backward,  ///< the past is what lies after: as if time were reversed, and the result again
};

/// The rows of one clip in the order of the direction: `first`, first + step, ...
struct RowOrder {
  Index first;  ///< 0 or the last row
  Index step;   ///< 1 or -1
};
inline RowOrder row_order(TimeDirection direction, Index rows) {
  return direction == TimeDirection::forward ? RowOrder{0, 1} : RowOrder{rows - 1, -1};
}

}  // namespace rppg::ops
