/// The heart of a synthetic subject: a rhythm and a wave form, both known exactly at any time.
#pragma once

#include <array>
#include <vector>

#include "datasets/synthetic/body/body_traits.h"
#include "datasets/synthetic/scene/wander.h"

namespace rppg::datasets {

/// What a sitting asks of the heart.
struct HeartRequest {
  double rate_bpm = 75;  ///< mean, or what the rate falls towards
  double rise_bpm = 0;   ///< above that at time 0, after exercise
};

/// Heart rate over time, by integral pulse frequency modulation (Mateo and Laguna, IEEE TBME
/// 47:985, 2000): beats fall where the integral of the rate is whole.
///
/// The rate is a mean, or an exponential recovery (Pierpont et al., J Auton Nerv Syst 80:169,
/// 2000), with respiratory, Mayer-wave and 1/f variation (Task Force, Circulation 93:1043, 1996).
/// An ectopic beat comes early; the next one comes when it would have (full compensatory pause).
class HeartRhythm {
 public:
  HeartRhythm(const HeartRequest& request, const HeartTraits& traits, const Random& random);

  /// Instantaneous rate.
  double rate_bpm(double time_s) const;
  /// Beats since an arbitrary zero, with their fraction; the exact integral of the rate. Rises.
  double cycles(double time_s) const;
  /// Beats between two times, as a rate.
  double mean_rate_bpm(double from_s, double to_s) const;
  /// When beats begin (cycles() is whole), in [from, to].
  std::vector<double> beat_times_s(double from_s, double to_s) const;
  bool is_ectopic(double beat) const;
  /// Height of the pulse of a beat: smaller of an ectopic one, larger after its pause.
  double strength(double beat) const;
  /// Respiration, zero mean, amplitude about 1; high when the lungs are full.
  double breath(double time_s) const;

 private:
  /// Of the sinus node, which ectopic beats do not disturb.
  double sinus_rate_bpm(double time_s) const;
  double sinus_cycles(double time_s) const;
  /// Where an ectopic beat falls before its time, in sinus cycles.
  double prematurity(double beat) const;

  double rate_bpm_;
  double rise_bpm_;
  double recovery_s_;
  double start_cycle_;
  std::array<double, 3> swings_bpm_{};
  std::array<Wander, 3> wanders_;  ///< respiratory, Mayer, slow
  double ectopic_share_;
  Random ectopics_;
};

/// One beat as the sum of a systolic and a dicrotic bell (after McSharry et al., IEEE TBME 50:289,
/// 2003), of zero mean and unit peak-to-peak height; high when the vessels are full.
class PulseShape {
 public:
  struct Bell {
    double height;
    double center;  ///< in cycles
    double rise;    ///< standard deviation before the centre, in cycles
    double fall;    ///< and after it
  };

  PulseShape(const Bell& systolic, const Bell& dicrotic);

  double at(double cycles) const;
  /// Where a beat begins.
  double foot() const { return foot_; }
  double low() const { return low_; }
  double high() const { return low_ + 1; }

 private:
  double raw(double cycles) const;

  std::array<Bell, 2> bells_;
  double mean_ = 0;
  double height_ = 1;
  double low_ = 0;
  double foot_ = 0;
};

/// Blood volume in the skin of the face: rounded, as fitted to two real faces (docs/synthetic.md).
/// With age the reflected wave comes earlier and the notch fills (O'Rourke et al., Br J Clin
/// Pharmacol 51:507, 2001). Systole takes a larger share of shorter beats (Weissler's regression,
/// in Lewis et al., Circulation 56:146, 1977).
PulseShape face_pulse_shape(double age_years, double rate_bpm);
/// At the fingertip: steeper, with a marked notch in the young; a little different for every
/// subject.
PulseShape finger_pulse_shape(double age_years, double rate_bpm, const Random& random);

}  // namespace rppg::datasets
