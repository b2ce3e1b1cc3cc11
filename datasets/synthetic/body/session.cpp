#include "datasets/synthetic/body/session.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/text.h"

namespace rppg::datasets {
namespace {

constexpr double two_pi = 2 * std::numbers::pi;

Random stream(const SessionRequest& request, std::string_view name) {
  return {request.seed, concat(request.subject, "/", name)};
}

/// Ejection pushes the head down, the rebound of the aorta up again: mostly first and second
/// harmonic of the pulse.
double recoil_at(double cycles) {
  return -std::sin(two_pi * cycles) - 0.6 * std::sin(2 * two_pi * cycles + 0.9) -
         0.25 * std::sin(3 * two_pi * cycles + 1.7);
}

double recoil_height() {
  double low = 0, high = 0;
  for (int i = 0; i < 1000; ++i) {
    low = std::min(low, recoil_at(i * 1e-3));
    high = std::max(high, recoil_at(i * 1e-3));
  }
  return high - low;
}

}  // namespace

Session::Session(const SessionRequest& request, const Difficulty& difficulty)
    : request_(request),
      rhythm_(request.heart, difficulty.heart, stream(request, concat("rhythm/", request.session))),
      appearance_(draw_appearance(stream(request, "face"),
                                  request.subject_index % difficulty.scene.skin_tones)),
      age_years_(difficulty.heart.age_years.draw(stream(request, "subject"), 2)),
      face_shape_(face_pulse_shape(age_years_, request.heart.rate_bpm + request.heart.rise_bpm)),
      finger_shape_(finger_pulse_shape(age_years_, request.heart.rate_bpm + request.heart.rise_bpm,
                                       stream(request, "finger"))),
      pulse_amplitude_(difficulty.scene.pulse_amplitude.draw(stream(request, "subject"), 0)),
      finger_delay_s_(difficulty.finger.delay_s.draw(stream(request, "subject"), 1)) {}

double Session::beat(const PulseShape& shape, double time_s) const {
  const double cycles = rhythm_.cycles(time_s);
  const double value = shape.at(cycles);
  return value + (rhythm_.strength(std::floor(cycles)) - 1) * (value - shape.foot());
}

double Session::face_pulse(double time_s) const { return beat(face_shape_, time_s); }

double Session::finger_pulse(double time_s) const {
  return beat(finger_shape_, time_s - finger_delay_s_);
}

double Session::recoil(double time_s) const {
  static const double height = recoil_height();
  return recoil_at(rhythm_.cycles(time_s)) / height;
}

double Session::device_rate_bpm(double time_s) const {
  constexpr double memory_s = 6;
  return std::round(rhythm_.mean_rate_bpm(time_s - memory_s, time_s));
}

}  // namespace rppg::datasets
