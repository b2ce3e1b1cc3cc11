/// The contact sensor on the finger of a synthetic subject: the clean pulse and what it adds.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "datasets/synthetic/body/session.h"

namespace rppg::datasets {

/// Spells that cover an expected share of the time, at most one per slot; known at any time.
class Spells {
 public:
  /// Their lengths lie between shortest_s and twice that; share <= 0.5.
  Spells(double share, double shortest_s, const Random& random);

  /// Start and length of the spell around time_s; length 0 outside.
  std::pair<double, double> around(double time_s) const;

 private:
  double slot_s_;
  double shortest_s_;
  double chance_;
  Random random_;
};

class FingerSensor {
 public:
  FingerSensor(const Session& session, const LabelNoise& noise);

  /// Samples at these times on the sensor's clock (rising), in pulse heights around 0; without
  /// noise about -0.4 to 0.6.
  std::vector<double> record(std::span<const double> time_s) const;

  const Spells& bursts() const { return bursts_; }
  const Spells& losses() const { return losses_; }

 private:
  double sample(double time_s, std::uint64_t number) const;
  double burst(double time_s) const;

  const Session& session_;
  LabelNoise noise_;
  Random random_;
  Wander baseline_;
  Wander gain_;
  Wander shaking_;
  Spells bursts_;
  Spells losses_;
};

}  // namespace rppg::datasets
