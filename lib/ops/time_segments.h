/// Several starting points in time for one sequence (RhythmMamba's multi-temporal constraint).
#pragma once

#include "tensor/tape.h"

namespace rppg::ops {

/// x (B, T, C) -> (copies B, T, C), all clips of a copy together. With segments of s = T / copies
/// frames, copy i begins with frame i s; behind the last frame of x it has what x has there.
Tensor shifted_copies(Tensor x, Index copies);

/// (copies B, T, C) -> (B, T, C), back from shifted_copies(): in segment k of the clip, the mean of
/// what copies 0 to k have for it; frames behind the last whole segment are those of copy 0.
Tensor mean_of_copies(Tensor x, Index copies);

}  // namespace rppg::ops
