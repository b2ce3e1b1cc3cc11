/// Training against the contact PPG.
#include "ops/losses.h"
#include "training/objectives.h"

namespace rppg::training {
namespace {

class Supervised final : public Objective {
 public:
  using Distance = Tensor (*)(Tensor waveforms, Tensor labels);
  Supervised(const models::Model& model, Distance distance) : model_(model), distance_(distance) {}

  Judgement operator()(Tensor clips, const Targets& targets) const override {
    const Tensor waveforms = model_(clips);
    return {waveforms, distance_(waveforms, targets.labels)};
  }

 private:
  const models::Model& model_;
  Distance distance_;
};

Tensor negative_pearson(Tensor waveforms, Tensor labels) {
  return ops::negative_pearson(waveforms, labels);
}

}  // namespace

std::unique_ptr<Objective> make_supervised(const models::Model& model, std::string_view loss) {
  return std::make_unique<Supervised>(model,
                                      loss == "mse" ? ops::mean_squared_error : negative_pearson);
}

}  // namespace rppg::training
