/// Softmax over the last axis.
#pragma once

#include "tensor/tape.h"

namespace rppg::ops {

/// e^x over its sum along the last axis; -inf gives 0, where some number of the row is finite.
Tensor softmax(Tensor x);

}  // namespace rppg::ops
