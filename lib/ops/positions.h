/// Learned numbers for every frame of a clip.
#pragma once

#include "tensor/tape.h"

namespace rppg::ops {

/// x (B, T, C) plus the first T rows of positions (1, P, C). Throws std::logic_error for T > P.
Tensor add_positions(Tensor x, Tensor positions);

}  // namespace rppg::ops
