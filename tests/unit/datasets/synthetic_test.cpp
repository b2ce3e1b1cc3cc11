#include "datasets/synthetic.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/parallel.h"
#include "data/alignment.h"
#include "datasets/registry.h"
#include "io/json.h"
#include "signal/filter.h"
#include "signal/heart_rate.h"
#include "signal/quality.h"
#include "support/resources.h"
#include "video/reader.h"

namespace rppg::datasets {
namespace {

namespace fs = std::filesystem;

constexpr Band band{0.65, 3.5};

SyntheticOptions small(const std::string& layout, const fs::path& folder) {
  SyntheticOptions options;
  options.layout = layout;
  options.folder = folder;
  options.subjects = layout == "mcd-rppg" ? 1 : 2;
  options.seconds = 8;
  options.width = 96;
  options.height = 72;
  return options;
}

void make(const SyntheticOptions& options) {
  const SyntheticPlan plan = plan_synthetic(options);
  prepare_synthetic_folder(plan, options.folder, false);
  for (const SyntheticRecording& recording : plan.recordings) recording.write();
  if (plan.write_index) plan.write_index();
}

std::map<std::string, std::string> contents(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    files[fs::relative(entry.path(), folder).string()] = read_file(entry.path());
  }
  return files;
}

std::vector<fs::path> truth_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().filename().string().ends_with("truth.json")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

double rate_of(const Waveform& ppg) {
  const auto filter = signal::butterworth_bandpass(2, band, ppg.rate_hz);
  const Waveform filtered{signal::filtfilt(filter, ppg.samples), ppg.rate_hz};
  return signal::heart_rate_bpm(filtered, signal::HeartRateEstimator::fft_interpolated, band);
}

TEST_CASE("the seed decides every byte") {
  for (const std::string layout : {"ubfc-rppg", "pure", "mcd-rppg"}) {
    CAPTURE(layout);
    const test::TemporaryFolder one, two, other;
    SyntheticOptions options = small(layout, one.path());
    options.seconds = 1;
    make(options);
    options.folder = two.path();
    make(options);
    options.folder = other.path();
    options.seed = 2;
    make(options);
    CHECK(contents(one.path()) == contents(two.path()));
    CHECK(contents(one.path()) != contents(other.path()));
  }
}

TEST_CASE("bytes do not depend on threads") {
  for (const std::string layout : {"ubfc-rppg", "pure", "mcd-rppg"}) {
    CAPTURE(layout);
    const test::TemporaryFolder one, two;
    SyntheticOptions options = small(layout, one.path());
    options.seconds = 1;
    options.difficulty = "hard";
    make(options);
    options.folder = two.path();
    const SyntheticPlan plan = plan_synthetic(options);
    prepare_synthetic_folder(plan, options.folder, false);
    parallel_for(plan.recordings.size(), 3, [&](std::size_t i) { plan.recordings[i].write(); });
    if (plan.write_index) plan.write_index();
    CHECK(contents(one.path()) == contents(two.path()));
  }
}

TEST_CASE("a plan names exactly the files that are written") {
  for (const std::string layout : {"ubfc-rppg", "mcd-rppg"}) {
    const test::TemporaryFolder folder;
    SyntheticOptions options = small(layout, folder.path());
    options.seconds = 1;
    const SyntheticPlan plan = plan_synthetic(options);
    std::set<std::string> planned;
    for (const SyntheticRecording& recording : plan.recordings) {
      for (const fs::path& file : recording.files) planned.insert(file.string());
    }
    for (const fs::path& file : plan.index_files) planned.insert(file.string());
    make(options);
    std::set<std::string> written;
    std::uintmax_t bytes = 0;
    for (const auto& [name, content] : contents(folder.path())) {
      written.insert(name);
      bytes += content.size();
    }
    CHECK(written == planned);
    CHECK(bytes <= plan.bytes + 100'000);
  }
}

TEST_CASE("labels carry the true heart rate, in the format that the loaders read") {
  for (const std::string layout_name : {"ubfc-rppg", "pure", "mcd-rppg"}) {
    const test::TemporaryFolder folder;
    make(small(layout_name, folder.path()));
    const data::Layout& layout = find_layout(layout_name);
    const std::vector<data::Recording> recordings = layout.discover(folder.path());
    const std::vector<fs::path> truths = truth_files(folder.path());
    REQUIRE(recordings.size() == truths.size());
    REQUIRE(recordings.size() >= 2);
    std::vector<double> expected, found;
    for (std::size_t i = 0; i < recordings.size(); ++i) {
      CAPTURE(recordings[i].id);
      CHECK(recordings[i].problem.empty());
      expected.push_back(io::read_json(truths[i])["hr_mean_bpm"].get<double>());
      const data::Labels labels = layout.read_labels(recordings[i]);
      const double span = labels.time_s.back() - labels.time_s.front();
      found.push_back(rate_of({labels.ppg, static_cast<double>(labels.ppg.size() - 1) / span}));
    }
    std::sort(expected.begin(), expected.end());
    std::sort(found.begin(), found.end());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CAPTURE(layout_name);
      // Eight seconds of a rate that varies: its mean and its spectral peak lie close together.
      CHECK(std::abs(found[i] - expected[i]) < 4);
    }
  }
}

/// Mean colour of the face's middle, frame by frame.
std::array<std::vector<double>, 3> face_colours(const data::Recording& recording,
                                                const io::Json& truth) {
  std::array<std::vector<double>, 3> channels;
  video::Reader reader(recording.video);
  std::size_t t = 0;
  while (reader.next()) {
    const auto& face = truth["face_box"][t++];
    const int x = static_cast<int>(face[0].get<double>());
    const int y = static_cast<int>(face[1].get<double>());
    const int width = static_cast<int>(face[2].get<double>());
    const int height = static_cast<int>(face[3].get<double>());
    const auto mean =
        reader.frame().mean_rgb({x + width / 4, y + height / 4, width / 2, height / 2});
    for (std::size_t c = 0; c < 3; ++c) channels[c].push_back(mean[c]);
  }
  return channels;
}

TEST_CASE("skin pulses with the truth: most in green, by 0.1 to 2 % of its mean") {
  const test::TemporaryFolder folder;
  SyntheticOptions options = small("ubfc-rppg", folder.path());
  options.width = 320;
  options.height = 240;
  make(options);
  for (const data::Recording& recording : find_layout("ubfc-rppg").discover(folder.path())) {
    const io::Json truth = io::read_json(recording.video.file.parent_path() / "truth.json");
    const auto pulse = truth["pulse"].get<std::vector<double>>();
    const auto colours = face_colours(recording, truth);
    const auto filter = signal::butterworth_bandpass(2, band, 30);
    const std::vector<double> wanted = signal::filtfilt(filter, pulse);
    std::array<double, 3> share{};
    for (std::size_t c = 0; c < 3; ++c) {
      REQUIRE(colours[c].size() == pulse.size());
      const auto filtered = signal::filtfilt(filter, signal::detrend(colours[c], 100));
      share[c] = signal::standard_deviation(filtered) / signal::mean(colours[c]);
      // More blood absorbs more light.
      if (c == 1) CHECK(signal::pearson(filtered, wanted) < -0.5);
    }
    CHECK(share[1] > share[0]);
    CHECK(share[1] > 0.0005);
    CHECK(share[1] < 0.02);
  }
}

TEST_CASE("options that do not fit are usage errors") {
  const auto refused = [](auto change) {
    SyntheticOptions options = small("pure", "nowhere");
    change(options);
    try {
      plan_synthetic(options);
    } catch (const Error& error) {
      return error.status() == Status::usage;
    }
    return false;
  };
  CHECK(refused([](SyntheticOptions& o) { o.layout = "none"; }));
  CHECK(refused([](SyntheticOptions& o) { o.subjects = 0; }));
  CHECK(refused([](SyntheticOptions& o) { o.seconds = -1; }));
  CHECK(refused([](SyntheticOptions& o) { o.seconds = std::nan(""); }));
  CHECK(refused([](SyntheticOptions& o) { o.width = 97; }));
  CHECK(refused([](SyntheticOptions& o) { o.width = 8; }));
  CHECK(refused([](SyntheticOptions& o) { o.difficulty = "impossible"; }));
  CHECK(refused([](SyntheticOptions& o) { o.codec = "vhs"; }));
  CHECK(refused([](SyntheticOptions& o) { o.rate_hz = 1e9; }));
  CHECK_FALSE(refused([](SyntheticOptions&) {}));
}

TEST_CASE("a folder that is not empty is left alone") {
  const test::TemporaryFolder folder;
  write_file(folder.path() / "mine", std::string_view("kept"));
  const SyntheticPlan plan = plan_synthetic(small("pure", folder.path()));
  CHECK_THROWS_AS(prepare_synthetic_folder(plan, folder.path(), false), Error);
  CHECK_NOTHROW(prepare_synthetic_folder(plan, folder.path(), true));
  CHECK(read_file(folder.path() / "mine") == "kept");
}

}  // namespace
}  // namespace rppg::datasets
