/// Functions applied to each number.
#pragma once

#include "kernels/activation.h"
#include "tensor/tape.h"

namespace rppg::ops {

/// On the tape under the activation's name; `none` gives x itself.
Tensor activate(Tensor x, Activation activation);

inline Tensor relu(Tensor x) { return activate(x, Activation::relu); }
inline Tensor elu(Tensor x) { return activate(x, Activation::elu); }
inline Tensor tanh(Tensor x) { return activate(x, Activation::tanh); }
inline Tensor sigmoid(Tensor x) { return activate(x, Activation::sigmoid); }
inline Tensor silu(Tensor x) { return activate(x, Activation::silu); }
inline Tensor gelu(Tensor x) { return activate(x, Activation::gelu); }
inline Tensor softplus(Tensor x) { return activate(x, Activation::softplus); }

}  // namespace rppg::ops
