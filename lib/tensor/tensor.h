/// A handle on an array of numbers and, where it is wanted, on the gradient of the loss for it.
#pragma once

#include <span>

#include "base/shape.h"

namespace rppg {

class Tape;

/// What a tensor refers to. Owned by an arena or a parameter store.
struct TensorNode {
  Shape shape;
  float* values = nullptr;
  float* gradient = nullptr;    ///< null until it is first asked for
  TensorNode* whole = nullptr;  ///< whose memory this reshaped view shares; null: its own
  Tape* tape = nullptr;         ///< null for parameters
  bool wants_gradient = false;
};

/// Trivially copyable; a copy is the same tensor. Row-major; activations have their channels last.
class Tensor {
 public:
  Tensor() = default;
  explicit Tensor(TensorNode* node) : node_(node) {}

  const Shape& shape() const { return node_->shape; }
  Index count() const { return node_->shape.count(); }
  std::span<const float> values() const {
    return {node_->values, static_cast<std::size_t>(count())};
  }
  bool wants_gradient() const { return node_->wants_gradient; }
  /// Zeros when it is first asked for; backward passes add to it, and never assign.
  std::span<float> gradient() const;
  bool has_gradient() const;
  /// The tape that it was made on; not for parameters.
  Tape& tape() const { return *node_->tape; }
  bool is_parameter() const { return node_->tape == nullptr; }
  explicit operator bool() const { return node_ != nullptr; }

  /// For the op that makes the tensor, and for initialisation.
  std::span<float> mutable_values() const {
    return {node_->values, static_cast<std::size_t>(count())};
  }
  TensorNode* node() const { return node_; }

 private:
  TensorNode* node_ = nullptr;
};

/// Throws std::logic_error "what: shape (2, 3), expected (2, 4)".
void require_shape(const char* what, const Shape& shape, const Shape& expected);

}  // namespace rppg
