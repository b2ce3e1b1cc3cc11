// Oddities of the public files: they are there when asked for, and the loaders read them.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "data/alignment.h"
#include "datasets/registry.h"
#include "datasets/synthetic.h"
#include "io/json.h"
#include "support/resources.h"
#include "video/reader.h"

namespace rppg::datasets {
namespace {

namespace fs = std::filesystem;

SyntheticOptions small(const std::string& layout, const fs::path& folder) {
  SyntheticOptions options;
  options.layout = layout;
  options.folder = folder;
  options.subjects = 1;
  options.seconds = 4;
  options.width = 64;
  options.height = 64;
  options.quirks = true;
  if (layout == "ubfc-rppg") options.codec = "mjpeg";
  return options;
}

/// Writes the recordings that `wanted` accepts.
template <typename Predicate>
void make(const SyntheticOptions& options, Predicate wanted) {
  const SyntheticPlan plan = plan_synthetic(options);
  for (const SyntheticRecording& recording : plan.recordings) {
    if (wanted(recording.id)) recording.write();
  }
}

void make(const SyntheticOptions& options) {
  make(options, [](const std::string&) { return true; });
}

data::Labels labels_of(const std::string& layout, const fs::path& folder) {
  const std::vector<data::Recording> recordings = find_layout(layout).discover(folder);
  REQUIRE(!recordings.empty());
  return find_layout(layout).read_labels(recordings.front());
}

TEST_CASE("UBFC-rPPG: device rates wrap at 128, and some stamps repeat") {
  int repeated = 0, gaps = 0;
  bool wrapped = false;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const test::TemporaryFolder folder;
    SyntheticOptions options = small("ubfc-rppg", folder.path());
    options.seed = seed;
    options.seconds = 30;
    options.rate_hz = 5;
    options.difficulty = "ubfc-like";
    make(options);
    const data::Labels labels = labels_of("ubfc-rppg", folder.path());
    for (std::size_t i = 1; i < labels.time_s.size(); ++i) {
      const double step_s = labels.time_s[i] - labels.time_s[i - 1];
      REQUIRE(step_s >= 0);
      repeated += step_s == 0;
      gaps += step_s > 0.35;
    }
    const io::Json truth = io::read_json(folder.path() / "subject1/truth.json");
    const double rate = truth["hr_mean_bpm"].get<double>();
    for (const double device : labels.device_hr_bpm) {
      CHECK(device < 128);
      wrapped |= rate > 100 && device < 20;
      CHECK(device == std::round(device));
    }
  }
  CHECK(repeated >= 1);
  CHECK(repeated <= 8);
  CHECK(gaps >= 1);
  CHECK(wrapped);
}

TEST_CASE("PURE: there is no 06-02") {
  SyntheticOptions options = small("pure", "nowhere");
  options.subjects = 10;
  options.recordings = 6;
  const auto ids = [&] {
    std::vector<std::string> list;
    for (const auto& recording : plan_synthetic(options).recordings) list.push_back(recording.id);
    return list;
  };
  const std::vector<std::string> odd = ids();
  CHECK(odd.size() == 59);
  CHECK(std::find(odd.begin(), odd.end(), "06-02") == odd.end());
  options.quirks = false;
  CHECK(ids().size() == 60);
}

TEST_CASE("MCD-rPPG: a flat finger is refused, others are read with their short files") {
  const test::TemporaryFolder folder;
  SyntheticOptions options = small("mcd-rppg", folder.path());
  options.subjects = 58;
  make(options, [](const std::string& id) { return id == "1419_USBVideo_before"; });
  make(options, [](const std::string& id) { return id.starts_with("1020_"); });
  int shorter = 0, cut = 0;
  for (const data::Recording& recording : find_layout("mcd-rppg").discover(folder.path())) {
    CAPTURE(recording.id);
    if (recording.subject == "1419") {
      CHECK_THROWS_AS(find_layout("mcd-rppg").read_labels(recording), Error);
      continue;
    }
    const data::Labels labels = find_layout("mcd-rppg").read_labels(recording);
    std::size_t frames = 0;
    video::Reader reader(recording.video);
    while (reader.next()) ++frames;
    CHECK(frames <= labels.frame_time_s.size());
    cut += frames < labels.frame_time_s.size();
    CHECK(labels.frame_time_s.size() - frames <= 4);
    shorter += labels.ppg.size() < labels.frame_time_s.size();
  }
  CHECK(shorter >= 1);
  CHECK(cut >= 3);
}

TEST_CASE("MCD-rPPG: stamps are polled and residuals are those of the nearest sample") {
  const test::TemporaryFolder folder;
  SyntheticOptions options = small("mcd-rppg", folder.path());
  options.difficulty = "mcd-like";
  make(options, [](const std::string& id) { return id == "1020_FullHDwebcam_before"; });
  const data::Labels labels = labels_of("mcd-rppg", folder.path());
  int usual = 0;
  for (std::size_t i = 2; i < labels.frame_time_s.size(); ++i) {
    const double step_s = labels.frame_time_s[i] - labels.frame_time_s[i - 1];
    usual += std::abs(step_s - 0.032) < 1e-5 || std::abs(step_s - 0.048) < 1e-5;
  }
  CHECK(usual > 0.8 * static_cast<double>(labels.frame_time_s.size()));
  const std::string text = read_file(folder.path() / "ppg_sync/1020_FullHDwebcam_before.txt");
  for (const std::string_view line : split(trim(text), '\n')) {
    CHECK(parse_double(split_whitespace(line)[1]).value() <= 0.0081);
  }
}

TEST_CASE("lost frames in the file are gaps in the stamps; truth follows the exposures") {
  const test::TemporaryFolder folder;
  SyntheticOptions options = small("ubfc-rppg", folder.path());
  options.quirks = false;
  options.timing = "none,dropped=0.1,doubled=0.1";
  make(options);
  const io::Json truth = io::read_json(folder.path() / "subject1/truth.json");
  const data::Labels labels = labels_of("ubfc-rppg", folder.path());
  CHECK(truth["timing"]["dropped"] == 0.1);
  int gaps = 0, doubled = 0;
  for (std::size_t i = 1; i < labels.time_s.size(); ++i) {
    gaps += labels.time_s[i] - labels.time_s[i - 1] > 0.05;
    doubled += truth["time_s"][i] == truth["time_s"][i - 1];
    CHECK(std::abs(truth["stamp_s"][i].get<double>() - labels.time_s[i]) < 0.001);
    if (truth["time_s"][i] == truth["time_s"][i - 1]) {
      CHECK(truth["pulse"][i] == truth["pulse"][i - 1]);
    }
  }
  CHECK(gaps > 0);
  CHECK(doubled > 0);
}

TEST_CASE("the clean pulse of the finger is stored beside noisy labels, with the amounts") {
  const test::TemporaryFolder clean_folder, noisy_folder;
  SyntheticOptions options = small("ubfc-rppg", clean_folder.path());
  options.quirks = false;
  make(options);
  options.folder = noisy_folder.path();
  options.label_noise = "noise=0.5,lag=0.3";
  make(options);
  const io::Json clean = io::read_json(clean_folder.path() / "subject1/truth.json");
  const io::Json noisy = io::read_json(noisy_folder.path() / "subject1/truth.json");
  CHECK(noisy["label_noise"]["noise"] == 0.5);
  CHECK(noisy["label_noise"]["lag"] == 0.3);
  CHECK(clean["label_noise"]["noise"] == 0.01);
  for (const char* same : {"finger_pulse", "pulse", "beat_s", "hr_bpm"}) {
    CHECK(clean[same] == noisy[same]);
  }
  CHECK(labels_of("ubfc-rppg", clean_folder.path()).ppg !=
        labels_of("ubfc-rppg", noisy_folder.path()).ppg);
}

TEST_CASE("subject i is the same whatever the number of subjects") {
  for (const std::string layout : {"ubfc-rppg", "pure", "mcd-rppg"}) {
    const test::TemporaryFolder one, many;
    SyntheticOptions options = small(layout, one.path());
    options.seconds = 1;
    options.difficulty = "realistic";
    const auto first = plan_synthetic(options).recordings.front().id;
    make(options, [&](const std::string& id) { return id == first; });
    options.folder = many.path();
    options.subjects = 7;
    make(options, [&](const std::string& id) { return id == first; });
    for (const auto& entry : fs::recursive_directory_iterator(one.path())) {
      if (!entry.is_regular_file()) continue;
      CHECK(read_file(entry.path()) ==
            read_file(many.path() / fs::relative(entry.path(), one.path())));
    }
  }
}

TEST_CASE("the bit rate of MPEG-4 and H.264 is what is asked for, and the loaders find the file") {
  for (const std::string codec : {"mpeg4", "h264"}) {
    CAPTURE(codec);
    std::uintmax_t bytes[2];
    for (int i = 0; i < 2; ++i) {
      const test::TemporaryFolder folder;
      SyntheticOptions options = small("ubfc-rppg", folder.path());
      options.width = 160;
      options.height = 120;
      options.codec = codec;
      options.bitrate_kbps = i == 0 ? 30 : 100;
      make(options);
      const auto recordings = find_layout("ubfc-rppg").discover(folder.path());
      CHECK(recordings.front().problem.empty());
      bytes[i] = fs::file_size(recordings.front().video.file);
    }
    // 4 s: 15 and 50 kB.
    CHECK(bytes[0] < 30'000);
    CHECK(bytes[1] > 35'000);
    CHECK(bytes[1] < 75'000);
  }
}

TEST_CASE("body options that do not fit are refused before anything is written") {
  const auto status = [](auto change) {
    SyntheticOptions options = small("ubfc-rppg", "nowhere");
    change(options);
    try {
      plan_synthetic(options);
    } catch (const Error& error) {
      return error.status();
    }
    return Status::ok;
  };
  CHECK(status([](SyntheticOptions& o) { o.label_noise = "noise=7"; }) == Status::usage);
  CHECK(status([](SyntheticOptions& o) { o.timing = "speed=1"; }) == Status::usage);
  CHECK(status([](SyntheticOptions& o) { o.bitrate_kbps = 100; }) == Status::usage);
  CHECK(status([](SyntheticOptions& o) { o.codec = "h264", o.bitrate_kbps = -1; }) ==
        Status::usage);
  CHECK(status([](SyntheticOptions& o) { o.faces = {"no.png"}; }) == Status::missing);
  CHECK(status([](SyntheticOptions& o) { o.codec = "h264", o.bitrate_kbps = 100; }) == Status::ok);
}

}  // namespace
}  // namespace rppg::datasets
