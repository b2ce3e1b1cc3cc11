#include "datasets/synthetic_session.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "io/json.h"

namespace rppg::datasets {
namespace {

constexpr double two_pi = 2 * std::numbers::pi;

/// Two slow swings whose amplitudes add up to `largest`; uses four numbers from `index`.
std::array<Swing, 2> slow_swings(const Random& random, std::uint64_t index, double largest,
                                 double speed) {
  return {{{0.65 * largest, speed * random.uniform(index, 0.03, 0.08),
            random.uniform(index + 1, 0, two_pi)},
           {0.35 * largest, speed * random.uniform(index + 2, 0.12, 0.25),
            random.uniform(index + 3, 0, two_pi)}}};
}

double sum_at(const std::array<Swing, 2>& swings, double time_s) {
  return swings[0].at(time_s) + swings[1].at(time_s);
}

/// Rounded for files: a thousandth of a beat or a hundredth of a pixel is enough.
double rounded(double value, double steps) { return std::round(value * steps) / steps; }

}  // namespace

Session::Session(const SessionRequest& request, const Difficulty& difficulty)
    : subject_(request.seed, concat(request.subject, "/subject")),
      session_(request.seed, concat(request.subject, "/session/", request.session)),
      rhythm_(request.mean_rate_bpm, difficulty.rate_swing_bpm,
              Random(request.seed, concat(request.subject, "/rhythm/", request.session))),
      appearance_(draw_appearance(Random(request.seed, concat(request.subject, "/face")),
                                  request.subject_index)),
      face_shape_(face_pulse_shape()),
      finger_shape_(finger_pulse_shape(Random(request.seed, concat(request.subject, "/finger")))),
      pulse_amplitude_(difficulty.pulse_amplitude.draw(subject_, 0)),
      finger_delay_s_(difficulty.finger_delay_s.draw(subject_, 1)),
      finger_noise_(difficulty.finger_noise),
      finger_random_(request.seed, concat(request.subject, "/sensor/", request.session)),
      breathing_{0.06, session_.uniform(0, 0.20, 0.30), session_.uniform(1, 0, two_pi)} {
  const double sway = request.sway_gain * difficulty.sway.draw(session_, 2);
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

Truth film(const Session& session, const Difficulty& difficulty, const Take& take,
           const std::function<void(const video::Image& frame)>& keep) {
  const Random random(take.seed, concat(take.id, "/camera"));
  const auto drift = slow_swings(random, 0, difficulty.light_drift.draw(random, 4), 0.5);
  const int margin = 2 + static_cast<int>(std::ceil(session.largest_sway() * take.width));
  const double foreshortening = std::cos(take.yaw_degrees * std::numbers::pi / 180);
  const Camera camera(
      draw_portrait(session.appearance(), {take.width, take.height, take.yaw_degrees, margin}),
      difficulty.sensor_noise.draw(random, 5), Random(take.seed, concat(take.id, "/noise")));

  Truth truth;
  truth.mean_rate_bpm = session.rhythm().mean_rate_bpm(take.time_s.front(), take.time_s.back());
  video::Image image;
  for (std::size_t i = 0; i < take.time_s.size(); ++i) {
    if (stop_requested()) throw Error(Status::interrupted, concat(take.id, ": stopped"));
    const double t = take.time_s[i];
    const double pulse = session.face_pulse(t);
    const Moment moment{1 + sum_at(drift, t), take.width * foreshortening * session.sway_x(t),
                        take.width * session.sway_y(t), session.pulse_amplitude() * pulse};
    camera.expose(static_cast<std::int64_t>(i), moment, image);
    keep(image);
    FaceBox face = camera.face();
    face.x += moment.shift_x;
    face.y += moment.shift_y;
    truth.pulse.push_back(pulse);
    truth.rate_bpm.push_back(session.rhythm().rate_bpm(t));
    truth.faces.push_back(face);
  }
  return truth;
}

void write_truth(const std::filesystem::path& file, const Session& session,
                 const Difficulty& difficulty, const Take& take, const Truth& truth) {
  io::OrderedJson json;
  json["id"] = take.id;
  json["seed"] = take.seed;
  json["difficulty"] = difficulty.name;
  const double span_s = take.time_s.back() - take.time_s.front();
  json["rate_hz"] = static_cast<double>(take.time_s.size() - 1) / span_s;
  json["yaw_degrees"] = take.yaw_degrees;
  json["pulse_amplitude"] = session.pulse_amplitude();
  json["finger_delay_s"] = session.finger_delay_s();
  json["hr_mean_bpm"] = truth.mean_rate_bpm;
  for (std::size_t i = 0; i < take.time_s.size(); ++i) {
    const FaceBox& face = truth.faces[i];
    json["time_s"].push_back(rounded(take.time_s[i] - take.time_s.front(), 1e6));
    json["pulse"].push_back(rounded(truth.pulse[i], 1e6));
    json["hr_bpm"].push_back(rounded(truth.rate_bpm[i], 1e3));
    json["face_box"].push_back(
        {rounded(face.x, 1e2), rounded(face.y, 1e2), face.width, face.height});
  }
  write_file(file, io::to_text(json, true));
}

std::vector<double> frame_stamps(const Difficulty& difficulty, const Random& random,
                                 std::size_t frames, double start_s, double rate_hz) {
  const double jitter_s = std::min(difficulty.stamp_jitter_s, 0.4 / rate_hz);
  std::vector<double> stamps;
  for (std::size_t i = 0; i < frames; ++i) {
    const double offset = i == 0 ? 0 : random.uniform(i, -jitter_s, jitter_s);
    stamps.push_back(start_s + static_cast<double>(i) / rate_hz + offset);
  }
  return stamps;
}

}  // namespace rppg::datasets
