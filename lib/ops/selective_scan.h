/// The selective scan of Mamba, one direction, with its gate.
#pragma once

#include "ops/columns.h"
#include "ops/time_direction.h"
#include "tensor/tape.h"

namespace rppg::ops {

struct SelectiveScanInputs {
  Tensor x;      ///< (B, T, E)
  Tensor delta;  ///< (B, T, E), before softplus
  Columns b;     ///< (B, T, N)
  Columns c;     ///< (B, T, N)
  Columns gate;  ///< (B, T, E), before SiLU
  Tensor a_log;  ///< (E, N)
  Tensor skip;   ///< (E)
};

/// With dt = softplus(delta), A = -exp(a_log), and time in the direction given:
///
///   s_{e,n}[t] = exp(dt_e[t] A_{e,n}) s_{e,n}[t-1] + dt_e[t] b_n[t] x_e[t],  s[-1] = 0
///   y_e[t] = (sum_n s_{e,n}[t] c_n[t] + skip_e x_e[t]) SiLU(gate_e[t])
///
/// y (B, T, E). Gu and Dao, "Mamba: linear-time sequence modeling with selective state spaces",
/// 2023, algorithm 2, with b discretised by Euler's method as in its published program. Throws
/// std::logic_error for shapes that do not fit.
Tensor selective_scan(const SelectiveScanInputs& inputs, TimeDirection direction);

}  // namespace rppg::ops
