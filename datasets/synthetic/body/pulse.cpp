#include "datasets/synthetic/body/pulse.h"

#include <algorithm>
#include <cmath>

namespace rppg::datasets {
namespace {

constexpr double reference_rate_bpm = 75;
constexpr double panting = 1.4;  ///< breaths after exercise, as a multiple of those at rest
constexpr Range breath_hz{0.20, 0.32};
constexpr Range mayer_hz{0.085, 0.115};
constexpr Range slow_hz{0.004, 0.05};
constexpr double irregularity = 0.06;  ///< of breathing, as a share of its rate
constexpr double root_of_two = 1.4142135623730951;

/// Beats before time 0 have numbers, too.
std::uint64_t number_of(double beat) {
  constexpr std::int64_t before_zero = std::int64_t{1} << 32;
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(beat) + before_zero);
}

Wander respiration(const Random& random, bool exerted) {
  const double rate_hz = breath_hz.draw(random, 0) * (exerted ? panting : 1);
  return {random, {(1 - irregularity) * rate_hz, (1 + irregularity) * rate_hz}, 0};
}

double between(double young, double old, double age_years) {
  return young + (old - young) * std::clamp((age_years - 20) / 50, 0.0, 1.0);
}

/// Share of a beat that the left ventricle ejects for.
double systolic_share(double rate_bpm) {
  const double ejection_s = 0.413 - 0.0017 * rate_bpm;
  return ejection_s * rate_bpm / 60;
}

/// Bells given for the reference rate, as long as they are at another one.
PulseShape stretched(PulseShape::Bell systolic, PulseShape::Bell dicrotic, double rate_bpm) {
  const double factor =
      systolic_share(std::clamp(rate_bpm, 40.0, 120.0)) / systolic_share(reference_rate_bpm);
  for (PulseShape::Bell* bell : {&systolic, &dicrotic}) {
    bell->center *= factor;
    bell->rise *= factor;
    bell->fall *= factor;
  }
  return {systolic, dicrotic};
}

}  // namespace

HeartRhythm::HeartRhythm(const HeartRequest& request, const HeartTraits& traits,
                         const Random& random)
    : rate_bpm_(request.rate_bpm),
      rise_bpm_(request.rise_bpm),
      recovery_s_(traits.recovery_s.draw(random, 0)),
      start_cycle_(random.uniform(1)),
      ectopic_share_(traits.ectopic_per_min.draw(random, 5) / request.rate_bpm),
      ectopics_(random.bits(6), "ectopic") {
  const double gain = request.rate_bpm / reference_rate_bpm;
  swings_bpm_ = {gain * traits.respiratory_swing_bpm.draw(random, 2),
                 gain * traits.mayer_swing_bpm.draw(random, 3),
                 gain * traits.slow_swing_bpm.draw(random, 4)};
  wanders_ = {respiration({random.bits(7), "breath"}, request.rise_bpm > 0),
              Wander({random.bits(8), "mayer"}, mayer_hz, 0),
              Wander({random.bits(9), "slow"}, slow_hz, 0.5)};
}

double HeartRhythm::sinus_rate_bpm(double time_s) const {
  const double left = recovery_s_ > 0 ? std::exp(-time_s / recovery_s_) : 1;
  double rate = rate_bpm_ + rise_bpm_ * left;
  for (std::size_t i = 0; i < wanders_.size(); ++i) rate += swings_bpm_[i] * wanders_[i].at(time_s);
  return rate;
}

double HeartRhythm::sinus_cycles(double time_s) const {
  const double risen_s =
      recovery_s_ > 0 ? recovery_s_ * (1 - std::exp(-time_s / recovery_s_)) : time_s;
  double beats = rate_bpm_ * time_s + rise_bpm_ * risen_s;
  for (std::size_t i = 0; i < wanders_.size(); ++i) {
    beats += swings_bpm_[i] * wanders_[i].integral(time_s);
  }
  return start_cycle_ + beats / 60;
}

bool HeartRhythm::is_ectopic(double beat) const {
  const auto drawn = [this](double b) {
    return ectopics_.uniform(2 * number_of(b)) < ectopic_share_;
  };
  return ectopic_share_ > 0 && drawn(beat) && !drawn(beat - 1);
}

double HeartRhythm::prematurity(double beat) const {
  return is_ectopic(beat) ? ectopics_.uniform(2 * number_of(beat) + 1, 0.25, 0.40) : 0;
}

double HeartRhythm::strength(double beat) const {
  if (is_ectopic(beat)) return 1 - 1.4 * prematurity(beat);
  return is_ectopic(beat - 1) ? 1.15 : 1;
}

double HeartRhythm::cycles(double time_s) const {
  const double sinus = sinus_cycles(time_s);
  const double last = std::floor(sinus);
  const double early = prematurity(last + 1);
  if (early > 0) {
    const double ectopic = last + 1 - early;
    return sinus < ectopic ? last + (sinus - last) / (1 - early)
                           : last + 1 + (sinus - ectopic) / (1 + early);
  }
  const double pause = prematurity(last);
  return pause > 0 ? last + (sinus - last + pause) / (1 + pause) : sinus;
}

double HeartRhythm::rate_bpm(double time_s) const {
  const double rate = sinus_rate_bpm(time_s);
  const double sinus = sinus_cycles(time_s);
  const double last = std::floor(sinus);
  const double early = prematurity(last + 1);
  if (early > 0) return rate / (sinus < last + 1 - early ? 1 - early : 1 + early);
  return rate / (1 + prematurity(last));
}

double HeartRhythm::mean_rate_bpm(double from_s, double to_s) const {
  return 60 * (cycles(to_s) - cycles(from_s)) / (to_s - from_s);
}

std::vector<double> HeartRhythm::beat_times_s(double from_s, double to_s) const {
  std::vector<double> times;
  const double end = cycles(to_s);
  double low = from_s;
  for (double beat = std::ceil(cycles(from_s)); beat <= end; ++beat) {
    double high = to_s;
    for (int i = 0; i < 50; ++i) {
      const double middle = 0.5 * (low + high);
      (cycles(middle) < beat ? low : high) = middle;
    }
    times.push_back(high);
  }
  return times;
}

double HeartRhythm::breath(double time_s) const { return wanders_[0].at(time_s) / root_of_two; }

PulseShape::PulseShape(const Bell& systolic, const Bell& dicrotic) : bells_{systolic, dicrotic} {
  constexpr int steps = 1000;
  double low = raw(0);
  double high = low;
  for (int i = 0; i < steps; ++i) {
    const double value = raw(static_cast<double>(i) / steps);
    low = std::min(low, value);
    high = std::max(high, value);
    mean_ += value / steps;
  }
  height_ = high - low;
  low_ = (low - mean_) / height_;
  foot_ = at(0);
}

double PulseShape::raw(double cycles) const {
  const double position = cycles - std::floor(cycles);
  double sum = 0;
  for (const Bell& bell : bells_) {
    for (const int beat : {-1, 0, 1}) {
      const double distance = position - bell.center - beat;
      const double u = distance / (distance < 0 ? bell.rise : bell.fall);
      sum += bell.height * std::exp(-0.5 * u * u);
    }
  }
  return sum;
}

double PulseShape::at(double cycles) const { return (raw(cycles) - mean_) / height_; }

PulseShape face_pulse_shape(double age_years, double rate_bpm) {
  const auto by_age = [age_years](double young, double old) {
    return between(young, old, age_years);
  };
  return stretched({1.0, 0.25, 0.15, by_age(0.16, 0.19)},
                   {0.45, by_age(0.56, 0.49), 0.16, by_age(0.17, 0.19)}, rate_bpm);
}

PulseShape finger_pulse_shape(double age_years, double rate_bpm, const Random& random) {
  const auto by_age = [age_years](double young, double old) {
    return between(young, old, age_years);
  };
  const double width = random.uniform(0, 0.9, 1.1);
  return stretched({1.0, 0.20, 0.085 * width, by_age(0.11, 0.145) * width},
                   {by_age(0.43, 0.35) + random.uniform(1, -0.12, 0.12),
                    by_age(0.52, 0.42) + random.uniform(2, -0.02, 0.02), 0.085, by_age(0.13, 0.17)},
                   rate_bpm);
}

}  // namespace rppg::datasets
