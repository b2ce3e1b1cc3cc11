#include "datasets/synthetic/session.h"

#include <cmath>
#include <numbers>

#include "base/text.h"

namespace rppg::datasets {
namespace {

constexpr double two_pi = 2 * std::numbers::pi;

}  // namespace

Session::Session(const SessionRequest& request, const Difficulty& difficulty)
    : subject_(request.seed, concat(request.subject, "/subject")),
      session_(request.seed, concat(request.subject, "/session/", request.session)),
      rhythm_(request.mean_rate_bpm, difficulty.heart.rate_swing_bpm,
              Random(request.seed, concat(request.subject, "/rhythm/", request.session))),
      appearance_(draw_appearance(Random(request.seed, concat(request.subject, "/face")),
                                  request.subject_index)),
      face_shape_(face_pulse_shape()),
      finger_shape_(finger_pulse_shape(Random(request.seed, concat(request.subject, "/finger")))),
      pulse_amplitude_(difficulty.scene.pulse_amplitude.draw(subject_, 0)),
      finger_delay_s_(difficulty.finger.delay_s.draw(subject_, 1)),
      finger_noise_(difficulty.finger.noise),
      finger_random_(request.seed, concat(request.subject, "/sensor/", request.session)),
      breathing_{0.06, session_.uniform(0, 0.20, 0.30), session_.uniform(1, 0, two_pi)} {
  const double sway = request.sway_gain * difficulty.scene.sway.draw(session_, 2);
  sway_x_ = slow_swings(session_, 3, sway, request.sway_speed);
  sway_y_ = slow_swings(session_, 7, 0.5 * sway, request.sway_speed);
}

double Session::face_pulse(double time_s) const { return face_shape_.at(rhythm_.cycles(time_s)); }

double Session::finger_pulse(double time_s, std::uint64_t sample) const {
  return finger_shape_.at(rhythm_.cycles(time_s - finger_delay_s_)) + breathing_.at(time_s) +
         finger_noise_ * finger_random_.normal(sample);
}

double Session::device_rate_bpm(double time_s) const {
  constexpr double memory_s = 6;
  return std::round(rhythm_.mean_rate_bpm(time_s - memory_s, time_s));
}

double Session::sway_x(double time_s) const { return sum_at(sway_x_, time_s); }

double Session::sway_y(double time_s) const { return sum_at(sway_y_, time_s); }

double Session::largest_sway() const { return sway_x_[0].amplitude + sway_x_[1].amplitude; }

}  // namespace rppg::datasets
