/// Training against the contact PPG.
#include "ops/losses.h"
#include "training/objectives.h"

namespace rppg::training {
namespace {

class Supervised final : public Objective {
 public:
  using Distance = Tensor (*)(Tensor waveforms, Tensor labels);
  explicit Supervised(Distance distance) : distance_(distance) {}

  Tensor loss(Tensor waveforms, const Targets& targets) const override {
    return distance_(waveforms, targets.labels);
  }

 private:
  Distance distance_;
};

Tensor negative_pearson(Tensor waveforms, Tensor labels) {
  return ops::negative_pearson(waveforms, labels);
}

}  // namespace

std::unique_ptr<Objective> make_supervised(std::string_view loss) {
  return std::make_unique<Supervised>(loss == "mse" ? ops::mean_squared_error : negative_pearson);
}

}  // namespace rppg::training
