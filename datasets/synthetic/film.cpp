#include "datasets/synthetic/film.h"

#include <cmath>
#include <numbers>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "datasets/synthetic/camera.h"
#include "io/json.h"

namespace rppg::datasets {
namespace {

/// Rounded for files: a thousandth of a beat or a hundredth of a pixel is enough.
double rounded(double value, double steps) { return std::round(value * steps) / steps; }

}  // namespace

Truth film(const Session& session, const Difficulty& difficulty, const Take& take,
           const std::function<void(const video::Image& frame)>& keep) {
  const Random random(take.seed, concat(take.id, "/camera"));
  const auto drift = slow_swings(random, 0, difficulty.scene.light_drift.draw(random, 4), 0.5);
  const int margin = 2 + static_cast<int>(std::ceil(session.largest_sway() * take.width));
  const double foreshortening = std::cos(take.yaw_degrees * std::numbers::pi / 180);
  const Camera camera(
      draw_portrait(session.appearance(), {take.width, take.height, take.yaw_degrees, margin}),
      difficulty.camera.noise_codes.draw(random, 5), Random(take.seed, concat(take.id, "/noise")));

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

}  // namespace rppg::datasets
