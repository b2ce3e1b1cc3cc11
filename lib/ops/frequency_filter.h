/// Channels changed in the frequency domain (RhythmMamba's feed-forward layers).
#pragma once

#include "tensor/tape.h"

namespace rppg::ops {

struct FrequencyFilterWeights {
  Tensor real;       ///< (C, C), of which only the diagonal counts, as in the published program
  Tensor imaginary;  ///< alike
  Tensor real_bias;  ///< (C)
  Tensor imaginary_bias;  ///< (C)
};

/// Real part of the inverse of Z, with X the Fourier transform of x (B, T, C) along time, both over
/// sqrt(T), and at every frequency
///
///   Re Z = relu(Re X real - Im X imaginary + real_bias)
///   Im Z = relu(Im X real + Re X imaginary + imaginary_bias)
///
/// Zou et al., "RhythmMamba", AAAI 2025. Throws std::logic_error for shapes that do not fit.
Tensor frequency_filter(Tensor x, const FrequencyFilterWeights& weights);

}  // namespace rppg::ops
