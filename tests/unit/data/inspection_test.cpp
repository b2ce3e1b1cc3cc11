#include "data/inspection.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.h"
#include "io/hash.h"
#include "support/resources.h"
#include "video/writer.h"

using rppg::Error;
using rppg::Status;
using rppg::test::TemporaryFolder;
using namespace rppg::data;

namespace {

constexpr int frames = 30;

Recording recording_in(const std::filesystem::path& folder) {
  Recording recording;
  recording.video.file = folder / "a.mkv";
  rppg::video::Writer writer(recording.video.file, 32, 32, {.codec = rppg::video::Codec::ffv1});
  for (int t = 0; t < frames; ++t) {
    writer.write({32, 32, std::vector<std::uint8_t>(32 * 32 * 3, static_cast<std::uint8_t>(t))});
  }
  writer.finish();
  recording.labels = folder / "labels";
  return recording;
}

/// 60 Hz, from half a second before the video on.
Labels early_labels(const Recording&) {
  Labels labels;
  for (int i = 0; i < 120; ++i) {
    labels.time_s.push_back(i / 60.0 - 0.5);
    labels.ppg.push_back(i % 50);
  }
  return labels;
}

Labels constant_labels(const Recording& recording) {
  Labels labels = early_labels(recording);
  labels.ppg.assign(labels.ppg.size(), 1);
  return labels;
}

Labels no_labels(const Recording& recording) {
  throw Error(Status::missing, recording.labels, "cannot open");
}

Inspection inspect_with(Labels (*read)(const Recording&), const Recording& recording, bool deep) {
  Layout layout{};
  layout.read_labels = read;
  return inspect(recording, &layout, deep, {});
}

}  // namespace

TEST_CASE("a sound recording: clocks are known after decoding only") {
  const TemporaryFolder folder;
  const Recording recording = recording_in(folder.path());
  const Inspection quick = inspect_with(early_labels, recording, false);
  REQUIRE(quick.stream);
  CHECK(quick.stream->codec == "ffv1");
  CHECK_FALSE(quick.reading);
  CHECK_FALSE(quick.timing);
  REQUIRE(quick.labels);
  CHECK(quick.labels->samples == 120);
  CHECK_FALSE(quick.labels->clocks);
  CHECK(quick.problems.empty());

  const Inspection deep = inspect_with(early_labels, recording, true);
  REQUIRE(deep.reading);
  CHECK(deep.reading->frames == frames);
  REQUIRE(deep.timing);
  CHECK(deep.timing->mean_rate_hz == doctest::Approx(30).epsilon(0.001));
  REQUIRE(deep.labels);
  REQUIRE(deep.labels->clocks);
  CHECK(deep.labels->clocks->start_offset_s == doctest::Approx(-0.5));
  CHECK(deep.problems.empty());
}

TEST_CASE("problems of labels, video and checksum are all told") {
  const TemporaryFolder folder;
  Recording recording = recording_in(folder.path());
  for (const bool deep : {false, true}) {
    const Inspection constant = inspect_with(constant_labels, recording, deep);
    REQUIRE(constant.problems.size() == 1);
    CHECK(constant.problems[0].find("labels are constant") != std::string::npos);
    CHECK(constant.labels);
    const Inspection missing = inspect_with(no_labels, recording, deep);
    REQUIRE(missing.problems.size() == 1);
    CHECK(missing.problems[0].find("cannot open") != std::string::npos);
    CHECK_FALSE(missing.labels);
  }
  recording.sha256 = rppg::io::sha256_file(recording.video.file);
  CHECK(inspect_with(early_labels, recording, true).problems.empty());
  recording.sha256[0] = recording.sha256[0] == '0' ? '1' : '0';
  CHECK(inspect_with(early_labels, recording, true).problems.size() == 1);

  std::ofstream(recording.video.file, std::ios::trunc) << "text";
  recording.sha256.clear();
  const Inspection text = inspect_with(no_labels, recording, true);
  CHECK_FALSE(text.stream);
  CHECK(text.problems.size() == 2);

  recording.problem = "no video";
  CHECK(inspect_with(early_labels, recording, true).problems ==
        std::vector<std::string>{"no video"});
}

TEST_CASE("a video that ends early is truncated") {
  const TemporaryFolder folder;
  const Recording recording = recording_in(folder.path());
  const auto size = std::filesystem::file_size(recording.video.file);
  std::filesystem::resize_file(recording.video.file, size * 2 / 3);
  const Inspection found = inspect(recording, nullptr, true, {});
  REQUIRE(found.problems.size() == 1);
  CHECK(found.problems[0].find("a.mkv: truncated: decoded ") != std::string::npos);
}
