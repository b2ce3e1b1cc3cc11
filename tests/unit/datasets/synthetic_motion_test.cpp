// Movement and light that stay within what the preset asks for.
#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "datasets/synthetic/body/session.h"
#include "datasets/synthetic/scene/light.h"
#include "datasets/synthetic/scene/motion.h"

namespace rppg::datasets {
namespace {

const Difficulty& easy() { return find_difficulty("easy"); }

Session session(Motion motion) {
  return Session({.seed = 1, .subject = "a", .session = "s", .motion = motion}, easy());
}

template <typename Value>
Range range_of(Value value) {
  Range range{1e9, -1e9};
  for (int i = 0; i < 3000; ++i) {
    const double v = value(i / 25.0);
    range = {std::min(range.low, v), std::max(range.high, v)};
  }
  return range;
}

TEST_CASE("each task of PURE moves what it should, by its amount") {
  const auto reach = [](Motion motion, double Pose::*part) {
    const Session sitting = session(motion);
    SceneTraits traits = easy().scene;
    traits.task_gain = 1;
    const HeadMotion head(sitting, traits);
    const Range range = range_of([&](double t) { return head.at(t).*part; });
    return range.high - range.low;
  };
  CHECK(reach(Motion::steady, &Pose::x) < 0.05);
  CHECK(reach(Motion::steady, &Pose::yaw) == 0);
  CHECK(reach(Motion::steady, &Pose::jaw) == 0);
  CHECK(reach(Motion::talking, &Pose::jaw) > 0.5);
  CHECK(reach(Motion::slow_translation, &Pose::x) == doctest::Approx(0.5).epsilon(0.12));
  CHECK(reach(Motion::small_rotation, &Pose::yaw) == doctest::Approx(36).epsilon(0.12));
  CHECK(reach(Motion::medium_rotation, &Pose::yaw) == doctest::Approx(63).epsilon(0.12));
}

TEST_CASE("fast translation is twice as fast as slow: 14 and 7 % of the face's height a second") {
  const auto speed = [](Motion motion) {
    const Session sitting = session(motion);
    SceneTraits traits = easy().scene;
    traits.task_gain = 1;
    traits.sway = {0, 0};
    const HeadMotion head(sitting, traits);
    double way = 0;
    for (int i = 0; i < 3000; ++i) {
      way += std::abs(head.at((i + 1) / 50.0).x - head.at(i / 50.0).x);
    }
    return way / 60 / 2;
  };
  CHECK(speed(Motion::slow_translation) == doctest::Approx(0.07).epsilon(0.05));
  CHECK(speed(Motion::fast_translation) == doctest::Approx(0.14).epsilon(0.05));
}

TEST_CASE("people blink, and mostly have their eyes open") {
  const Session sitting = session(Motion::steady);
  const HeadMotion head(sitting, easy().scene);
  int closed = 0, open = 0;
  for (int i = 0; i < 3000; ++i) {
    const double lids = head.at(i / 25.0).lids;
    closed += lids > 0.9;
    open += lids < 0.1;
  }
  CHECK(closed > 30);
  CHECK(open > 2600);
}

TEST_CASE("the heart's recoil nods the head at the pulse, when the preset has it") {
  const Session sitting = session(Motion::steady);
  SceneTraits traits = easy().scene;
  traits.sway = {0, 0};
  traits.recoil = 0.01;
  const HeadMotion head(sitting, traits);
  const Range y = range_of([&](double t) { return head.at(t).y; });
  CHECK(y.high - y.low == doctest::Approx(0.01).epsilon(0.05));
}

TEST_CASE("light is steady unless the preset changes it") {
  SceneTraits traits;
  traits.light_drift = {0, 0};
  const Light steady(Random(1, "light"), traits);
  const Range lamp = range_of([&](double t) { return steady.at(t).lamp[1] * steady.flicker(t); });
  CHECK(lamp.low == 1);
  CHECK(lamp.high == 1);

  traits.light_colour = {0.02, 0.02};
  const Light coloured(Random(1, "light"), traits);
  const auto colour = [&](std::size_t c) {
    return range_of([&](double t) { return coloured.at(t).lamp[c]; });
  };
  CHECK(colour(0).low < 0.99);
  CHECK(colour(1).low == colour(1).high);
  CHECK(colour(2).high > 1.02);
  CHECK(coloured.at(5).lamp[0] - 1 == doctest::Approx(0.44 * (1 - coloured.at(5).lamp[2])));

  traits.screen_light = {0.1, 0.1};
  traits.flicker = {0.02, 0.02};
  const Light changing(Random(1, "light"), traits);
  const Range blue = range_of([&](double t) { return changing.at(t).screen[2]; });
  CHECK(blue.high > 0.08);
  const Range against_red = range_of(
      [&](double t) { return changing.at(t).screen[2] / (changing.at(t).screen[0] + 1e-9); });
  CHECK(against_red.low > 1.3);  // a display is bluer than lamps
  CHECK(against_red.high > 1.1 * against_red.low);
  CHECK(range_of([&](double t) { return changing.flicker(t / 7); }).high > 1.01);
}

TEST_CASE("a shadow has a soft edge") {
  const Illumination light{.shadow_depth = 0.5F, .shadow_edge = 0};
  CHECK(light.shadow(-1) == 1);
  CHECK(light.shadow(0) == doctest::Approx(0.5));
  CHECK(light.shadow(1) == 0);
}

}  // namespace
}  // namespace rppg::datasets
