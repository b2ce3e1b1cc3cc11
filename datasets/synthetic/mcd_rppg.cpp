// MCD-rPPG: video/, meta/, ppg_sync/ per camera, ppg/ per state, db.csv.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "base/atomic_file.h"
#include "base/text.h"
#include "datasets/synthetic/frame_clock.h"
#include "datasets/synthetic/layout.h"

namespace rppg::datasets {
namespace {

namespace fs = std::filesystem;

constexpr double sensor_rate_hz = 100;
constexpr double sensor_lead_s = 0.5;   // it starts before and stops after the cameras
constexpr double latest_start_s = 0.3;  // cameras start within this time
constexpr std::array<std::string_view, 4> codecs{"mpeg4", "mjpeg", "ffv1", "raw"};

struct CameraPlace {
  std::string_view name;
  std::string_view view;
  double side;  ///< times the difficulty's angle
  double rate_hz;
};
constexpr std::array<CameraPlace, 3> cameras{{{"FullHDwebcam", "frontal", 0, 30},
                                              {"USBVideo", "left", 1, 24},
                                              {"IriunWebcam", "right", -1, 29.9}}};
constexpr std::array<std::string_view, 2> states{"before", "after"};

/// Wall-clock time of a sitting's zero, microseconds since 1970.
std::int64_t session_start_us(int subject_index, std::size_t state) {
  constexpr std::int64_t first_us = 1'677'664'800'000'000;  // 2023-03-01 10:00:00
  constexpr std::int64_t minute_us = 60'000'000;
  return first_us + (20 * subject_index + 8 * static_cast<std::int64_t>(state)) * minute_us;
}

/// "YYYY-MM-DD<separator>HH:MM:SS.ffffff".
std::string stamp_text(std::int64_t stamp_us, char separator) {
  const std::chrono::sys_time<std::chrono::microseconds> time{std::chrono::microseconds(stamp_us)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  const auto two = [](std::int64_t number) { return padded(number, 2); };
  return concat(static_cast<int>(date.year()), "-", two(static_cast<unsigned>(date.month())), "-",
                two(static_cast<unsigned>(date.day())), separator, two(clock.hours().count()), ":",
                two(clock.minutes().count()), ":", two(clock.seconds().count()), ".",
                padded(clock.subseconds().count(), 6));
}

std::int64_t microseconds(double seconds) { return std::llround(seconds * 1e6); }

/// One sitting of one subject; all of its cameras see the same heart.
class Sitting {
 public:
  Sitting(const SyntheticOptions& options, int subject_index, std::size_t state)
      : options_(options),
        difficulty_(find_difficulty(options.difficulty)),
        index_(subject_index),
        state_(state),
        id_(subject_id(subject_index)),
        session_(request(), difficulty_) {}

  static std::string subject_id(int index) { return padded(1020 + 7 * index, 4); }

  void write_camera(const CameraPlace& camera) const {
    const std::string id = camera_id(camera);
    const Take take = make_take(camera, id);
    const Truth truth = write_video(options_.folder / "video" / concat(id, ".avi"), session_, take,
                                    options_, rate_hz(camera));
    write_file(options_.folder / "meta" / concat(id, ".txt"), meta(take));
    write_file(options_.folder / "ppg_sync" / concat(id, ".txt"), synchronised(take));
    write_truth(options_.folder / "truth" / concat(id, ".truth.json"), session_, difficulty_, take,
                truth);
  }

  void write_sensor() const {
    std::string text;
    for (std::int64_t i = 0; i < sensor_samples(); ++i) {
      text += concat(sensor_value(i), " ", stamp_text(stamp_us(sensor_time_s(i)), 'T'), "\n");
    }
    write_file(options_.folder / sensor_file(), text);
  }

  std::string camera_id(const CameraPlace& camera) const {
    return concat(id_, "_", camera.name, "_", states[state_]);
  }
  std::string sensor_file() const { return concat("ppg/", id_, "_", states[state_], ".PW"); }
  std::int64_t frames(const CameraPlace& camera) const {
    return frame_count(options_, rate_hz(camera));
  }
  std::string table_row(const CameraPlace& camera) const {
    const std::string id = camera_id(camera);
    return concat(id_, ",", states[state_], ",", camera.name, ",", camera.view, ",video/", id,
                  ".avi,ppg_sync/", id, ".txt,meta/", id, ".txt,", sensor_file(), ",",
                  session_.device_rate_bpm(0), "\n");
  }

 private:
  SessionRequest request() const {
    const std::string subject = concat("mcd-rppg/", id_);
    const Random random(options_.seed, subject);
    const double rest_bpm = difficulty_.heart.resting_rate_bpm.draw(random, 0);
    const double rise_bpm = state_ == 0 ? 0 : difficulty_.heart.exercise_rise_bpm.draw(random, 1);
    return {.seed = options_.seed,
            .subject = subject,
            .subject_index = index_,
            .session = std::string(states[state_]),
            .mean_rate_bpm = rest_bpm + rise_bpm};
  }

  double rate_hz(const CameraPlace& camera) const {
    return options_.rate_hz > 0 ? options_.rate_hz : camera.rate_hz;
  }

  Take make_take(const CameraPlace& camera, const std::string& id) const {
    const std::string name = concat("mcd-rppg/", id);
    const double start_s = Random(options_.seed, name).uniform(0, 0, latest_start_s);
    Take take{name,
              options_.seed,
              options_.width,
              options_.height,
              camera.side * difficulty_.scene.side_view_degrees,
              frame_stamps(difficulty_, Random(options_.seed, concat(name, "/stamps")),
                           static_cast<std::size_t>(frames(camera)), start_s, rate_hz(camera))};
    for (double& t : take.time_s) t = static_cast<double>(microseconds(t)) * 1e-6;
    return take;
  }

  std::int64_t stamp_us(double time_s) const {
    return session_start_us(index_, state_) + microseconds(time_s);
  }

  std::int64_t sensor_samples() const {
    return std::llround((options_.seconds + latest_start_s + 2 * sensor_lead_s) * sensor_rate_hz);
  }
  static double sensor_time_s(std::int64_t sample) {
    return static_cast<double>(sample) / sensor_rate_hz - sensor_lead_s;
  }
  int sensor_value(std::int64_t sample) const {
    const double value =
        session_.finger_pulse(sensor_time_s(sample), static_cast<std::uint64_t>(sample));
    return std::clamp(static_cast<int>(std::lround(100 + 120 * value)), 0, 255);
  }

  std::string meta(const Take& take) const {
    std::string text;
    for (std::size_t i = 0; i < take.time_s.size(); ++i) {
      text += concat(i + 1, " ", stamp_text(stamp_us(take.time_s[i]), ' '), "\n");
    }
    return text;
  }

  /// Per frame the nearest sample of the finger sensor, and how far away it is.
  std::string synchronised(const Take& take) const {
    std::string text;
    for (const double t : take.time_s) {
      const std::int64_t sample = std::clamp<std::int64_t>(
          std::llround((t + sensor_lead_s) * sensor_rate_hz), 0, sensor_samples() - 1);
      const std::int64_t distance_us =
          std::abs(microseconds(t) - microseconds(sensor_time_s(sample)));
      text += concat(sensor_value(sample), " ",
                     format_number(static_cast<double>(distance_us) / 1e6), "\n");
    }
    return text;
  }

  SyntheticOptions options_;
  Difficulty difficulty_;
  int index_;
  std::size_t state_;
  std::string id_;
  Session session_;
};

SyntheticRecording plan_recording(const SyntheticOptions& options, int index, std::size_t state,
                                  const CameraPlace& camera) {
  const Sitting sitting(options, index, state);
  const bool with_sensor = &camera == cameras.data();
  const std::string id = sitting.camera_id(camera);
  std::vector<fs::path> files{concat("video/", id, ".avi"), concat("meta/", id, ".txt"),
                              concat("ppg_sync/", id, ".txt"), concat("truth/", id, ".truth.json")};
  if (with_sensor) files.emplace_back(sitting.sensor_file());
  const auto write = [=, &camera] {
    for (const char* folder : {"video", "meta", "ppg_sync", "ppg", "truth"}) {
      create_writable_folder(options.folder / folder);
    }
    sitting.write_camera(camera);
    if (with_sensor) sitting.write_sensor();
  };
  return {id, files, sitting.frames(camera), write};
}

void write_table(const SyntheticOptions& options) {
  std::string text = "patient_id,step,camera,view,video,ppg_sync,meta,ppg,pulse\n";
  for (int i = 0; i < options.subjects; ++i) {
    for (std::size_t state = 0; state < states.size(); ++state) {
      const Sitting sitting(options, i, state);
      for (const CameraPlace& camera : cameras) text += sitting.table_row(camera);
    }
  }
  write_file(options.folder / "db.csv", text);
}

SyntheticPlan plan(const SyntheticOptions& options) {
  SyntheticPlan result;
  for (int i = 0; i < options.subjects; ++i) {
    for (std::size_t state = 0; state < states.size(); ++state) {
      for (const CameraPlace& camera : cameras) {
        result.recordings.push_back(plan_recording(options, i, state, camera));
      }
    }
  }
  result.index_files = {"db.csv"};
  result.write_index = [options] { write_table(options); };
  return result;
}

}  // namespace

const SyntheticLayout synthetic_mcd_rppg{
    .name = "mcd-rppg", .codecs = codecs, .max_subjects = 1000, .plan = plan};

}  // namespace rppg::datasets
