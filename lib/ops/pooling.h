/// Clips with smaller pictures or fewer frames.
#pragma once

#include "tensor/tape.h"

namespace rppg::ops {

/// The attention of EfficientPhys and its average pooling in one pass. x (B, T, H, W, C), weight
/// (1, C, 1, 1), bias (1) -> (B, T, H/2, W/2, C): the mean over 2 x 2 pixels of x times the mask
/// sigmoid(w . x + b) / sum * H W / 2 (sum over each picture; Liu et al., WACV 2023).
Tensor attention_pool(Tensor x, Tensor weight, Tensor bias);

/// The largest of `frames` x 2 x 2 numbers: (B, T, H, W, C) -> (B, T/frames, H/2, W/2, C); what is
/// left over at the ends is dropped.
Tensor max_pool(Tensor x, Index frames);

/// Each channel of a picture weighted by its own gates: (B, T, H, W, C) -> (B, T, C),
/// sum x sigmoid(x) / (2 sum sigmoid(x)), which is the mean of x times the mask of LQ-rPPG,
/// sigmoid(x) / sum * H W / 2.
Tensor gated_mean(Tensor x);

/// Mean over each picture: (B, T, H, W, C) -> (B, T, C).
Tensor picture_mean(Tensor x);

}  // namespace rppg::ops
