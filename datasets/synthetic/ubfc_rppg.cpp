// UBFC-rPPG, release 2: subjectN/vid.avi and subjectN/ground_truth.txt.
#include <array>
#include <charconv>
#include <cmath>

#include "base/atomic_file.h"
#include "base/text.h"
#include "datasets/synthetic/frame_clock.h"
#include "datasets/synthetic/layout.h"

namespace rppg::datasets {
namespace {

namespace fs = std::filesystem;

constexpr double nominal_rate_hz = 30;
constexpr std::array<std::string_view, 4> codecs{"raw", "mjpeg", "ffv1", "mpeg4"};

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

/// Whole steps of a 7-bit device, then zero mean and unit variance.
std::vector<double> device_waveform(const Session& session, const std::vector<double>& time_s) {
  std::vector<double> samples;
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 0; i < time_s.size(); ++i) {
    const double step = std::round(50 + 60 * session.finger_pulse(time_s[i], i));
    samples.push_back(step);
    sum += step;
    squares += step * step;
  }
  const double count = static_cast<double>(samples.size());
  const double mean = sum / count;
  const double deviation = std::sqrt(squares / count - mean * mean);
  for (double& sample : samples) sample = (sample - mean) / deviation;
  return samples;
}

std::string ground_truth(const Session& session, const std::vector<double>& time_s) {
  std::vector<double> device_rates_bpm;
  for (const double t : time_s) device_rates_bpm.push_back(session.device_rate_bpm(t));
  return matlab_line(device_waveform(session, time_s)) + matlab_line(device_rates_bpm) +
         matlab_line(time_s);
}

SyntheticRecording plan_recording(const SyntheticOptions& options, int index) {
  const std::string id = concat("subject", index + 1);
  const double rate_hz = options.rate_hz > 0 ? options.rate_hz : nominal_rate_hz;
  const std::int64_t frames = frame_count(options, rate_hz);
  const auto write = [=] {
    const Difficulty& difficulty = find_difficulty(options.difficulty);
    const std::string subject = concat("ubfc-rppg/", id);
    const Random random(options.seed, subject);
    const Session session({.seed = options.seed,
                           .subject = subject,
                           .subject_index = index,
                           .session = "rest",
                           .mean_rate_bpm = difficulty.heart.any_rate_bpm.draw(random, 0)},
                          difficulty);
    const Take take{subject,
                    options.seed,
                    options.width,
                    options.height,
                    0,
                    frame_stamps(difficulty, Random(options.seed, concat(subject, "/stamps")),
                                 static_cast<std::size_t>(frames), 0, rate_hz)};
    const fs::path folder = options.folder / id;
    create_writable_folder(folder);
    const Truth truth = write_video(folder / "vid.avi", session, take, options, rate_hz);
    write_file(folder / "ground_truth.txt", ground_truth(session, take.time_s));
    write_truth(folder / "truth.json", session, difficulty, take, truth);
  };
  const fs::path folder = id;
  return {
      id, {folder / "vid.avi", folder / "ground_truth.txt", folder / "truth.json"}, frames, write};
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
