#include "datasets/synthetic/scene/motion.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/text.h"
#include "datasets/synthetic/body/session.h"

namespace rppg::datasets {
namespace {

constexpr double two_pi = 2 * std::numbers::pi;
constexpr Range slow_hz{0.02, 0.25};
constexpr Range quick_hz{0.3, 3};
constexpr Range syllable_hz{2, 6};
constexpr double degrees_per_unit = 45;  // quick movements turn the head about the neck

Random stream(const Session& session, std::string_view name) {
  const SessionRequest& request = session.request();
  return {request.seed, concat(request.subject, "/motion/", request.session, "/", name)};
}

double smooth(double t) {
  t = std::clamp(t, 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

}  // namespace

HeadMotion::HeadMotion(const Session& session, const SceneTraits& traits)
    : session_(session),
      task_(session.request().motion),
      sway_(traits.sway.draw(stream(session, "traits"), 0)),
      unrest_(traits.unrest.draw(stream(session, "traits"), 1)),
      recoil_(traits.recoil),
      task_gain_(traits.task_gain),
      random_(stream(session, "traits")),
      targets_(stream(session, "targets"), 3.0, 0.7),
      slow_x_(stream(session, "slow x"), slow_hz, 0.5),
      slow_y_(stream(session, "slow y"), slow_hz, 0.5),
      quick_x_(stream(session, "quick x"), quick_hz, 0.7),
      quick_y_(stream(session, "quick y"), quick_hz, 0.7),
      quick_yaw_(stream(session, "quick yaw"), quick_hz, 0.7),
      quick_pitch_(stream(session, "quick pitch"), quick_hz, 0.7),
      quick_roll_(stream(session, "quick roll"), quick_hz, 0.7),
      speech_(stream(session, "speech"), syllable_hz, 0),
      phrases_(stream(session, "phrases"), 1.6, 0.4) {}

Pose HeadMotion::at(double time_s) const {
  constexpr double largest = 3;  // standard deviations that the drift reaches
  const double drift = sway_ / largest;
  Pose pose;
  pose.x = translation(time_s) + drift * slow_x_.at(time_s) + unrest_ * quick_x_.at(time_s);
  pose.y = 0.5 * (drift * slow_y_.at(time_s) + unrest_ * quick_y_.at(time_s)) +
           recoil_ * session_.recoil(time_s) + 0.1 * drift * session_.breath(time_s);
  pose.z = drift * session_.breath(time_s);
  const double quick = degrees_per_unit * unrest_;
  pose.yaw = rotation(time_s) + quick * quick_yaw_.at(time_s);
  pose.pitch = 0.7 * quick * quick_pitch_.at(time_s) + 2 * jaw(time_s);
  pose.roll = 0.4 * quick * quick_roll_.at(time_s);
  pose.jaw = jaw(time_s);
  pose.lids = lids(time_s);
  return pose;
}

double HeadMotion::translation(double time_s) const {
  // Mean speeds of 7 and 14 % of the face's height, two units, per second; how far is not
  // published.
  const bool fast = task_ == Motion::fast_translation;
  if (task_ != Motion::slow_translation && !fast) return 0;
  constexpr double reach = 0.25;
  const double speed = fast ? 0.28 : 0.14;
  const double cycles = speed * time_s / (4 * reach) + random_.uniform(2);
  return task_gain_ * reach * std::sin(two_pi * cycles);
}

double HeadMotion::rotation(double time_s) const {
  // The subject looks from target to target, which lie 20 or 35 degrees to the sides at most.
  const bool medium = task_ == Motion::medium_rotation;
  if (task_ != Motion::small_rotation && !medium) return 0;
  return task_gain_ * (medium ? 35 : 20) * (2 * targets_.at(time_s) - 1);
}

double HeadMotion::jaw(double time_s) const {
  if (task_ != Motion::talking) return 0;
  const double loudness = smooth(2 * phrases_.at(time_s) - 0.3);
  return std::min(1.0, task_gain_) * loudness *
         std::clamp(0.25 + 0.15 * speech_.at(time_s), 0., 1.);
}

double HeadMotion::lids(double time_s) const {
  // About one blink of a quarter of a second in four seconds.
  constexpr double interval_s = 4, half_s = 0.13;
  const double cell = std::floor(time_s / interval_s);
  const auto index = static_cast<std::uint64_t>(static_cast<std::int64_t>(cell) + (1 << 20));
  const double blink_s = (cell + random_.uniform(index, 0.1, 0.9)) * interval_s;
  return smooth(1.5 - 1.5 * std::abs(time_s - blink_s) / half_s);
}

}  // namespace rppg::datasets
