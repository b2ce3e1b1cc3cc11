/// What LQ-rPPG is trained for, in both of its stages.
#pragma once

#include <array>

#include "models/coarse_to_fine.h"
#include "models/label_quantizer.h"
#include "ops/spectral_losses.h"

namespace rppg::models {

/// Stage 1, of one quantiser: that waves stay what they are, in time and in frequency.
struct QuantizerLoss {
  Tensor time;        ///< mean squared error of quantised waves
  Tensor frequency;   ///< cross entropy of their heart rate (ops::rate_cross_entropy)
  Tensor commitment;  ///< of the encoder to the codes
  Tensor total;       ///< the sum
};
/// waves (B, T): what was quantised.
QuantizerLoss quantizer_loss(const LabelQuantizer::Output& output, Tensor waves,
                             const ops::SampleRates& rates_hz);

/// The labels of a batch, quantised for every level that has a head.
using QuantizedLabels = std::array<LabelQuantizer::Output, CoarseToFine::levels>;

/// With the quantisers of the network, as constants. waves (B, T), band-passed and standardised.
QuantizedLabels quantize_labels(const CoarseToFine& network, Tensor waves);

/// Stage 2: each head is to hit the token of its level, and each wave to be the quantised label.
/// Levels without a head have no losses.
struct HierarchicalLoss {
  std::array<Tensor, CoarseToFine::levels> tokens;  ///< cross entropies of heads
  std::array<Tensor, CoarseToFine::levels> waves;   ///< ops::hybrid_loss of waves
  Tensor total;                                     ///< the sum of all
};
HierarchicalLoss hierarchical_loss(const CoarseToFine& network, const CoarseToFine::Output& output,
                                   const QuantizedLabels& labels, const ops::SampleRates& rates_hz);

/// The same for labels that are not quantised: each wave is to be the label. waves (B, T).
Tensor waveform_loss(const CoarseToFine& network, const CoarseToFine::Output& output, Tensor waves,
                     const ops::SampleRates& rates_hz);

}  // namespace rppg::models
