/// Ops along the frames of a clip.
#pragma once

#include "tensor/tape.h"

namespace rppg::ops {

/// x (B, T, ...) -> x[t+1] - x[t], zero for the last frame.
Tensor forward_differences(Tensor x);

/// x (B, T, ...) -> x[t] - x[t-1], zero for the first frame.
Tensor backward_differences(Tensor x);

/// Twice as many frames by a transposed convolution of four frames: x (B, T, H, W, Ci), weight
/// (Ci, Co, 4, 1, 1), bias (Co) -> (B, 2T, H, W, Co), y[2 i + j - 1] += w[j] x[i] (PyTorch's
/// ConvTranspose3d with kernel (4, 1, 1), stride (2, 1, 1), padding (1, 0, 0)).
Tensor upsample_frames(Tensor x, Tensor weight, Tensor bias);

}  // namespace rppg::ops
