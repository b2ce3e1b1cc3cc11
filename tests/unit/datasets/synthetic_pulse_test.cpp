#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "datasets/synthetic/body/pulse.h"
#include "datasets/synthetic/body/session.h"
#include "signal/filter.h"

namespace rppg::datasets {
namespace {

const Difficulty& easy() { return find_difficulty("easy"); }

Session session(std::uint64_t seed, const HeartRequest& heart = {.rate_bpm = 72}) {
  return Session({.seed = seed, .subject = "a", .session = "rest", .heart = heart}, easy());
}

/// A heart that does everything: arrhythmia of all kinds, ectopic beats and recovery.
HeartTraits lively() {
  HeartTraits traits;
  traits.recovery_s = {40, 60};
  traits.respiratory_swing_bpm = traits.mayer_swing_bpm = traits.slow_swing_bpm = {1.5, 2.5};
  traits.ectopic_per_min = {6, 6};
  return traits;
}

HeartRhythm lively_rhythm(std::uint64_t seed = 3) {
  return {{.rate_bpm = 70, .rise_bpm = 30}, lively(), Random(seed, "rhythm")};
}

std::vector<double> intervals_s(const HeartRhythm& rhythm, double seconds) {
  const std::vector<double> beats = rhythm.beat_times_s(0, seconds);
  std::vector<double> intervals;
  for (std::size_t i = 1; i < beats.size(); ++i) intervals.push_back(beats[i] - beats[i - 1]);
  return intervals;
}

TEST_CASE("beats are the integral of the rate, with ectopic beats and recovery, too") {
  for (const HeartRhythm& rhythm :
       {HeartRhythm({.rate_bpm = 72}, easy().heart, Random(3, "rhythm")), lively_rhythm()}) {
    constexpr double step_s = 0.001;
    double beats = rhythm.cycles(-2);
    for (int i = -2000; i < 30000; ++i) beats += rhythm.rate_bpm((i + 0.5) * step_s) / 60 * step_s;
    // The rate jumps where an ectopic beat falls; a step across one is off by a share of a step.
    CHECK(rhythm.cycles(30) == doctest::Approx(beats).epsilon(2e-4));
    CHECK(rhythm.mean_rate_bpm(0, 30) ==
          doctest::Approx(2 * (rhythm.cycles(30) - rhythm.cycles(0))).epsilon(1e-12));
  }
}

TEST_CASE("beats are where the cycles are whole, and none is left out") {
  const HeartRhythm rhythm = lively_rhythm();
  const std::vector<double> beats = rhythm.beat_times_s(0, 60);
  CHECK(static_cast<double>(beats.size()) ==
        std::floor(rhythm.cycles(60)) - std::ceil(rhythm.cycles(0)) + 1);
  double number = std::ceil(rhythm.cycles(0));
  for (const double t : beats) CHECK(rhythm.cycles(t) == doctest::Approx(number++).epsilon(1e-9));
}

TEST_CASE("the rate of an easy heart stays near its mean") {
  const HeartRhythm rhythm({.rate_bpm = 72}, easy().heart, Random(3, "rhythm"));
  double low = 72, high = 72;
  for (int i = 0; i < 6000; ++i) {
    low = std::min(low, rhythm.rate_bpm(0.05 * i));
    high = std::max(high, rhythm.rate_bpm(0.05 * i));
  }
  CHECK(low > 72 - 6);
  CHECK(high < 72 + 6);
  CHECK(high - low > 0.3);
}

TEST_CASE("swings have the deviation that is asked for, at their frequencies") {
  HeartTraits traits;
  traits.respiratory_swing_bpm = {2, 2};
  traits.mayer_swing_bpm = traits.slow_swing_bpm = {0, 0};
  const HeartRhythm rhythm({.rate_bpm = 75}, traits, Random(1, "swing"));
  double squares = 0, covariance = 0, breaths = 0;
  constexpr int count = 60000;
  for (int i = 0; i < count; ++i) {
    const double deviation = rhythm.rate_bpm(0.02 * i) - 75;
    const double breath = rhythm.breath(0.02 * i);
    squares += deviation * deviation / count;
    covariance += deviation * breath / count;
    breaths += breath * breath / count;
  }
  CHECK(std::sqrt(squares) == doctest::Approx(2).epsilon(0.1));
  // Sinus arrhythmia follows respiration.
  CHECK(covariance / std::sqrt(squares * breaths) == doctest::Approx(1).epsilon(1e-6));
}

TEST_CASE("after exercise the rate falls as an exponential") {
  HeartTraits traits;
  traits.recovery_s = {50, 50};
  traits.respiratory_swing_bpm = traits.mayer_swing_bpm = traits.slow_swing_bpm = {0, 0};
  const HeartRhythm rhythm({.rate_bpm = 70, .rise_bpm = 40}, traits, Random(1, "recovery"));
  CHECK(rhythm.rate_bpm(0) == doctest::Approx(110));
  CHECK(rhythm.rate_bpm(50) == doctest::Approx(70 + 40 / std::exp(1.0)));
  CHECK(rhythm.mean_rate_bpm(0, 100) ==
        doctest::Approx(70 + 40 * 0.5 * (1 - std::exp(-2.0))).epsilon(1e-9));
}

TEST_CASE("an ectopic beat comes early, and the next one when it would have") {
  HeartTraits traits = lively();
  traits.recovery_s = {0, 0};
  traits.respiratory_swing_bpm = traits.mayer_swing_bpm = traits.slow_swing_bpm = {0, 0};
  const HeartRhythm rhythm({.rate_bpm = 60}, traits, Random(5, "ectopic"));
  const double first = std::ceil(rhythm.cycles(0));
  const std::vector<double> intervals = intervals_s(rhythm, 600);
  int ectopic = 0;
  for (std::size_t i = 0; i + 1 < intervals.size(); ++i) {
    const double beat = first + static_cast<double>(i) + 1;  // which ends interval i
    if (!rhythm.is_ectopic(beat)) continue;
    ++ectopic;
    CHECK(intervals[i] < 0.76);
    CHECK(intervals[i] + intervals[i + 1] == doctest::Approx(2).epsilon(1e-6));
    CHECK(rhythm.strength(beat) < 0.7);
    CHECK(rhythm.strength(beat + 1) > 1);
  }
  CHECK(ectopic > 30);  // 60 in ten minutes, less those right after another
  CHECK(ectopic < 90);
}

std::vector<PulseShape> all_shapes() {
  std::vector<PulseShape> shapes;
  for (const double age : {18.0, 45.0, 80.0}) {
    shapes.push_back(face_pulse_shape(age, 75));
    shapes.push_back(finger_pulse_shape(age, 75, Random(1, "finger")));
  }
  return shapes;
}

TEST_CASE("a beat has zero mean, unit height, and no step where the next one starts") {
  for (const PulseShape& shape : all_shapes()) {
    double sum = 0, low = 0, high = 0;
    for (int i = 0; i < 1000; ++i) {
      const double value = shape.at(i / 1000.0);
      sum += value;
      low = std::min(low, value);
      high = std::max(high, value);
    }
    CHECK(std::abs(sum / 1000) < 1e-9);
    CHECK(high - low == doctest::Approx(1).epsilon(1e-9));
    CHECK(low == doctest::Approx(shape.low()).epsilon(1e-9));
    CHECK(std::abs(shape.at(0.999999) - shape.at(0)) < 1e-3);
    CHECK(shape.at(-2.75) == doctest::Approx(shape.at(0.25)).epsilon(1e-9));
  }
}

/// Depth of the valley between the systolic peak and the dicrotic one; 0 without a valley.
double notch(const PulseShape& shape) {
  double valley = shape.high(), depth = 0;
  for (int i = 250; i < 800; ++i) {
    valley = std::min(valley, shape.at(i / 1000.0));
    depth = std::max(depth, shape.at(i / 1000.0) - valley);
  }
  return depth;
}

TEST_CASE("the dicrotic notch is clear in the young and gone in the old") {
  const Random random(1, "finger");
  CHECK(notch(finger_pulse_shape(20, 75, random)) > 0.02);
  CHECK(notch(finger_pulse_shape(75, 75, random)) < 1e-3);
}

TEST_CASE("the finger follows the face") {
  const Session subject = session(1);
  double best = -1, best_delay_s = 0;
  for (int d = 0; d <= 50; ++d) {
    double product = 0, squares = 0;
    for (int i = 0; i < 2000; ++i) {
      const double finger = subject.finger_pulse(0.01 * i);
      product += finger * subject.face_pulse(0.01 * i - 0.01 * d);
      squares += finger * finger;
    }
    if (product / squares > best) {
      best = product / squares;
      best_delay_s = 0.01 * d;
    }
  }
  // The bells of the finger stand a twentieth of a beat earlier.
  CHECK(std::abs(best_delay_s - subject.finger_delay_s()) < 0.08);
}

TEST_CASE("the head recoils with every beat: zero mean, unit height") {
  const Session subject = session(4);
  double low = 0, high = 0;
  std::vector<double> values, pulses;
  for (int i = 0; i < 60000; ++i) {
    values.push_back(subject.recoil(0.001 * i));
    low = std::min(low, values.back());
    high = std::max(high, values.back());
  }
  CHECK(std::abs(signal::mean(values)) < 0.01);
  CHECK(high - low == doctest::Approx(1).epsilon(0.01));
  const double period_s = 1 / (subject.rhythm().mean_rate_bpm(0, 2) / 60);
  CHECK(subject.recoil(1) == doctest::Approx(subject.recoil(1 + period_s)).epsilon(0.2));
}

TEST_CASE("a sitting depends on its seed alone") {
  const Session one = session(1), same = session(1), other = session(2);
  CHECK(one.face_pulse(3.7) == same.face_pulse(3.7));
  CHECK(one.finger_pulse(3.7) == same.finger_pulse(3.7));
  CHECK(one.face_pulse(3.7) != other.face_pulse(3.7));
  CHECK(one.finger_pulse(3.7) != other.finger_pulse(3.7));
  CHECK(one.pulse_amplitude() != other.pulse_amplitude());
}

TEST_CASE("presets have hearts of living people") {
  for (const char* name : {"easy", "realistic", "hard", "ubfc-like", "pure-like", "mcd-like"}) {
    CAPTURE(name);
    const HeartTraits& heart = find_difficulty(name).heart;
    for (const Spread& spread : {heart.rate_bpm, heart.resting_rate_bpm}) {
      CHECK(spread.low >= 40);
      CHECK(spread.high <= 160);
      for (std::uint64_t i = 0; i < 50; ++i) {
        const double rate = spread.draw(Random(1, "rates"), i);
        CHECK(rate >= spread.low);
        CHECK(rate <= spread.high);
      }
    }
    for (const double rate : heart.known_rates_bpm) {
      CHECK(rate >= 40);
      CHECK(rate <= 160);
    }
  }
}

TEST_CASE("known rates are given in turn, to everyone a little different") {
  constexpr std::array<double, 3> known{50, 70, 90};
  HeartTraits traits;
  traits.known_rates_bpm = known;
  const auto rate = [&](int subject) {
    return traits.mean_rate_bpm(subject, Random(1, static_cast<std::uint64_t>(subject)));
  };
  for (int subject = 0; subject < 30; ++subject) {
    const double real = known[static_cast<std::size_t>(subject) % known.size()];
    CHECK(rate(subject) == doctest::Approx(real).epsilon(0.01));
    CHECK(rate(subject) != rate(subject + 3));
  }
}

}  // namespace
}  // namespace rppg::datasets
