#include "data/label_wave.h"

#include <cmath>
#include <numbers>

#include <doctest/doctest.h>

#include "base/error.h"
#include "signal/pulse_label.h"

using namespace rppg;
using namespace rppg::data;

namespace {

/// A sine of 1.2 Hz at 60 samples a second for 10 s.
Labels labels() {
  Labels all;
  for (int i = 0; i < 600; ++i) {
    all.time_s.push_back(5 + i / 60.0);
    all.ppg.push_back(std::sin(2 * std::numbers::pi * 1.2 * i / 60.0));
  }
  return all;
}

}  // namespace

TEST_CASE("by time stamps, labels keep their clock") {
  const LabelWave wave = label_wave({}, labels(), Alignment::timestamps, 30);
  CHECK(wave.start_s == 5);
  REQUIRE(wave.wave.samples.size() == 300);
  CHECK(wave.wave.samples[100] ==
        doctest::Approx(std::sin(2 * std::numbers::pi * 1.2 * 100 / 30.0)).epsilon(1e-3));
  CHECK(signal::label_rate_bpm(wave.wave.samples, 30, false) == doctest::Approx(72).epsilon(0.01));
}

TEST_CASE("by index, there is one sample per frame") {
  Labels all = labels();
  CHECK(label_wave({}, all, Alignment::index, 30).wave.samples.size() == 300);
  all.frame_time_s.assign(250, 0);
  CHECK(label_wave({}, all, Alignment::index, 30).wave.samples.size() == 250);
  all.per_frame = true;
  CHECK(label_wave({}, all, Alignment::index, 30).wave.samples == all.ppg);
}

TEST_CASE("labels without a wave are refused, and so are their clips") {
  Labels flat = labels();
  flat.ppg.assign(flat.ppg.size(), 1);
  CHECK_THROWS_AS(label_wave({}, flat, Alignment::timestamps, 30), Error);
  CHECK(signal::prepare_label(std::vector<double>(160, 2), 30).empty());
  const auto prepared = signal::prepare_label(labels().ppg, 60);
  double sum = 0, squares = 0;
  for (const double x : prepared) sum += x, squares += x * x;
  CHECK(sum == doctest::Approx(0).epsilon(1e-9));
  CHECK(squares == doctest::Approx(static_cast<double>(prepared.size() - 1)));
}
