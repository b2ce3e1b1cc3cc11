/// Dropout: some numbers are taken as zero in training.
#pragma once

#include <cstdint>
#include <span>

#include "tensor/tape.h"

namespace rppg::ops {

/// In training each number is dropped with the probability (rounded to 1 / 65536), and the others
/// are divided by 1 - probability; otherwise x itself. Which ones depends on the tape's seed and
/// step and the place of the call among those of the step. Srivastava et al., JMLR 2014.
Tensor dropout(Tensor x, double probability);

/// The same with a given choice: number i is kept where keep[i] is not 0. For comparisons with
/// other programs.
Tensor dropout(Tensor x, double probability, std::span<const std::uint8_t> keep);

}  // namespace rppg::ops
