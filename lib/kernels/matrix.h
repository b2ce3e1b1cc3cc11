/// Products of matrices: the inner loop of dense layers and of every convolution.
#pragma once

#include "base/shape.h"

namespace rppg {

/// A stretch of the inner dimension: k columns of A and k rows of B.
struct MatrixSegment {
  const float* a;
  const float* b;
  Index k;
};

/// C (m, n) = [C or bias or 0] + sum over segments of A (m, k) B (k, n).
///
/// The inner dimension may lie in pieces: a convolution over rows of pixels is such a product, with
/// one segment per row of its kernel, and rows of A that overlap in memory.
struct MatrixProduct {
  Index m;
  Index n;
  Index a_row;     ///< from a row of A to the next, in floats
  Index a_column;  ///< from a column of A to the next
  Index b_row;     ///< from a row of B to the next
  float* c;
  Index c_row;
  const float* bias;  ///< n numbers, or null
  bool add;           ///< to what C holds; there is no bias then
};

struct MatrixKernels {
  /// Any m, n, k >= 0; nothing is read beyond them. The order of a sum depends on n and a_column
  /// alone, so that the result does not depend on how rows are split; it differs between
  /// instruction sets by rounding.
  void (*multiply)(const MatrixProduct& product, const MatrixSegment* segments, Index count);

  /// to (columns, rows) = transposed from (rows, columns); from_row and to_row: strides in floats.
  void (*transpose)(const float* from, Index from_row, Index rows, Index columns, float* to,
                    Index to_row);

  /// Does `rounds` times what the processor can do best, independent multiply-adds in registers,
  /// and returns how many (of single numbers) these were: the peak that products are measured
  /// against.
  double (*probe)(Index rounds);
};

}  // namespace rppg
