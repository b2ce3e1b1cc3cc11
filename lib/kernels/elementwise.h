/// Sums and products of arrays, number by number.
#pragma once

#include <cstdint>

#include "base/shape.h"

namespace rppg {

/// Random numbers of one dropout: Philox 4x32-10 (Salmon et al., SC 2011) with `seed` as key and
/// (128 numbers' group and lane, stream, step) as counter; each number takes 16 bits.
struct DropoutPattern {
  std::uint64_t seed;
  std::uint64_t step;
  std::uint32_t stream;
  std::int32_t threshold;  ///< numbers whose 16 bits are below are dropped
  float factor;            ///< of the others
};

/// Arrays of n numbers; y may be an input. Same results under every instruction set, but that
/// multiplications and additions are fused where it can.
struct ElementwiseKernels {
  void (*add)(const float* a, const float* b, Index n, float* y);
  void (*subtract)(const float* a, const float* b, Index n, float* y);
  void (*multiply)(const float* a, const float* b, Index n, float* y);
  /// y = factor x
  void (*scale)(const float* x, float factor, Index n, float* y);
  /// y += factor x
  void (*add_scaled)(const float* x, float factor, Index n, float* y);
  /// y += a b
  void (*add_product)(const float* a, const float* b, Index n, float* y);

  /// `count` runs of n numbers, from every `from_step` floats to every `to_step`.
  void (*copy_runs)(const float* from, Index from_step, Index count, Index n, float* to,
                    Index to_step);
  /// The same, added to what is there.
  void (*add_runs)(const float* from, Index from_step, Index count, Index n, float* to,
                   Index to_step);

  /// y[i] = x[i] + period[i modulo length]
  void (*add_periodic)(const float* x, const float* period, Index length, Index n, float* y);
  /// sums[i modulo length] += x[i]
  void (*sum_periodic)(const float* x, Index length, Index n, double* sums);

  /// y = x times 0 or the factor; `first`, a multiple of dropout_group, is x's place in the whole.
  void (*dropout)(const DropoutPattern& pattern, const float* x, Index first, Index n, float* y);
  /// y += the same.
  void (*add_dropout)(const DropoutPattern& pattern, const float* x, Index first, Index n,
                      float* y);
};

constexpr Index dropout_group = 128;

}  // namespace rppg
