/// Stage 2 of LQ-rPPG.
#include <algorithm>
#include <map>
#include <memory>
#include <span>

#include "base/error.h"
#include "models/coarse_to_fine.h"
#include "models/lq_losses.h"
#include "signal/pulse_label.h"
#include "tensor/tape.h"
#include "training/objectives.h"

namespace rppg::training {
namespace {

enum class Labels { quantized, band_passed, raw };

class Lq final : public Objective {
 public:
  Lq(const models::CoarseToFine& network, Labels labels) : network_(network), labels_(labels) {}

  Judgement operator()(Tensor clips, const Targets& targets) const override {
    const auto output = network_.run(clips);
    return {models::CoarseToFine::pulse(output), loss(output, prepared(targets), targets.rate_hz)};
  }

 private:
  Tensor loss(const models::CoarseToFine::Output& output, Tensor labels,
              std::span<const double> rate_hz) const {
    if (labels_ != Labels::quantized) {
      return models::waveform_loss(network_, output, labels, rate_hz);
    }
    const auto quantized = models::quantize_labels(network_, labels);
    return models::hierarchical_loss(network_, output, quantized, rate_hz).total;
  }

  /// Labels in the pulse band, or as they were read, each clip standardised.
  Tensor prepared(const Targets& targets) const {
    Tape& tape = targets.labels.tape();
    const Shape& shape = targets.labels.shape();
    const auto frames = static_cast<std::size_t>(shape[1]);
    const std::span<float> waves = tape.scratch(shape.count());
    const std::span<const float> labels = targets.labels.values();
    const std::span<double> clip = tape.scratch<double>(shape[1]);
    for (std::size_t b = 0; b < targets.rate_hz.size(); ++b) {
      const auto label = labels.subspan(b * frames, frames);
      std::copy(label.begin(), label.end(), clip.begin());
      prepare(clip, targets.rate_hz[b], tape);
      std::transform(clip.begin(), clip.end(), waves.subspan(b * frames).begin(),
                     [](double value) { return static_cast<float>(value); });
    }
    return tape.input(waves, shape);
  }

  void prepare(std::span<double> clip, double rate_hz, Tape& tape) const {
    if (labels_ == Labels::raw) {
      signal::standardize_label(clip);
      return;
    }
    const auto& preparation = preparations_.try_emplace(rate_hz, rate_hz).first->second;
    preparation(clip, tape.scratch<double>(static_cast<Index>(preparation.room(clip.size()))));
  }

  const models::CoarseToFine& network_;
  Labels labels_;
  mutable std::map<double, signal::LabelPreparation> preparations_;  ///< by sampling rate
};

}  // namespace

std::unique_ptr<Objective> make_lq(const models::Model& model, std::string_view loss) {
  const auto* network = dynamic_cast<const models::CoarseToFine*>(&model);
  if (network == nullptr) throw Error(Status::usage, "objective lq trains model c2f only");
  const bool quantized = loss == quantized_loss;
  if (!quantized && network->config().soft_codes) {
    throw Error(Status::usage, "labels that are not quantised have no codes: --set soft_codes=0");
  }
  return std::make_unique<Lq>(*network, quantized       ? Labels::quantized
                                        : loss == "raw" ? Labels::raw
                                                        : Labels::band_passed);
}

}  // namespace rppg::training
