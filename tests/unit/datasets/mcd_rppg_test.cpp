#include <string>

#include <doctest/doctest.h>

#include "datasets/layouts.h"
#include "layout_fixture.h"

namespace fs = std::filesystem;
namespace datasets = rppg::datasets;
using rppg::test::by_id;
using rppg::test::contains;
using rppg::test::error_of;
using rppg::test::FixtureCopy;

namespace {

/// Two label files of one recording, in a folder of their own.
class Files {
 public:
  Files(std::string_view meta, std::string_view labels, std::string_view name = "ppg_sync.txt") {
    recording_.frame_times = (folder_.path() / "meta.txt").string();
    recording_.labels = folder_.path() / name;
    rppg::write_file(recording_.frame_times, meta);
    rppg::write_file(recording_.labels, labels);
  }
  rppg::data::Labels read() const { return datasets::read_mcd_rppg_labels(recording_); }
  std::string error() const {
    return error_of([this] { read(); });
  }

 private:
  rppg::test::TemporaryFolder folder_;
  rppg::data::Recording recording_;
};

/// 30 frames, 40 ms apart, across midnight.
std::string stamps(int count = 30) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    const int ms = 59'500 + 40 * i;
    const std::string clock = ms < 60'000 ? "2023-02-28 23:59:" : "2023-03-01 00:00:";
    const std::string digits = std::to_string(100'000 + ms % 60'000);
    text += std::to_string(i + 1) + " " + clock + digits.substr(1, 2) + "." + digits.substr(3) +
            "000\n";
  }
  return text;
}

std::string values(int count, std::string_view distance = "0.004") {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += std::to_string(100 + 20 * (i % 3)) + " " + std::string(distance) + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("MCD-rPPG: the table gives subject, view and state") {
  const auto all = datasets::mcd_rppg.discover(rppg::test::fixture("data/mcd_rppg"));
  CHECK(rppg::test::ids(all) ==
        std::vector<std::string>{"1020_FullHDwebcam_before", "1020_USBVideo_after"});
  CHECK(all[0].problem.empty());
  CHECK(all[0].subject == "1020");
  CHECK(all[0].session == "before");
  CHECK(all[0].state == "rest");
  CHECK(all[0].view == "frontal");
  CHECK(all[0].rate_hz == 0);
  CHECK(all[1].problem.empty());
  CHECK(all[1].state == "after-exercise");
  CHECK(all[1].view == "left");
}

TEST_CASE("MCD-rPPG: a value per frame, at the stamp of the frame") {
  const auto all = datasets::mcd_rppg.discover(rppg::test::fixture("data/mcd_rppg"));
  const auto labels = datasets::mcd_rppg.read_labels(all[0]);
  REQUIRE(labels.ppg.size() == 8);
  CHECK(labels.per_frame);
  CHECK(labels.ppg[0] == 100);
  CHECK(labels.time_s[7] == doctest::Approx(7 * 0.0334).epsilon(1e-12));
  CHECK(labels.frame_time_s == labels.time_s);
}

TEST_CASE("MCD-rPPG: the sensor's samples stand in for a missing ppg_sync") {
  const auto all = datasets::mcd_rppg.discover(rppg::test::fixture("data/mcd_rppg"));
  CHECK(all[1].labels.filename() == "1020_after.PW");
  const auto labels = datasets::mcd_rppg.read_labels(all[1]);
  CHECK_FALSE(labels.per_frame);
  CHECK(labels.nominal_rate_hz == 100);
  REQUIRE(labels.ppg.size() == 28);
  CHECK(labels.time_s[0] == doctest::Approx(-0.01));
  CHECK(labels.time_s[27] == doctest::Approx(0.26));
  CHECK(labels.frame_time_s.size() == 8);
}

TEST_CASE("MCD-rPPG: files alone, and incomplete recordings") {
  const FixtureCopy copy("data/mcd_rppg");
  fs::remove(copy.path() / "db.csv");
  rppg::write_file(copy.path() / "video/1027_IriunWebcam_after.avi", "x");
  rppg::write_file(copy.path() / "video/other.avi", "x");
  fs::remove(copy.path() / "video/1020_FullHDwebcam_before.avi");
  const auto all = datasets::mcd_rppg.discover(copy.path());
  CHECK(all.size() == 3);
  CHECK(contains(by_id(all, "1020_FullHDwebcam_before").problem, "before.avi: no such file"));
  CHECK(by_id(all, "1020_USBVideo_after").problem.empty());
  const auto& bare = by_id(all, "1027_IriunWebcam_after");
  CHECK(bare.view == "right");
  CHECK(contains(bare.problem, "meta/1027_IriunWebcam_after.txt: no such file"));
  CHECK(contains(bare.problem, "ppg_sync/1027_IriunWebcam_after.txt: no such file"));
}

TEST_CASE("MCD-rPPG: a table that contradicts what is known is refused with its line") {
  const FixtureCopy copy("data/mcd_rppg");
  const auto error = [&](std::string_view table) {
    rppg::write_file(copy.path() / "db.csv", table);
    return error_of([&] { datasets::mcd_rppg.discover(copy.path()); });
  };
  const std::string header = "patient_id,step,camera,view\n";
  CHECK(error(header + "1020,before,FullHDwebcam,front\n") == "accepted");
  CHECK(error("patient_id,step,camera\n1020,before,FullHDwebcam\n") == "accepted");
  CHECK(contains(error(header + "1020,before,FullHDwebcam,left\n"), "db.csv: line 2, column view"));
  CHECK(contains(error(header + "1020,during,FullHDwebcam,front\n"), "line 2, column step"));
  CHECK(contains(error(header + "1020,before,Phone,front\n"), "line 2, column camera"));
  CHECK(contains(error("patient_id,step\n1020,before\n"), "camera"));
}

TEST_CASE("MCD-rPPG: stamps across midnight and a month, with and without fraction") {
  const auto labels = Files(stamps(), values(30)).read();
  CHECK(labels.frame_time_s[13] == doctest::Approx(0.52).epsilon(1e-12));
  const auto whole = Files("1 2023-12-31T23:59:59\n2 2024-01-01T00:00:00.5\n", "0 0\n100 0\n");
  CHECK(whole.read().time_s[1] == 1.5);
}

TEST_CASE("MCD-rPPG: files of slightly different length are cut to the shortest") {
  const auto shorter = Files(stamps(), values(29)).read();
  CHECK(shorter.ppg.size() == 29);
  CHECK(shorter.time_s.size() == 29);
  CHECK(shorter.frame_time_s.size() == 30);
  CHECK(Files(stamps(), values(31)).read().ppg.size() == 30);
  CHECK(contains(Files(stamps(), values(20)).error(), "ppg_sync.txt: 20 lines, but"));
}

TEST_CASE("MCD-rPPG: a PPG that cannot be one is refused") {
  std::string flat;
  for (int i = 0; i < 30; ++i) flat += std::to_string(127 + i % 2) + " 0.004\n";
  CHECK(contains(Files(stamps(), flat).error(), "flat PPG: its standard deviation is 0.50"));
  CHECK(contains(Files(stamps(), values(30, "0.3")).error(), "30 of 30 frames have no PPG sample"));
}

TEST_CASE("MCD-rPPG: malformed files are named with the line") {
  CHECK(contains(Files(stamps(), "1 0\n2\n").error(), "ppg_sync.txt: line 2: 1 values"));
  CHECK(contains(Files(stamps(), "1 0\nx 0\n").error(), "ppg_sync.txt: line 2: 'x'"));
  CHECK(contains(Files("", values(30)).error(), "meta.txt: empty file"));
  for (const char* stamp :
       {"2023-03-01", "2023-02-30 10:00:00", "2023-03-01 24:00:00", "2023-03-01 10:00:00.",
        "2023-03-01 10:00:00.1234567890", "2023-03-01 10:00:00 x", "9999-03-01 10:00:00",
        "2023-03-01 10:60:00", "yesterday"}) {
    const auto error = Files(std::string("1 ") + stamp + "\n", values(1)).error();
    CHECK_MESSAGE(contains(error, "meta.txt: line 1: '"), stamp);
  }
  CHECK(contains(Files("1\n", values(1)).error(), "meta.txt: line 1: ''"));
  CHECK(
      contains(Files(stamps(), "5 2023-03-01T10:00:00\n6\n", "raw.PW").error(), "raw.PW: line 2"));
}

TEST_CASE("MCD-rPPG: the head of a public ppg_sync file") {
  const auto file =
      rppg::test::shared("realdata/labels/mcd_rppg/1020_FullHDwebcam_before.head.txt");
  if (!file) return;
  const auto labels = Files(stamps(291), rppg::read_file(*file)).read();
  CHECK(labels.ppg.size() == 291);
  CHECK(labels.ppg[0] == 126);
  CHECK(labels.ppg[1] == 125);
}
