/// The hard side of a code book of K scalars: the nearest code of each number, and code books that
/// follow the numbers they stand for.
///
/// Van den Oord et al., "Neural discrete representation learning", NeurIPS 2017, with code books as
/// running averages (its appendix A.1), as in LQ-rPPG.
#pragma once

#include <cstdint>
#include <span>

#include "base/random.h"
#include "tensor/tape.h"

namespace rppg::ops {

/// Number of the code that is nearest to v; the first of equally near ones.
std::int32_t nearest_code(double v, std::span<const double> codes);

/// Numbers as codes.
struct Quantized {
  Tensor values;                         ///< the nearest codes
  std::span<const std::int32_t> tokens;  ///< their numbers; in the tape's memory
};

/// z of any shape; codes: K numbers of any shape, at least one, constant. The gradient goes
/// straight through, from the codes to z.
Quantized quantize(Tensor z, Tensor codes);

/// How a code book follows its numbers.
struct CodeBookRule {
  double decay = 0.99;
  double epsilon = 1e-5;  ///< keeps counts from being zero
  /// A code with less than this part of an even share of all numbers is put on one of the batch,
  /// drawn at random (Dhariwal et al., "Jukebox", 2020); 0: never. A code that starts unused comes
  /// back by itself, after some hundred steps.
  double revive_below = 0;
};

/// A code book and its running sums and counts of the numbers that belong to each code.
struct CodeBook {
  std::span<double> codes;
  std::span<double> sums;
  std::span<double> counts;
};

/// One step, with n_j numbers of sum s_j at code j, N = sum of counts:
///
///   counts_j <- decay counts_j + (1 - decay) n_j;  counts_j <- (counts_j + e) / (N + K e) N
///   sums_j <- decay sums_j + (1 - decay) s_j;  codes_j = sums_j / counts_j
void follow(const CodeBook& book, std::span<const double> values,
            std::span<const std::int32_t> tokens, const CodeBookRule& rule, const Random& random);

/// The same for parameters, with the numbers and the random state of a tape. tokens: those of z.
void follow(Tensor codes, Tensor sums, Tensor counts, Tensor z,
            std::span<const std::int32_t> tokens, const CodeBookRule& rule);

}  // namespace rppg::ops
