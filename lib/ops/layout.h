/// The same numbers in another order, or a part of them.
#pragma once

#include "tensor/tape.h"

namespace rppg::ops {

/// (B, T, H, W, C) -> (B, T, C H W), in PyTorch's order of a flattened picture.
Tensor flatten_channels_first(Tensor x);

/// Blocks of size x size pixels as one pixel, whose channels are those of its pixels, row by row:
/// (B, T, H, W, C) -> (B, T, ceil(H / size), ceil(W / size), size size C). Pixels beyond the
/// picture are zero. x itself for a size of 1.
Tensor fold_pixels(Tensor x, Index size);

/// Frames [begin, end) of one clip of x (B, T, ...), (1, end - begin, ...): a view without a
/// gradient.
Tensor frame_range(Tensor x, Index clip, Index begin, Index end);

}  // namespace rppg::ops
