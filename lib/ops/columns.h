/// A stretch of the last axis of a tensor, so that the parts of a projection need no copies.
#pragma once

#include "tensor/tensor.h"

namespace rppg::ops {

/// Columns [begin, begin + width) of each row; a row is the last axis.
struct Columns {
  Tensor tensor;
  Index begin = 0;
  Index width = 0;

  /// All columns.
  Columns(Tensor x)  // NOLINT(google-explicit-constructor): a tensor is all of its columns
      : tensor(x), width(x.shape()[-1]) {}
  /// Throws std::logic_error when the tensor is not that wide.
  Columns(Tensor x, Index first, Index count);

  Index row() const { return tensor.shape()[-1]; }  ///< from a row to the next, in floats
  Index rows() const { return tensor.shape().with(-1, 1).count(); }
  Tape& tape() const { return tensor.tape(); }
  bool wants_gradient() const { return tensor.wants_gradient(); }
  const float* values() const { return tensor.values().data() + begin; }  ///< of the first row
  float* gradient() const { return tensor.gradient().data() + begin; }
  /// The tensor's shape with this width.
  Shape shape() const { return tensor.shape().with(-1, width); }
};

}  // namespace rppg::ops
