#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include "datasets/layouts.h"
#include "layout_fixture.h"

namespace fs = std::filesystem;
namespace datasets = rppg::datasets;
using rppg::test::contains;
using rppg::test::error_of;
using rppg::test::FixtureCopy;
using rppg::test::LabelFile;

namespace {

std::string labels_error(std::string_view text) {
  const LabelFile file("01-01.json", text);
  return error_of([&] { datasets::read_pure_labels(file.recording()); });
}

rppg::data::Recording only(const fs::path& root) {
  const auto all = datasets::pure.discover(root);
  REQUIRE(all.size() == 1);
  return all[0];
}

}  // namespace

TEST_CASE("PURE: images are timed by their names, labels by the same clock") {
  const auto recording = only(rppg::test::fixture("data/pure"));
  CHECK(recording.problem.empty());
  CHECK(recording.id == "01-01");
  CHECK(recording.subject == "01");
  CHECK(recording.session == "01");
  CHECK(recording.state == "steady");
  CHECK(recording.rate_hz == 30);
  REQUIRE(recording.video.images.size() == 4);
  CHECK(recording.video.image_times_s[0] == 0);
  CHECK(recording.video.image_times_s[3] == doctest::Approx(3 * 0.033314).epsilon(1e-12));
  const auto labels = datasets::pure.read_labels(recording);
  REQUIRE(labels.ppg.size() == 10);
  CHECK(labels.frame_time_s.empty());
  CHECK_FALSE(labels.per_frame);
  CHECK(labels.nominal_rate_hz == 60);
  CHECK(labels.time_s[0] == doctest::Approx(-0.004).epsilon(1e-12));
  CHECK(labels.time_s[1] == doctest::Approx(0.004).epsilon(1e-12));
  CHECK(labels.time_s[2] == doctest::Approx(0.020).epsilon(1e-12));
  CHECK(labels.ppg[0] == 47);
  CHECK(labels.device_hr_bpm[9] == 73);
}

TEST_CASE("PURE: images beside the JSON file, and the JSON file beside the folder") {
  const FixtureCopy copy("data/pure");
  const fs::path folder = copy.path() / "01-01";
  fs::rename(folder / "01-01.json", copy.path() / "01-01.json");
  for (const auto& image : only(copy.path()).video.images) {
    fs::rename(image, folder / image.filename());
  }
  fs::remove(folder / "01-01");
  const auto recording = only(copy.path());
  CHECK(recording.problem.empty());
  CHECK(recording.video.images.size() == 4);
  CHECK(datasets::pure.read_labels(recording).ppg.size() == 10);
}

TEST_CASE("PURE: images without stamps take those of the JSON file") {
  const FixtureCopy copy("data/pure");
  int number = 0;
  for (const auto& image : only(copy.path()).video.images) {
    fs::rename(image, image.parent_path() / ("Image" + std::to_string(number++) + ".png"));
  }
  const auto recording = only(copy.path());
  REQUIRE(recording.video.image_times_s.size() == 4);
  CHECK(recording.video.image_times_s[3] == doctest::Approx(0.1));
  const auto labels = datasets::pure.read_labels(recording);
  REQUIRE(labels.frame_time_s.size() == 4);
  CHECK(labels.frame_time_s[3] == doctest::Approx(3 * 0.033314).epsilon(1e-12));
}

TEST_CASE("PURE: a name that is no stamp makes all images go by name") {
  const FixtureCopy copy("data/pure");
  const fs::path images = copy.path() / "01-01/01-01";
  fs::copy_file(only(copy.path()).video.images[0], images / "zz.png");
  rppg::write_file(images / "Thumbs.db", "x");
  const auto recording = only(copy.path());
  CHECK(recording.video.images.size() == 5);
  CHECK(recording.video.images[4].filename() == "zz.png");
  CHECK(contains(error_of([&] { datasets::pure.read_labels(recording); }), "lists 4 images"));
}

TEST_CASE("PURE: missing images are noticed") {
  const FixtureCopy copy("data/pure");
  fs::remove(only(copy.path()).video.images[1]);
  const auto recording = only(copy.path());
  CHECK(recording.video.image_times_s[1] == doctest::Approx(2 * 0.033314).epsilon(1e-12));
  CHECK(contains(error_of([&] { datasets::pure.read_labels(recording); }),
                 "01-01.json: lists 4 images, but"));
}

TEST_CASE("PURE: incomplete recordings are listed with what they lack") {
  const FixtureCopy copy("data/pure");
  fs::create_directories(copy.path() / "02-03/02-03");
  fs::create_directories(copy.path() / "10-06");
  fs::create_directories(copy.path() / "notes");
  rppg::write_file(copy.path() / "03-02.json", "{}");
  const auto all = datasets::pure.discover(copy.path());
  CHECK(rppg::test::ids(all) == std::vector<std::string>{"01-01", "02-03", "03-02", "10-06"});
  CHECK(contains(all[1].problem, "02-03: no images"));
  CHECK(contains(all[1].problem, "02-03.json: no such file"));
  CHECK(all[1].state == "slow-translation");
  CHECK(contains(all[2].problem, "03-02: no images"));
  CHECK(all[3].state == "medium-rotation");
}

TEST_CASE("PURE: a folder of something else") {
  CHECK(contains(error_of([] { datasets::pure.discover(rppg::test::fixture("data/ubfc_rppg")); }),
                 "expected folders NN-MM"));
}

TEST_CASE("PURE: malformed labels are named by file and element") {
  const std::string frames = R"("/Image": [{"Timestamp": 1}])";
  const auto with_sample = [&](const std::string& sample) {
    return labels_error("{\"/FullPackage\": [" + sample + "], " + frames + "}");
  };
  CHECK(with_sample(R"({"Timestamp": 1, "Value": {"waveform": 1, "pulseRate": 60}})") ==
        "accepted");
  CHECK(contains(labels_error("{"), "01-01.json: line 1"));
  CHECK(contains(labels_error("[]"), "no list \"/FullPackage\""));
  CHECK(contains(labels_error("{\"/FullPackage\": [1]}"), "no list \"/Image\""));
  CHECK(contains(labels_error("{\"/FullPackage\": {}}"), "no list \"/FullPackage\""));
  CHECK(contains(with_sample(""), "\"/FullPackage\" is empty"));
  CHECK(contains(with_sample("1"), "\"/FullPackage\"[0]: Timestamp"));
  CHECK(contains(with_sample(R"({"Timestamp": "1"})"), "[0]: Timestamp is not a whole number"));
  CHECK(contains(with_sample(R"({"Timestamp": -1})"), "[0]: Timestamp"));
  CHECK(contains(with_sample(R"({"Timestamp": 18446744073709551615})"), "[0]: Timestamp"));
  CHECK(contains(with_sample(R"({"Timestamp": 1.5})"), "[0]: Timestamp"));
  CHECK(contains(with_sample(R"({"Timestamp": 1})"), "[0]: Value.waveform is not a number"));
  CHECK(contains(with_sample(R"({"Timestamp": 1, "Value": {"waveform": null}})"),
                 "[0]: Value.waveform"));
  CHECK(contains(with_sample(R"({"Timestamp": 1, "Value": {"waveform": 1, "waveform": 2}})"),
                 "01-01.json"));
  CHECK(contains(labels_error(std::string(100000, '[')), "01-01.json"));
}

TEST_CASE("PURE: the excerpt of a public file") {
  const auto file = rppg::test::shared("realdata/labels/PURE_01-01_head_excerpt.json");
  if (!file) return;
  rppg::data::Recording recording;
  recording.labels = *file;
  const auto labels = datasets::pure.read_labels(recording);
  CHECK(labels.ppg.size() == 52);
  REQUIRE(labels.frame_time_s.size() == 28);
  CHECK(labels.ppg[0] == 48);
  CHECK(labels.device_hr_bpm[0] == 83);
  CHECK(labels.time_s[0] == doctest::Approx(0.003944));
  CHECK(labels.frame_time_s[27] == doctest::Approx(27 / 30.0).epsilon(0.01));
}
