#include "ops/columns.h"

#include <stdexcept>
#include <string>

namespace rppg::ops {

Columns::Columns(Tensor x, Index first, Index count) : tensor(x), begin(first), width(count) {
  if (first < 0 || count < 0 || first + count > row()) {
    throw std::logic_error("columns " + std::to_string(first) + " to " +
                           std::to_string(first + count) + " of " + to_string(x.shape()));
  }
}

}  // namespace rppg::ops
