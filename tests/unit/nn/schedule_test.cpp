#include "nn/schedule.h"

#include <cmath>

#include <doctest/doctest.h>

namespace rppg::nn {

TEST_CASE("one cycle goes up to the peak and down") {
  const Schedule schedule{.kind = Schedule::Kind::one_cycle, .learning_rate = 3e-3, .steps = 100};
  const auto check = [&](Index step, double learning_rate, double beta1) {
    CAPTURE(step);
    CHECK(schedule.at(step).learning_rate == doctest::Approx(learning_rate).epsilon(1e-5));
    CHECK(schedule.at(step).beta1 == doctest::Approx(beta1).epsilon(1e-5));
  };
  check(0, 1.2e-4, 0.95);
  check(10, 8.8549e-4, 0.92342);
  check(15, 1.63796e-3, 0.89729);
  check(29, 3e-3, 0.85);
  check(50, 2.38168e-3, 0.87061);
  check(75, 7.89206e-4, 0.92369);
  check(99, 1.2e-8, 0.95);
}

TEST_CASE("short cycles are finite, and steps beyond the last are the last") {
  for (Index steps = 0; steps <= 12; ++steps) {
    const Schedule schedule{.kind = Schedule::Kind::one_cycle, .learning_rate = 1, .steps = steps};
    for (Index step = 0; step < steps + 2; ++step) {
      const StepRates rates = schedule.at(step);
      CHECK(rates.learning_rate > 0);
      CHECK(rates.learning_rate <= 1);
      CHECK(rates.beta1 >= 0.85);
      CHECK(rates.beta1 <= 0.95);
    }
    CHECK(schedule.at(steps + 5).learning_rate == doctest::Approx(4e-6));
  }
}

TEST_CASE("half a cosine, and no change at all") {
  const Schedule cosine{
      .kind = Schedule::Kind::cosine, .learning_rate = 0.2, .steps = 10, .beta1 = 0.8};
  CHECK(cosine.at(0).learning_rate == doctest::Approx(0.2));
  CHECK(cosine.at(5).learning_rate == doctest::Approx(0.1));
  CHECK(cosine.at(9).learning_rate == doctest::Approx(0.1 * (1 - std::cos(0.1 * std::acos(-1)))));
  CHECK(cosine.at(3).beta1 == 0.8);
  const Schedule constant{.learning_rate = 0.2, .steps = 10, .beta1 = 0.7};
  for (Index step = 0; step < 12; ++step) {
    CHECK(constant.at(step).learning_rate == 0.2);
    CHECK(constant.at(step).beta1 == 0.7);
  }
}

}  // namespace rppg::nn
