// UBFC-rPPG, release 2: subjectN/vid.avi and subjectN/ground_truth.txt.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/atomic_file.h"
#include "base/text.h"
#include "datasets/synthetic/body/finger_sensor.h"
#include "datasets/synthetic/layout.h"
#include "datasets/synthetic/truth.h"

namespace rppg::datasets {
namespace {

namespace fs = std::filesystem;

constexpr double nominal_rate_hz = 30;
constexpr double slow_rate_hz = 23.4;
constexpr std::array<std::string_view, 5> codecs{"raw", "mjpeg", "ffv1", "mpeg4", "h264"};

/// One line of values as MATLAB saves them: "   1.2028675e-01".
std::string matlab_line(const std::vector<double>& values) {
  std::string line;
  for (const double value : values) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value,
                                   std::chars_format::scientific, 7);
    const std::string_view number(text.data(), static_cast<std::size_t>(end.ptr - text.data()));
    line += concat(value < 0 ? "  " : "   ", number);
  }
  return line + "\n";
}

/// The oximeter, a CMS50E, and what the authors' export makes of its packages.
class Oximeter {
 public:
  Oximeter(const Session& session, const LabelNoise& noise, double seconds)
      : session_(session),
        odds_(session.request().seed, concat(session.request().subject, "/oximeter")) {
    std::vector<double> times_s;
    for (double t = -lead_s; t <= seconds + lead_s; t += 1 / rate_hz) times_s.push_back(t);
    steps_ = FingerSensor(session, noise).record(times_s);
    for (double& step : steps_) {
      step = std::clamp(std::round(resting_step + steps_per_pulse * step), 0.0, 127.0);
    }
    const double count = static_cast<double>(steps_.size());
    for (const double step : steps_) mean_ += step / count;
    double squares = 0;
    for (const double step : steps_) squares += (step - mean_) * (step - mean_) / count;
    deviation_ = std::max(std::sqrt(squares), 0.5);  // of a finger that is not there
  }

  /// Wave form, standardised; between two packages at a third, quarter or fifth of the way or a
  /// multiple of it, as in the public files.
  double wave(double time_s) const {
    const double exact = (time_s + lead_s) * rate_hz;
    const double parts = 3 + static_cast<double>(odds_.integer(number_of(time_s), 3));
    const double place = std::round(exact * parts) / parts;
    const double last = static_cast<double>(steps_.size()) - 2;
    const double before = std::clamp(std::floor(place), 0.0, last);
    const auto i = static_cast<std::size_t>(before);
    const double step = steps_[i] + (place - before) * (steps_[i + 1] - steps_[i]);
    return (step - mean_) / deviation_;
  }

  /// Renewed every second. With quirks: seven bits, and half of the rate on some subjects.
  double rate_bpm(double time_s, bool quirks) const {
    const double rate = session_.device_rate_bpm(std::floor(time_s));
    if (!quirks) return rate;
    const bool halved = odds_.uniform(0) < 0.07;
    return halved ? std::round(rate / 2) : std::fmod(rate, 128);
  }

 private:
  static constexpr double rate_hz = 60;
  static constexpr double lead_s = 1;
  static constexpr double resting_step = 50;
  static constexpr double steps_per_pulse = 70;

  static std::uint64_t number_of(double time_s) {
    return static_cast<std::uint64_t>(std::llround(1000 * std::max(time_s, 0.0)));
  }

  const Session& session_;
  Random odds_;
  std::vector<double> steps_;
  double mean_ = 0;
  double deviation_ = 1;
};

double rounded_ms(double time_s) { return std::round(time_s * 1e3) / 1e3; }

/// Stamps as the file has them, ms; with quirks one in four recordings has two equal ones.
std::vector<double> file_stamps(const std::vector<double>& stamp_s, const Random& random,
                                bool quirks) {
  std::vector<double> stamps;
  for (const double t : stamp_s) stamps.push_back(rounded_ms(t));
  if (quirks && random.uniform(0) < 0.25 && stamps.size() > 2) {
    const std::size_t i = 1 + random.integer(1, stamps.size() - 2);
    stamps[i] = stamps[i - 1];
  }
  return stamps;
}

std::string ground_truth(const Session& session, const Difficulty& difficulty,
                         const std::vector<double>& stamps) {
  const Oximeter oximeter(session, difficulty.finger.noise, stamps.back());
  std::vector<double> wave, rates_bpm;
  for (const double t : stamps) {
    wave.push_back(oximeter.wave(t));
    rates_bpm.push_back(oximeter.rate_bpm(t, difficulty.file.quirks));
  }
  return matlab_line(wave) + matlab_line(rates_bpm) + matlab_line(stamps);
}

/// With quirks, one recording in twenty is slow, as subject26's 23.4 frames per second.
double camera_rate_hz(const SyntheticOptions& options, const Random& random, bool quirks) {
  if (options.rate_hz > 0) return options.rate_hz;
  return quirks && random.uniform(2) < 0.05 ? slow_rate_hz : nominal_rate_hz;
}

SyntheticRecording plan_recording(const SyntheticOptions& options, int index) {
  const std::string id = concat("subject", index + 1);
  const double rate_hz = options.rate_hz > 0 ? options.rate_hz : nominal_rate_hz;
  const std::int64_t frames = frame_count(options, rate_hz);
  const std::string video = concat("vid", video_suffix(options));
  const auto write = [=] {
    const Difficulty difficulty = difficulty_of(options);
    const bool quirks = difficulty.file.quirks;
    const std::string subject = concat("ubfc-rppg/", id);
    const Random random(options.seed, subject);
    const Session session({.seed = options.seed,
                           .subject = subject,
                           .subject_index = index,
                           .session = "rest",
                           .heart = {.rate_bpm = difficulty.heart.mean_rate_bpm(index, random)},
                           .photograph = face_of(options, index)},
                          difficulty);
    const Random odds(options.seed, concat(subject, "/file"));
    const FrameTimes times =
        frame_times(difficulty.timing, Random(options.seed, concat(subject, "/stamps")),
                    static_cast<std::size_t>(frames), 0, camera_rate_hz(options, odds, quirks));
    Take take;
    take.id = subject;
    take.seed = options.seed;
    take.width = options.width;
    take.height = options.height;
    take.time_s = times.exposure_s;
    const std::vector<double> stamps = file_stamps(times.stamp_s, odds, quirks);
    const fs::path folder = options.folder / id;
    create_writable_folder(folder);
    const Truth truth = write_video(folder / video, session, take, options, rate_hz);
    write_file(folder / "ground_truth.txt", ground_truth(session, difficulty, stamps));
    write_truth(folder / "truth.json", session, difficulty, take, stamps, truth);
  };
  const fs::path folder = id;
  return {id, {folder / video, folder / "ground_truth.txt", folder / "truth.json"}, frames, write};
}

SyntheticPlan plan(const SyntheticOptions& options) {
  SyntheticPlan result;
  for (int i = 0; i < options.subjects; ++i) {
    result.recordings.push_back(plan_recording(options, i));
  }
  return result;
}

}  // namespace

const SyntheticLayout synthetic_ubfc_rppg{
    .name = "ubfc-rppg", .codecs = codecs, .max_subjects = 999, .plan = plan};

}  // namespace rppg::datasets
