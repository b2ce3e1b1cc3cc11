#include "models/lq_losses.h"

#include "ops/arithmetic.h"
#include "ops/codes.h"
#include "ops/losses.h"
#include "ops/spectral_losses.h"

namespace rppg::models {

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
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = network.quantizer(i)(waves);
  return labels;
}

HierarchicalLoss hierarchical_loss(const CoarseToFine& network, const CoarseToFine::Output& output,
                                   const QuantizedLabels& labels,
                                   const ops::SampleRates& rates_hz) {
  HierarchicalLoss loss;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    loss.tokens[i] =
        ops::token_cross_entropy(output.heads[i], network.quantizer(i).codes(), labels[i].tokens);
    loss.waves[i] = ops::hybrid_loss(output.waves[i], labels[i].quantized, rates_hz);
    const Tensor both = ops::add(loss.tokens[i], loss.waves[i]);
    loss.total = i == 0 ? both : ops::add(loss.total, both);
  }
  return loss;
}

}  // namespace rppg::models
