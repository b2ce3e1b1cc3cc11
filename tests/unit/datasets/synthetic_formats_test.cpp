// File names and texts of the synthetic layouts, character by character where it matters.
#include <algorithm>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/text.h"
#include "datasets/synthetic.h"
#include "io/csv.h"
#include "io/json.h"
#include "support/resources.h"

namespace rppg::datasets {
namespace {

namespace fs = std::filesystem;

constexpr int width = 64;
constexpr int height = 64;

/// One subject, one second.
void make(const std::string& layout, const fs::path& folder, int recordings = 1) {
  SyntheticOptions options;
  options.layout = layout;
  options.folder = folder;
  options.subjects = 1;
  options.seconds = 1;
  options.width = width;
  options.height = height;
  options.recordings = recordings;
  const SyntheticPlan plan = plan_synthetic(options);
  prepare_synthetic_folder(plan, folder, false);
  for (const SyntheticRecording& recording : plan.recordings) recording.write();
  if (plan.write_index) plan.write_index();
}

std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), folder).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> lines_of(const fs::path& file) {
  const std::string text = read_file(file);
  REQUIRE(text.ends_with('\n'));
  const auto lines = split(std::string_view(text).substr(0, text.size() - 1), '\n');
  return {lines.begin(), lines.end()};
}

void check_every_line(const std::vector<std::string>& lines, const std::string& pattern) {
  const std::regex form(pattern);
  for (const std::string& line : lines) {
    CAPTURE(line);
    REQUIRE(std::regex_match(line, form));
  }
}

TEST_CASE("UBFC-rPPG: three lines of numbers as MATLAB saves them") {
  const test::TemporaryFolder folder;
  make("ubfc-rppg", folder.path());
  CHECK(files_below(folder.path()) == std::vector<std::string>{"subject1/ground_truth.txt",
                                                               "subject1/truth.json",
                                                               "subject1/vid.avi"});
  const auto lines = lines_of(folder.path() / "subject1/ground_truth.txt");
  REQUIRE(lines.size() == 3);
  check_every_line(lines, R"(( {2,3}-?\d\.\d{7}e[+-]\d\d)+)");
  for (const std::string& line : lines) CHECK(split_whitespace(line).size() == 30);
  CHECK(parse_double(split_whitespace(lines[2]).front()) == 0.0);
  CHECK(parse_double(split_whitespace(lines[1]).front()).value() > 40);
}

TEST_CASE("PURE: one folder per setup, images named by their stamp") {
  const test::TemporaryFolder folder;
  make("pure", folder.path(), 2);
  for (const std::string id : {"01-01", "01-02"}) {
    const fs::path recording = folder.path() / id;
    std::vector<std::string> names = files_below(recording / id);
    CHECK(names.size() == 30);
    check_every_line(names, R"(Image\d{19}\.png)");
    const io::Json labels = io::read_json(recording / (id + ".json"));
    CHECK(labels.size() == 2);
    REQUIRE(labels["/Image"].size() == names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
      const auto stamp_ns = labels["/Image"][i]["Timestamp"].get<std::int64_t>();
      CHECK(concat("Image", stamp_ns, ".png") == names[i]);
    }
    const io::Json& packages = labels["/FullPackage"];
    REQUIRE(packages.size() > 60);
    std::int64_t last_ns = 0;
    for (const io::Json& package : packages) {
      const auto stamp_ns = package["Timestamp"].get<std::int64_t>();
      CHECK(stamp_ns >= last_ns);
      last_ns = stamp_ns;
      const int waveform = package["Value"]["waveform"].get<int>();
      CHECK(waveform >= 0);
      CHECK(waveform <= 127);
      CHECK(package["Value"]["pulseRate"].get<int>() > 40);
      CHECK(package["Value"]["o2saturation"].get<int>() == 97);
    }
    // The oximeter runs before the first and after the last image.
    CHECK(packages.front()["Timestamp"] < labels["/Image"].front()["Timestamp"]);
    CHECK(packages.back()["Timestamp"] > labels["/Image"].back()["Timestamp"]);
  }
  CHECK(files_below(folder.path()).size() == 2 * 32);
}

TEST_CASE("MCD-rPPG: three cameras and two states, with stamps in wall-clock time") {
  const test::TemporaryFolder folder;
  make("mcd-rppg", folder.path());
  std::vector<std::string> wanted{"db.csv", "ppg/1020_after.PW", "ppg/1020_before.PW"};
  for (const std::string camera : {"FullHDwebcam", "IriunWebcam", "USBVideo"}) {
    for (const std::string state : {"after", "before"}) {
      const std::string id = "1020_" + camera + "_" + state;
      for (const std::string& file : {"meta/" + id + ".txt", "ppg_sync/" + id + ".txt",
                                      "truth/" + id + ".truth.json", "video/" + id + ".avi"}) {
        wanted.push_back(file);
      }
    }
  }
  std::sort(wanted.begin(), wanted.end());
  CHECK(files_below(folder.path()) == wanted);

  const io::Table table(read_file(folder.path() / "db.csv"), "db.csv");
  REQUIRE(table.size() == 6);
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto row = table.row(i);
    CHECK(row["patient_id"] == "1020");
    CHECK(row.number("pulse") > 40);
    for (const char* column : {"video", "ppg_sync", "meta", "ppg"}) {
      CHECK(fs::is_regular_file(folder.path() / row[column]));
    }
  }

  const std::string stamp = R"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d{6})";
  const auto meta = lines_of(folder.path() / "meta/1020_USBVideo_before.txt");
  CHECK(meta.size() == 24);
  check_every_line(meta, R"(\d+ )" + stamp);
  CHECK(meta.front().substr(0, 2) == "1 ");
  CHECK(meta.back().substr(0, 3) == "24 ");
  const auto samples = lines_of(folder.path() / "ppg/1020_before.PW");
  check_every_line(samples, R"(\d{1,3} )" + stamp);
  CHECK(samples.size() == 230);  // 100 per second, from 0.5 s before to 0.8 s after
  const auto synchronised = lines_of(folder.path() / "ppg_sync/1020_USBVideo_before.txt");
  CHECK(synchronised.size() == meta.size());
  for (const std::string& line : synchronised) {
    const auto cells = split_whitespace(line);
    REQUIRE(cells.size() == 2);
    CHECK(parse_integer(cells[0]).has_value());
    CHECK(parse_double(cells[1]).value() <= 0.005);  // half a sample
  }
}

TEST_CASE("the truth has one value per frame") {
  const test::TemporaryFolder folder;
  make("ubfc-rppg", folder.path());
  const io::Json truth = io::read_json(folder.path() / "subject1/truth.json");
  CHECK(truth["seed"] == 1);
  CHECK(truth["difficulty"] == "easy");
  for (const char* key : {"time_s", "pulse", "hr_bpm", "face_box"}) {
    CAPTURE(key);
    CHECK(truth[key].size() == 30);
  }
  for (const io::Json& box : truth["face_box"]) {
    REQUIRE(box.size() == 4);
    CHECK(box[0].get<double>() >= 0);
    CHECK(box[0].get<double>() + box[2].get<double>() <= width);
    CHECK(box[1].get<double>() >= 0);
    CHECK(box[1].get<double>() + box[3].get<double>() <= height);
  }
}

TEST_CASE("an image of an earlier recording does not stay among the new ones") {
  const test::TemporaryFolder folder;
  make("pure", folder.path());
  const fs::path images = folder.path() / "01-01/01-01";
  write_file(images / "Image9999999999999999999.png", std::string_view("old"));
  SyntheticOptions options{.layout = "pure", .folder = folder.path(), .subjects = 1};
  options.seconds = 1;
  options.width = width;
  options.height = height;
  for (const auto& recording : plan_synthetic(options).recordings) recording.write();
  CHECK(files_below(images).size() == 30);
}

}  // namespace
}  // namespace rppg::datasets
