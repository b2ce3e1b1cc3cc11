#include "models/lq_losses.h"

#include "ops/arithmetic.h"
#include "ops/codes.h"
#include "ops/losses.h"
#include "ops/spectral_losses.h"

namespace rppg::models {
namespace {

/// a may be undefined.
Tensor sum(Tensor a, Tensor b) { return a ? ops::add(a, b) : b; }

}  // namespace

QuantizerLoss quantizer_loss(const LabelQuantizer::Output& output, Tensor waves,
                             const ops::SampleRates& rates_hz) {
  QuantizerLoss loss;
  loss.time = ops::mean_squared_error(output.quantized, waves);
  loss.frequency = ops::rate_cross_entropy(output.quantized, waves, rates_hz);
  loss.commitment = output.commitment;
  loss.total = ops::add(ops::add(loss.time, loss.commitment), loss.frequency);
  return loss;
}

QuantizedLabels quantize_labels(const CoarseToFine& network, Tensor waves) {
  QuantizedLabels labels;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (network.has_head(i)) labels[i] = network.quantizer(i)(waves);
  }
  return labels;
}

HierarchicalLoss hierarchical_loss(const CoarseToFine& network, const CoarseToFine::Output& output,
                                   const QuantizedLabels& labels,
                                   const ops::SampleRates& rates_hz) {
  HierarchicalLoss loss;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!network.has_head(i)) continue;
    loss.tokens[i] =
        ops::token_cross_entropy(output.heads[i], network.quantizer(i).codes(), labels[i].tokens);
    loss.waves[i] = ops::hybrid_loss(output.waves[i], labels[i].quantized, rates_hz);
    loss.total = sum(loss.total, ops::add(loss.tokens[i], loss.waves[i]));
  }
  return loss;
}

Tensor waveform_loss(const CoarseToFine& network, const CoarseToFine::Output& output, Tensor waves,
                     const ops::SampleRates& rates_hz) {
  Tensor total;
  for (std::size_t i = 0; i < output.waves.size(); ++i) {
    if (network.has_head(i)) total = sum(total, ops::hybrid_loss(output.waves[i], waves, rates_hz));
  }
  return total;
}

}  // namespace rppg::models
