#include "datasets/synthetic/truth.h"

#include <cmath>

#include "base/atomic_file.h"
#include "datasets/synthetic/body/finger_sensor.h"
#include "io/json.h"

namespace rppg::datasets {
namespace {

/// Rounded for files: a thousandth of a beat or a hundredth of a pixel is enough.
double rounded(double value, double steps) { return std::round(value * steps) / steps; }

template <typename Struct>
io::OrderedJson amounts_json(std::span<const Amount<Struct>> table, const Struct& values) {
  io::OrderedJson json;
  for (const Amount<Struct>& amount : table) {
    json[std::string(amount.name)] = values.*amount.member;
  }
  return json;
}

/// [start, end] of each spell that meets the take, on its clock.
io::OrderedJson spells_json(const Spells& spells, const Take& take) {
  io::OrderedJson json = io::OrderedJson::array();
  const double zero_s = take.time_s.front();
  double covered_s = zero_s;
  for (const double t : take.time_s) {
    const auto [start_s, length_s] = spells.around(t);
    if (t < covered_s || length_s == 0) continue;
    covered_s = start_s + length_s;
    json.push_back({rounded(start_s - zero_s, 1e6), rounded(covered_s - zero_s, 1e6)});
  }
  return json;
}

}  // namespace

void write_truth(const std::filesystem::path& file, const Session& session,
                 const Difficulty& difficulty, const Take& take, const std::vector<double>& stamp_s,
                 const Truth& truth) {
  io::OrderedJson json;
  json["id"] = take.id;
  json["seed"] = take.seed;
  json["difficulty"] = difficulty.name;
  const double zero_s = take.time_s.front();
  const double end_s = take.time_s.back();
  json["rate_hz"] = static_cast<double>(take.time_s.size() - 1) / (end_s - zero_s);
  json["yaw_degrees"] = take.yaw_degrees;
  json["age_years"] = rounded(session.age_years(), 10);
  json["pulse_amplitude"] = session.pulse_amplitude();
  json["finger_delay_s"] = session.finger_delay_s();
  json["hr_mean_bpm"] = truth.mean_rate_bpm;
  json["label_noise"] = amounts_json(label_noise_amounts(), difficulty.finger.noise);
  const FingerSensor sensor(session, difficulty.finger.noise);
  json["label_bursts_s"] = spells_json(sensor.bursts(), take);
  json["label_losses_s"] = spells_json(sensor.losses(), take);
  json["timing"] = amounts_json(timing_amounts(), difficulty.timing);
  json["beat_s"] = io::OrderedJson::array();
  json["ectopic_beats"] = io::OrderedJson::array();
  double beat = std::ceil(session.rhythm().cycles(zero_s));
  for (const double t : session.rhythm().beat_times_s(zero_s, end_s)) {
    if (session.rhythm().is_ectopic(beat++)) {
      json["ectopic_beats"].push_back(json["beat_s"].size());
    }
    json["beat_s"].push_back(rounded(t - zero_s, 1e6));
  }
  for (std::size_t i = 0; i < take.time_s.size(); ++i) {
    const FaceBox& face = truth.faces[i];
    json["time_s"].push_back(rounded(take.time_s[i] - zero_s, 1e6));
    json["stamp_s"].push_back(rounded(stamp_s[i] - zero_s, 1e6));
    json["pulse"].push_back(rounded(truth.pulse[i], 1e6));
    json["finger_pulse"].push_back(rounded(session.finger_pulse(take.time_s[i]), 1e6));
    json["hr_bpm"].push_back(rounded(truth.rate_bpm[i], 1e3));
    json["face_box"].push_back(
        {rounded(face.x, 1e2), rounded(face.y, 1e2), face.width, face.height});
  }
  write_file(file, io::to_text(json, true));
}

}  // namespace rppg::datasets
