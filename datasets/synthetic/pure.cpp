// PURE: NN-MM/NN-MM/Image<ns>.png and NN-MM/NN-MM.json.
#include <algorithm>
#include <array>
#include <cmath>

#include "base/atomic_file.h"
#include "base/text.h"
#include "datasets/synthetic/body/finger_sensor.h"
#include "datasets/synthetic/layout.h"
#include "datasets/synthetic/truth.h"
#include "video/still.h"

namespace rppg::datasets {
namespace {

namespace fs = std::filesystem;

constexpr double nominal_rate_hz = 30;
constexpr double oximeter_rate_hz = 60;
constexpr double oximeter_lead_s = 0.4;  // it starts before the camera and stops after it
constexpr std::int64_t first_stamp_ns = 1'392'643'993'642'815'000;
constexpr std::int64_t day_ns = 86'400'000'000'000;
constexpr std::array<std::string_view, 1> codecs{"png"};

constexpr std::array<Motion, 6> setups{Motion::steady,           Motion::talking,
                                       Motion::slow_translation, Motion::fast_translation,
                                       Motion::small_rotation,   Motion::medium_rotation};

/// The public set has no 06-02.
bool is_missing(int index, int setup) { return index == 5 && setup == 1; }

std::int64_t nanoseconds(double seconds) { return std::llround(seconds * 1e6) * 1000; }

/// Stamps as the recording PC gave them: when it looked, every 16 ms, so 16 or 32 ms apart.
double polled(double time_s) {
  constexpr double poll_s = 0.016;
  return std::ceil(time_s / poll_s) * poll_s;
}

std::string package(std::int64_t stamp_ns, int waveform, int rate_bpm) {
  return concat(
      "{ \"Timestamp\":", stamp_ns,
      ", \"Value\":{\n    \"barGraph\" : ", std::clamp(waveform / 8, 0, 15),
      ",\n    \"beep\" : false,\n    \"droppingo2Sat\" : false,\n    \"o2saturation\" : 97"
      ",\n    \"probeError\" : false,\n    \"pulseRate\" : ",
      rate_bpm,
      ",\n    \"searching\" : false,\n    \"searchingToLong\" : false,\n    "
      "\"signalStrength\" : 5,\n    \"waveform\" : ",
      waveform, "\n}, \"FrameID\":\"\"}");
}

std::string join(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += concat(text.empty() ? "" : ",\n", part);
  return text;
}

std::string labels(const Session& session, const LabelNoise& noise,
                   const std::vector<double>& stamp_s, std::int64_t zero_ns) {
  std::vector<double> times_s;
  const double end_s = stamp_s.back() + oximeter_lead_s / 2;
  const auto count = static_cast<int>((end_s + oximeter_lead_s) * oximeter_rate_hz);
  for (int i = 0; i < count; ++i) times_s.push_back(i / oximeter_rate_hz - oximeter_lead_s);
  const std::vector<double> samples = FingerSensor(session, noise).record(times_s);
  std::vector<std::string> packages;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const int waveform = std::clamp(static_cast<int>(std::lround(45 + 55 * samples[i])), 0, 127);
    packages.push_back(package(zero_ns + nanoseconds(polled(times_s[i])), waveform,
                               static_cast<int>(session.device_rate_bpm(times_s[i]))));
  }
  std::vector<std::string> images;
  for (const double t : stamp_s) {
    images.push_back(concat("{ \"Timestamp\":", zero_ns + nanoseconds(t),
                            ", \"Value\":{\n}, \"FrameID\":\"/CameraFrame\"}"));
  }
  return concat("{\n\"/FullPackage\": [\n", join(packages), "],\n\"/Image\": [\n", join(images),
                "]}\n");
}

/// Images of an earlier, perhaps longer, recording must not stay among the new ones.
void make_empty_image_folder(const fs::path& folder) {
  create_writable_folder(folder);
  std::vector<fs::path> old;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("Image") && name.ends_with(".png")) old.push_back(entry.path());
  }
  for (const fs::path& image : old) fs::remove(image);
}

SyntheticRecording plan_recording(const SyntheticOptions& options, int index, int setup) {
  const std::string id = concat(padded(index + 1, 2), "-", padded(setup + 1, 2));
  const double rate_hz = options.rate_hz > 0 ? options.rate_hz : nominal_rate_hz;
  const std::int64_t frames = frame_count(options, rate_hz);
  const auto write = [=] {
    const Difficulty difficulty = difficulty_of(options);
    const std::string subject = concat("pure/", padded(index + 1, 2));
    const std::string take_id = concat("pure/", id);
    const double rate_bpm = difficulty.heart.mean_rate_bpm(index, Random(options.seed, subject)) *
                            Random(options.seed, take_id).uniform(0, 0.97, 1.03);
    const Session session({.seed = options.seed,
                           .subject = subject,
                           .subject_index = index,
                           .session = id,
                           .heart = {.rate_bpm = rate_bpm},
                           .motion = setups[static_cast<std::size_t>(setup)],
                           .photograph = face_of(options, index)},
                          difficulty);
    const FrameTimes times =
        frame_times(difficulty.timing, Random(options.seed, concat(take_id, "/stamps")),
                    static_cast<std::size_t>(frames), 0, rate_hz);
    Take take;
    take.id = take_id;
    take.seed = options.seed;
    take.width = options.width;
    take.height = options.height;
    take.time_s = times.exposure_s;
    take.camera = CameraKind::industrial;
    const std::int64_t zero_ns = first_stamp_ns + index * day_ns + setup * (day_ns / 96);
    const fs::path folder = options.folder / id;
    make_empty_image_folder(folder / id);
    std::size_t frame = 0;
    const Truth truth = film(session, difficulty, take, [&](const video::Image& image) {
      const std::int64_t stamp_ns = zero_ns + nanoseconds(times.stamp_s[frame++]);
      write_file_unsynced(folder / id / concat("Image", stamp_ns, ".png"),
                          video::encode_png(image));
    });
    sync_file_system(folder);
    write_file(folder / concat(id, ".json"),
               labels(session, difficulty.finger.noise, times.stamp_s, zero_ns));
    write_truth(folder / "truth.json", session, difficulty, take, times.stamp_s, truth);
  };
  const fs::path folder = id;
  return {id,
          {folder / id / "Image*.png", folder / concat(id, ".json"), folder / "truth.json"},
          frames,
          write};
}

SyntheticPlan plan(const SyntheticOptions& options) {
  const bool quirks = difficulty_of(options).file.quirks;
  SyntheticPlan result;
  for (int i = 0; i < options.subjects; ++i) {
    for (int setup = 0; setup < options.recordings; ++setup) {
      if (quirks && is_missing(i, setup)) continue;
      result.recordings.push_back(plan_recording(options, i, setup));
    }
  }
  return result;
}

}  // namespace

const SyntheticLayout synthetic_pure{.name = "pure",
                                     .codecs = codecs,
                                     .max_subjects = 99,
                                     .max_recordings = static_cast<int>(setups.size()),
                                     .plan = plan};

}  // namespace rppg::datasets
