// What the finger sensor adds to the pulse: each amount is what was asked for, alone.
#include <algorithm>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.h"
#include "datasets/synthetic/body/finger_sensor.h"
#include "signal/filter.h"
#include "signal/quality.h"

namespace rppg::datasets {
namespace {

constexpr double rate_hz = 60;

const Session& subject() {
  static const Session session({.seed = 1, .subject = "a", .session = "rest"},
                               find_difficulty("easy"));
  return session;
}

LabelNoise only(double LabelNoise::*member, double value) {
  LabelNoise noise{};
  for (const Amount<LabelNoise>& amount : label_noise_amounts()) noise.*amount.member = 0;
  noise.*member = value;
  return noise;
}

std::vector<double> times(double seconds = 300) {
  std::vector<double> list;
  for (int i = 0; i < seconds * rate_hz; ++i) list.push_back(i / rate_hz);
  return list;
}

std::vector<double> clean() {
  std::vector<double> list;
  for (const double t : times()) list.push_back(subject().finger_pulse(t));
  return list;
}

/// Recording less the clean pulse.
std::vector<double> added(const LabelNoise& noise) {
  std::vector<double> samples = FingerSensor(subject(), noise).record(times());
  const std::vector<double> pulse = clean();
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i] -= pulse[i];
  return samples;
}

TEST_CASE("without noise the sensor records the clean pulse") {
  CHECK(FingerSensor(subject(), only(&LabelNoise::noise, 0)).record(times()) == clean());
}

TEST_CASE("white noise, breathing and wander have the size that is asked for") {
  CHECK(signal::standard_deviation(added(only(&LabelNoise::noise, 0.2))) ==
        doctest::Approx(0.2).epsilon(0.03));
  CHECK(signal::standard_deviation(added(only(&LabelNoise::breathing, 0.2))) ==
        doctest::Approx(0.2 / std::sqrt(2)).epsilon(0.1));
  CHECK(signal::standard_deviation(added(only(&LabelNoise::wander, 0.5))) ==
        doctest::Approx(0.5).epsilon(0.15));
}

TEST_CASE("bursts and lost contact cover the share of the time that is asked for") {
  for (const double share : {0.05, 0.2}) {
    const FingerSensor shaken(subject(), only(&LabelNoise::bursts, share));
    const FingerSensor loose(subject(), only(&LabelNoise::loss, share));
    double burst = 0, lost = 0;
    constexpr int count = 40000;
    for (int i = 0; i < count; ++i) {
      burst += shaken.bursts().around(0.1 * i).second > 0;
      lost += loose.losses().around(0.1 * i).second > 0;
    }
    CHECK(burst / count == doctest::Approx(share).epsilon(0.15));
    CHECK(lost / count == doctest::Approx(share).epsilon(0.15));
  }
}

TEST_CASE("a burst is there within its spell and nowhere else; lost contact is flat") {
  const FingerSensor shaken(subject(), only(&LabelNoise::bursts, 0.2));
  const std::vector<double> burst = added(only(&LabelNoise::bursts, 0.2));
  const FingerSensor loose(subject(), only(&LabelNoise::loss, 0.2));
  const std::vector<double> samples = loose.record(times());
  const std::vector<double> pulse = clean();
  double largest = 0;
  for (std::size_t i = 0; i < burst.size(); ++i) {
    const double t = static_cast<double>(i) / rate_hz;
    if (shaken.bursts().around(t).second == 0) CHECK(std::abs(burst[i]) < 1e-12);
    largest = std::max(largest, std::abs(burst[i]));
    const bool lost = loose.losses().around(t).second > 0;
    CHECK((samples[i] == pulse[i]) == !lost);
    if (lost) CHECK(samples[i] < subject().finger_shape().low());
  }
  CHECK(largest > 1);
}

TEST_CASE("clipping cuts both ends of the pulse") {
  const std::vector<double> samples =
      FingerSensor(subject(), only(&LabelNoise::clipping, 0.3)).record(times());
  const auto [low, high] = std::minmax_element(samples.begin(), samples.end());
  CHECK(*high - *low == doctest::Approx(0.7).epsilon(1e-9));
  CHECK(std::count(samples.begin(), samples.end(), *high) > 300);
}

TEST_CASE("drift changes the amplitude by no more than is asked for") {
  const std::vector<double> samples =
      FingerSensor(subject(), only(&LabelNoise::drift, 0.5)).record(times());
  const std::vector<double> pulse = clean();
  double low = 1, high = 1;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (std::abs(pulse[i]) < 0.1) continue;
    low = std::min(low, samples[i] / pulse[i]);
    high = std::max(high, samples[i] / pulse[i]);
  }
  CHECK(low >= 0.5 - 1e-9);
  CHECK(high <= 1.5 + 1e-9);
  CHECK(high - low > 0.3);
}

TEST_CASE("dropouts repeat the sample before") {
  const std::vector<double> samples =
      FingerSensor(subject(), only(&LabelNoise::dropouts, 0.3)).record(times());
  double repeated = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) repeated += samples[i] == samples[i - 1];
  CHECK(repeated / static_cast<double>(samples.size()) == doctest::Approx(0.3).epsilon(0.05));
}

TEST_CASE("lag and clock move the recording along the time axis") {
  LabelNoise noise = only(&LabelNoise::lag_s, 0.5);
  noise.clock_s_per_min = 0.2;
  const std::vector<double> samples = FingerSensor(subject(), noise).record(times());
  for (const std::size_t i : {0, 600, 17999}) {
    const double t = static_cast<double>(i) / rate_hz;
    CHECK(samples[i] == doctest::Approx(subject().finger_pulse(t - 0.5 - 0.2 * t / 60)));
  }
}

TEST_CASE("amounts are set by name; others are refused") {
  LabelNoise noise;
  const auto set = [&](const char* text) {
    set_amounts("--label-noise", text, label_noise_amounts(), noise);
  };
  set("bursts=0.3,wander=0.2");
  CHECK(noise.bursts == 0.3);
  CHECK(noise.wander == 0.2);
  CHECK(noise.breathing == LabelNoise{}.breathing);
  set("none,lag=-0.25");
  CHECK(noise.bursts == 0);
  CHECK(noise.breathing == 0);
  CHECK(noise.lag_s == -0.25);
  for (const char* text : {"burst=0.3", "bursts=2", "bursts=-0.1", "bursts=nan",
                           "bursts=", "bursts", "", "bursts=0.1,", "wander=0.1 bursts=0.1"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(set(text), Error);
  }
}

}  // namespace
}  // namespace rppg::datasets
