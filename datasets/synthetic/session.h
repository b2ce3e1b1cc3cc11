/// One synthetic sitting: a subject in front of cameras with a sensor on the finger, at any time.
#pragma once

#include <cstdint>
#include <string>

#include "datasets/synthetic/difficulty.h"
#include "datasets/synthetic/head.h"
#include "datasets/synthetic/pulse.h"

namespace rppg::datasets {

/// What the layout asks of a sitting.
struct SessionRequest {
  std::uint64_t seed = 0;
  std::string subject;  ///< streams of random numbers are named by it
  int subject_index = 0;
  std::string session;  ///< tells the sittings of a subject apart
  double mean_rate_bpm = 0;
  double sway_gain = 1;  ///< how far the head moves, times the difficulty's sway
  double sway_speed = 1;
};

class Session {
 public:
  Session(const SessionRequest& request, const Difficulty& difficulty);

  const HeartRhythm& rhythm() const { return rhythm_; }
  const Appearance& appearance() const { return appearance_; }
  double pulse_amplitude() const { return pulse_amplitude_; }
  double finger_delay_s() const { return finger_delay_s_; }

  /// Blood volume in the face, zero mean, unit peak to peak.
  double face_pulse(double time_s) const;
  /// The same heart at the finger, later, with breathing; `sample` numbers the sensor noise. About
  /// -0.7..0.9.
  double finger_pulse(double time_s, std::uint64_t sample) const;
  /// What a pulse oximeter shows: the mean of the last seconds, whole beats per minute.
  double device_rate_bpm(double time_s) const;
  /// Shift of the head, as a share of the picture's width.
  double sway_x(double time_s) const;
  double sway_y(double time_s) const;
  /// No shift exceeds this.
  double largest_sway() const;

 private:
  Random subject_;
  Random session_;
  HeartRhythm rhythm_;
  Appearance appearance_;
  PulseShape face_shape_;
  PulseShape finger_shape_;
  double pulse_amplitude_;
  double finger_delay_s_;
  double finger_noise_;
  Random finger_random_;
  Swing breathing_;
  std::array<Swing, 2> sway_x_;
  std::array<Swing, 2> sway_y_;
};

}  // namespace rppg::datasets
