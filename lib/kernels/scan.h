/// The selective scan of state space models (Gu and Dao, "Mamba", 2023) with its gate.
#pragma once

#include "base/shape.h"

namespace rppg {

constexpr Index scan_channels = 16;    ///< the most that one call takes
constexpr Index scan_chunk = 16;       ///< steps from a kept state to the next
constexpr Index scan_width_unit = 16;  ///< states per channel are padded to a multiple of this

/// Some channels of one sequence, in the order in which it is scanned: rows lie at x, x + x_row,
/// ... Backwards in time, each pointer is to the last row and each stride negative.
///
///   dt[t] = softplus(delta[t])
///   s[t] (channels, states) = exp(dt[t] a) s[t-1] + dt[t] x[t] b[t],  s[-1] = 0
///   y[t] = sum over states of s[t] c[t], plus skip x[t]
///   out[t] = y[t] SiLU(gate[t])
struct ScanSequence {
  Index steps;
  Index channels;  ///< 1 to scan_channels
  Index width;     ///< states, padded
  const float* delta;
  Index delta_row;
  const float* x;
  Index x_row;
  const float* gate;
  Index gate_row;
  const float* b;  ///< rows of `width` numbers, zeros beyond the states
  const float* c;
  Index bc_row;
  const float* a;     ///< (channels, width), from `rates`
  const float* skip;  ///< (channels)
  float* states;      ///< (chunks, channels, width): before each chunk; forward() writes them
  float* y;           ///< before the gate; forward() writes it, if it is not null
  Index y_row;
};

/// Gradients are added to what is there. Each row pointer may be null.
struct ScanGradients {
  const float* dout;
  Index dout_row;
  float* ddelta;
  float* dx;
  float* dgate;  ///< these have the strides of the numbers themselves
  float* db;
  float* dc;
  float* da;        ///< (channels, width)
  float* dskip;     ///< (channels)
  float* adjoints;  ///< (channels, width): zeros; used up
};

struct ScanKernels {
  /// a (channels, width) = -exp(a_log), from (channels, states); zeros beyond the states.
  void (*rates)(const float* a_log, Index channels, Index states, Index width, float* a);
  void (*forward)(const ScanSequence& sequence, float* out, Index out_row);
  /// States within a chunk are computed again from the one before it: one exponential per state
  /// and step, as forward.
  void (*backward)(const ScanSequence& sequence, const ScanGradients& gradients);
};

}  // namespace rppg
