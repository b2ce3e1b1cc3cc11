/// Ops along the frames of a clip.
#pragma once

#include "tensor/tape.h"

namespace rppg::ops {

/// x (B, T, ...) -> x[t+1] - x[t], zero for the last frame.
Tensor forward_differences(Tensor x);

/// x (B, T, ...) -> x[t] - x[t-1], zero for the first frame.
Tensor backward_differences(Tensor x);

/// Frames 2 t and 2 t + 1 as one with twice the channels: (B, T, H, W, C) -> (B, T / 2, H, W, 2 C).
/// Throws std::logic_error for an odd T.
Tensor pair_frames(Tensor x);

/// Each frame twice: (B, T, C) -> (B, 2 T, C).
Tensor repeat_frames(Tensor x);

/// Twice as many frames by a transposed convolution of four frames: x (B, T, H, W, Ci), weight
/// (Ci, Co, 4, 1, 1), bias (Co) -> (B, 2T, H, W, Co), y[2 i + j - 1] += w[j] x[i] (PyTorch's
/// ConvTranspose3d with kernel (4, 1, 1), stride (2, 1, 1), padding (1, 0, 0)).
Tensor upsample_frames(Tensor x, Tensor weight, Tensor bias);

}  // namespace rppg::ops
