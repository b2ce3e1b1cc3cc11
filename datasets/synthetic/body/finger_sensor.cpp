#include "datasets/synthetic/body/finger_sensor.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/text.h"

namespace rppg::datasets {
namespace {

constexpr Range baseline_hz{0.01, 0.15};
constexpr Range gain_hz{0.008, 0.03};
constexpr Range shaking_hz{0.4, 4};
constexpr double burst_height = 1.5;  ///< standard deviation in the middle, pulse heights
constexpr double shortest_burst_s = 1;
constexpr double shortest_loss_s = 1.5;
constexpr double lost_level = -0.6;  ///< what the sensor shows without a finger
constexpr double spells_per_slot = 0.8;

Random stream(const Session& session, std::string_view name) {
  const SessionRequest& request = session.request();
  return {request.seed, concat(request.subject, "/sensor/", request.session, "/", name)};
}

}  // namespace

Spells::Spells(double share, double shortest_s, const Random& random)
    : slot_s_(share > 0 ? spells_per_slot * 1.5 * shortest_s / share : 1),
      shortest_s_(shortest_s),
      chance_(share > 0 ? spells_per_slot : 0),
      random_(random) {}

std::pair<double, double> Spells::around(double time_s) const {
  if (chance_ == 0) return {time_s, 0};
  constexpr std::int64_t before_zero = 1 << 20;
  const double slot = std::floor(time_s / slot_s_);
  const auto index = 3 * static_cast<std::uint64_t>(static_cast<std::int64_t>(slot) + before_zero);
  if (random_.uniform(index) >= chance_) return {time_s, 0};
  const double length_s = random_.uniform(index + 1, shortest_s_, 2 * shortest_s_);
  const double start_s = slot * slot_s_ + random_.uniform(index + 2) * (slot_s_ - length_s);
  const bool inside = time_s >= start_s && time_s < start_s + length_s;
  return {start_s, inside ? length_s : 0};
}

FingerSensor::FingerSensor(const Session& session, const LabelNoise& noise)
    : session_(session),
      noise_(noise),
      random_(stream(session, "noise")),
      baseline_(stream(session, "baseline"), baseline_hz, 0.5),
      gain_(stream(session, "gain"), gain_hz, 0.5),
      shaking_(stream(session, "shaking"), shaking_hz, 0.5),
      bursts_(noise.bursts, shortest_burst_s, stream(session, "bursts")),
      losses_(noise.loss, shortest_loss_s, stream(session, "losses")) {}

double FingerSensor::burst(double time_s) const {
  const auto [start_s, length_s] = bursts_.around(time_s);
  if (length_s == 0) return 0;
  const double envelope = std::sin(std::numbers::pi * (time_s - start_s) / length_s);
  return burst_height * envelope * envelope * shaking_.at(time_s);
}

double FingerSensor::sample(double time_s, std::uint64_t number) const {
  const double white = noise_.noise * random_.normal(2 * number);
  const double body_s = time_s - noise_.lag_s - noise_.clock_s_per_min * time_s / 60;
  if (losses_.around(body_s).second > 0) return lost_level + white;
  const double gain = 1 + noise_.drift * gain_.at(body_s) / gain_.largest();
  const double value = gain * session_.finger_pulse(body_s) +
                       noise_.breathing * session_.breath(body_s) +
                       noise_.wander * baseline_.at(body_s) + burst(body_s) + white;
  if (noise_.clipping == 0) return value;
  const double cut = noise_.clipping / 2;
  const PulseShape& shape = session_.finger_shape();
  return std::clamp(value, shape.low() + cut, shape.high() - cut);
}

std::vector<double> FingerSensor::record(std::span<const double> time_s) const {
  std::vector<double> samples;
  samples.reserve(time_s.size());
  for (const double t : time_s) {
    const std::size_t i = samples.size();
    const bool dropped = i > 0 && random_.uniform(2 * i + 1) < noise_.dropouts;
    samples.push_back(dropped ? samples.back() : sample(t, i));
  }
  return samples;
}

}  // namespace rppg::datasets
