/// Irregular variations that are nevertheless known exactly at any time.
#pragma once

#include <cstdint>
#include <vector>

#include "base/random.h"
#include "datasets/synthetic/body/swing.h"
#include "datasets/synthetic/scene/scene_traits.h"

namespace rppg::datasets {

/// A sum of sines whose frequencies fill a band evenly on a logarithmic scale. Amplitudes fall with
/// frequency, a ~ f^-slope; standard deviation 1 over long times.
class Wander {
 public:
  Wander() = default;
  Wander(const Random& random, const Range& band_hz, double slope);

  double at(double time_s) const;
  /// From time 0.
  double integral(double time_s) const;
  /// No value lies further from 0.
  double largest() const;

 private:
  std::vector<Swing> swings_;
};

/// Levels in 0..1 that change at irregular times, one change per `interval_s`, each within
/// `rise_s`.
class Steps {
 public:
  Steps(const Random& random, double interval_s, double rise_s)
      : random_(random), interval_s_(interval_s), rise_s_(rise_s) {}

  double at(double time_s) const;
  /// Another quantity that changes at the same times; kind in 0..3.
  double at(double time_s, std::uint64_t kind) const;

 private:
  Random random_;
  double interval_s_;
  double rise_s_;
};

}  // namespace rppg::datasets
