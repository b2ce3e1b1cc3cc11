/// Products of matrices on several threads.
#pragma once

#include <span>

#include "kernels/matrix.h"

namespace rppg::ops {

/// C as MatrixProduct has it, in tiles of C and stretches of the inner dimension that stay in the
/// cache; the same bits as the kernel gives at once, whatever the number of threads.
void multiply(int threads, const MatrixProduct& product, std::span<const MatrixSegment> segments);

/// sums (n) += the rows of `values` (rows, n), one after the other; row: strides in floats.
void sum_rows(const float* values, Index row, Index rows, Index n, float* sums);

/// to (columns, rows) = transposed from (rows, columns), both without gaps.
void transpose(int threads, const float* from, Index rows, Index columns, float* to);

}  // namespace rppg::ops
