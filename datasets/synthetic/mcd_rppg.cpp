// MCD-rPPG: video/, meta/, ppg_sync/ per camera, ppg/ per state, db.csv.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "base/atomic_file.h"
#include "base/text.h"
#include "datasets/synthetic/body/finger_sensor.h"
#include "datasets/synthetic/layout.h"
#include "datasets/synthetic/truth.h"

namespace rppg::datasets {
namespace {

namespace fs = std::filesystem;

constexpr double sensor_rate_hz = 100;
constexpr double sensor_lead_s = 0.5;   // it starts before and stops after the cameras
constexpr double latest_start_s = 0.3;  // cameras start within this time
constexpr std::array<std::string_view, 5> codecs{"mpeg4", "mjpeg", "ffv1", "raw", "h264"};

struct CameraPlace {
  std::string_view name;
  std::string_view view;
  double side;  ///< times the difficulty's angle
  double rate_hz;
  CameraKind kind;
};
/// A webcam, a camcorder, whose small sensor is like that of a webcam, and a phone.
constexpr std::array<CameraPlace, 3> cameras{
    {{"FullHDwebcam", "frontal", 0, 30, CameraKind::webcam},
     {"USBVideo", "left", 1, 24, CameraKind::webcam},
     {"IriunWebcam", "right", -1, 29.9, CameraKind::phone}}};
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

/// One in 400 subjects has no finger in the sensor, as 3 of the 1200 sittings of the public set.
bool is_flat(int subject_index) { return subject_index % 400 == 57; }

/// What the finger sensor wrote.
struct SensorFile {
  std::vector<int> values;
  std::vector<std::int64_t> offsets_us;  ///< of the stamps from the sitting's zero
};

/// One sitting of one subject; all of its cameras see the same heart.
class Sitting {
 public:
  Sitting(const SyntheticOptions& options, int subject_index, std::size_t state)
      : options_(options),
        difficulty_(difficulty_of(options)),
        index_(subject_index),
        state_(state),
        id_(subject_id(subject_index)),
        session_(request(), difficulty_) {}

  static std::string subject_id(int index) { return padded(1020 + 7 * index, 4); }

  void write_camera(const CameraPlace& camera) const {
    const std::string id = camera_id(camera);
    const FrameTimes times = frame_times_of(camera);
    const Take take = make_take(camera, times);
    const Random odds(options_.seed, concat(take.id, "/file"));
    // The last lines of ppg_sync and the last frames may be missing.
    const std::size_t lines_lost = quirks() ? odds.integer(0, 3) : 0;
    const std::size_t frames_lost = quirks() ? lines_lost + odds.integer(1, 2) : 0;
    const Truth truth = write_video(options_.folder / video_file(camera), session_, take, options_,
                                    rate_hz(camera), frames_lost);
    write_file(options_.folder / "meta" / concat(id, ".txt"), meta(times));
    write_file(options_.folder / "ppg_sync" / concat(id, ".txt"),
               synchronised(times, times.stamp_s.size() - lines_lost));
    write_truth(options_.folder / "truth" / concat(id, ".truth.json"), session_, difficulty_, take,
                times.stamp_s, truth);
  }

  void write_sensor() const {
    const SensorFile sensor = record_sensor();
    std::string text;
    for (std::size_t i = 0; i < sensor.values.size(); ++i) {
      text +=
          concat(sensor.values[i], " ", stamp_text(start_us() + sensor.offsets_us[i], 'T'), "\n");
    }
    write_file(options_.folder / sensor_file(), text);
  }

  std::string camera_id(const CameraPlace& camera) const {
    return concat(id_, "_", camera.name, "_", states[state_]);
  }
  std::string video_file(const CameraPlace& camera) const {
    return concat("video/", camera_id(camera), video_suffix(options_));
  }
  std::string sensor_file() const { return concat("ppg/", id_, "_", states[state_], ".PW"); }
  std::int64_t frames(const CameraPlace& camera) const {
    return frame_count(options_, rate_hz(camera));
  }
  std::string table_row(const CameraPlace& camera) const {
    const std::string id = camera_id(camera);
    return concat(id_, ",", states[state_], ",", camera.name, ",", camera.view, ",",
                  video_file(camera), ",ppg_sync/", id, ".txt,meta/", id, ".txt,", sensor_file(),
                  ",", cuff_rate_bpm(), "\n");
  }

 private:
  bool quirks() const { return difficulty_.file.quirks; }

  SessionRequest request() const {
    const std::string subject = concat("mcd-rppg/", id_);
    const Random random(options_.seed, subject);
    const double rest_bpm = difficulty_.heart.resting_rate_bpm.draw(random, 0);
    const double rise_bpm = state_ == 0 ? 0 : difficulty_.heart.exercise_rise_bpm.draw(random, 1);
    return {.seed = options_.seed,
            .subject = subject,
            .subject_index = index_,
            .session = std::string(states[state_]),
            .heart = {.rate_bpm = rest_bpm, .rise_bpm = rise_bpm},
            .photograph = face_of(options_, index_)};
  }

  double rate_hz(const CameraPlace& camera) const {
    return options_.rate_hz > 0 ? options_.rate_hz : camera.rate_hz;
  }

  /// A cuff measured it; with quirks at another moment than the video.
  double cuff_rate_bpm() const {
    const double rate = session_.device_rate_bpm(0);
    if (!quirks()) return rate;
    const Random random(options_.seed, concat("mcd-rppg/", id_, "/cuff"));
    return std::max(40.0, std::round(rate + 15 * random.normal(state_)));
  }

  std::string take_id(const CameraPlace& camera) const {
    return concat("mcd-rppg/", camera_id(camera));
  }

  /// Stamps are whole microseconds.
  FrameTimes frame_times_of(const CameraPlace& camera) const {
    const std::string name = take_id(camera);
    const double start_s = Random(options_.seed, name).uniform(0, 0, latest_start_s);
    FrameTimes times =
        frame_times(difficulty_.timing, Random(options_.seed, concat(name, "/stamps")),
                    static_cast<std::size_t>(frames(camera)), start_s, rate_hz(camera));
    for (auto* list : {&times.exposure_s, &times.stamp_s}) {
      for (double& t : *list) t = static_cast<double>(microseconds(t)) * 1e-6;
    }
    return times;
  }

  Take make_take(const CameraPlace& camera, const FrameTimes& times) const {
    Take take;
    take.id = take_id(camera);
    take.seed = options_.seed;
    take.width = options_.width;
    take.height = options_.height;
    take.yaw_degrees = camera.side * difficulty_.scene.side_view_degrees;
    take.time_s = times.exposure_s;
    take.camera = camera.kind;
    return take;
  }

  std::int64_t start_us() const { return session_start_us(index_, state_); }

  /// Until all cameras have stopped.
  double sensor_end_s() const {
    double end_s = options_.seconds + latest_start_s;
    for (const CameraPlace& camera : cameras) {
      end_s = std::max(end_s, frame_times_of(camera).stamp_s.back());
    }
    return end_s + sensor_lead_s;
  }

  /// With quirks the stamps of the samples shake by some ms.
  SensorFile record_sensor() const {
    std::vector<double> times_s;
    const auto count = std::llround((sensor_end_s() + sensor_lead_s) * sensor_rate_hz);
    for (std::int64_t i = 0; i < count; ++i) {
      times_s.push_back(static_cast<double>(i) / sensor_rate_hz - sensor_lead_s);
    }
    constexpr double shake_s = 0.003;
    const Random random(options_.seed, concat("mcd-rppg/", id_, "/", states[state_], "/shake"));
    const bool flat = quirks() && is_flat(index_);
    SensorFile file;
    for (const double sample : FingerSensor(session_, difficulty_.finger.noise).record(times_s)) {
      const std::size_t i = file.values.size();
      const double level = flat ? 12 + 0.5 * random.normal(2 * i) : 100 + 120 * sample;
      const double late_s = quirks() ? random.uniform(2 * i + 1, 0, shake_s) : 0;
      file.values.push_back(std::clamp(static_cast<int>(std::lround(level)), 0, 255));
      file.offsets_us.push_back(microseconds(times_s[i] + late_s));
    }
    return file;
  }

  std::string meta(const FrameTimes& times) const {
    std::string text;
    for (std::size_t i = 0; i < times.stamp_s.size(); ++i) {
      text +=
          concat(i + 1, " ", stamp_text(start_us() + microseconds(times.stamp_s[i]), ' '), "\n");
    }
    return text;
  }

  /// Per frame the nearest sample of the finger sensor, and how far away it is.
  std::string synchronised(const FrameTimes& times, std::size_t lines) const {
    const SensorFile sensor = record_sensor();
    std::string text;
    for (std::size_t line = 0; line < lines; ++line) {
      const std::int64_t stamp_us = microseconds(times.stamp_s[line]);
      const auto after =
          std::lower_bound(sensor.offsets_us.begin(), sensor.offsets_us.end(), stamp_us) -
          sensor.offsets_us.begin();
      auto i = std::min(static_cast<std::size_t>(after), sensor.values.size() - 1);
      if (i > 0 &&
          stamp_us - sensor.offsets_us[i - 1] <= std::abs(sensor.offsets_us[i] - stamp_us)) {
        --i;
      }
      const std::int64_t distance_us = std::abs(sensor.offsets_us[i] - stamp_us);
      text += concat(sensor.values[i], " ", format_number(static_cast<double>(distance_us) / 1e6),
                     "\n");
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
  std::vector<fs::path> files{sitting.video_file(camera), concat("meta/", id, ".txt"),
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
