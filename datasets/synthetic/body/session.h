/// One synthetic sitting: a subject in front of cameras with a sensor on the finger, at any time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "datasets/synthetic/body/pulse.h"
#include "datasets/synthetic/difficulty.h"
#include "datasets/synthetic/head/head.h"
#include "datasets/synthetic/scene/motion.h"

namespace rppg::datasets {

/// What the layout asks of a sitting.
struct SessionRequest {
  std::uint64_t seed = 0;
  std::string subject;  ///< streams of random numbers are named by it
  int subject_index = 0;
  std::string session;  ///< tells the sittings of a subject apart
  HeartRequest heart;
  Motion motion = Motion::steady;
  std::filesystem::path photograph;  ///< of the face; empty: it is drawn
};

class Session {
 public:
  Session(const SessionRequest& request, const Difficulty& difficulty);

  const SessionRequest& request() const { return request_; }
  const HeartRhythm& rhythm() const { return rhythm_; }
  const Appearance& appearance() const { return appearance_; }
  const PulseShape& finger_shape() const { return finger_shape_; }
  double pulse_amplitude() const { return pulse_amplitude_; }
  double finger_delay_s() const { return finger_delay_s_; }
  double age_years() const { return age_years_; }

  /// Blood volume in the face, zero mean, unit peak to peak, where the pulse arrives first; a
  /// region that it reaches later sees it at `time_s - delay`. Before time 0, too.
  double face_pulse(double time_s) const;
  /// The same heart at the finger, in its own shape and later; without any noise.
  double finger_pulse(double time_s) const;
  /// Respiration, zero mean, amplitude about 1; high when the lungs are full.
  double breath(double time_s) const { return rhythm_.breath(time_s); }
  /// Ballistocardiographic displacement of the head, mainly vertical: zero mean, unit peak to peak
  /// (Balakrishnan et al., CVPR 2013).
  double recoil(double time_s) const;
  /// What a pulse oximeter shows: the mean of the last seconds, whole beats per minute.
  double device_rate_bpm(double time_s) const;

 private:
  double beat(const PulseShape& shape, double time_s) const;

  SessionRequest request_;
  HeartRhythm rhythm_;
  Appearance appearance_;
  double age_years_;
  PulseShape face_shape_;
  PulseShape finger_shape_;
  double pulse_amplitude_;
  double finger_delay_s_;
};

}  // namespace rppg::datasets
