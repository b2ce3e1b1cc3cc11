#include <cmath>
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
using rppg::test::LabelFile;

namespace {

constexpr std::string_view sound = "1 2 3\n60 61 62\n0 0.033 0.067\n";

std::string release_2_error(std::string_view text) {
  const LabelFile file("ground_truth.txt", text);
  return error_of([&] { datasets::read_ubfc_rppg_labels(file.recording()); });
}

std::string release_1_error(std::string_view text) {
  const LabelFile file("gtdump.xmp", text);
  return error_of([&] { datasets::read_ubfc_rppg_1_labels(file.recording()); });
}

void make_subject(const fs::path& folder, bool video, bool labels) {
  fs::create_directories(folder);
  if (video) rppg::write_file(folder / "vid.avi", "x");
  if (labels) rppg::write_file(folder / "ground_truth.txt", sound);
}

}  // namespace

TEST_CASE("UBFC-rPPG: both releases are found, below one root and in their own folders") {
  const fs::path root = rppg::test::fixture("data/ubfc_rppg");
  const auto all = datasets::ubfc_rppg.discover(root);
  CHECK(rppg::test::ids(all) == std::vector<std::string>{"5-gt", "subject1"});
  CHECK(rppg::test::ids(datasets::ubfc_rppg.discover(root / "DATASET_2")) ==
        std::vector<std::string>{"subject1"});
  const auto& second = by_id(all, "subject1");
  CHECK(second.problem.empty());
  CHECK(second.dataset == "ubfc-rppg");
  CHECK(second.subject == "subject1");
  CHECK(second.rate_hz == 30);
  CHECK(second.video.file == root / "DATASET_2/subject1/vid.avi");
  CHECK(by_id(all, "5-gt").problem.empty());
  CHECK(by_id(all, "5-gt").rate_hz == 0);
}

TEST_CASE("UBFC-rPPG: labels of release 2 are the three lines") {
  const auto all = datasets::ubfc_rppg.discover(rppg::test::fixture("data/ubfc_rppg"));
  const auto labels = datasets::ubfc_rppg.read_labels(by_id(all, "subject1"));
  REQUIRE(labels.ppg.size() == 8);
  CHECK(labels.per_frame);
  CHECK(labels.nominal_rate_hz == 30);
  CHECK(labels.ppg[1] == doctest::Approx(std::sin(2 * 3.14159265358979 * 1.2 / 30)).epsilon(1e-7));
  CHECK(labels.device_hr_bpm[3] == 72);
  CHECK(labels.device_hr_bpm[4] == 73);
  CHECK(labels.time_s[3] == 0.1);
  CHECK(labels.time_s[4] == 0.1);
  CHECK(labels.frame_time_s == labels.time_s);
}

TEST_CASE("UBFC-rPPG: labels of release 1 run on their own clock") {
  const auto all = datasets::ubfc_rppg.discover(rppg::test::fixture("data/ubfc_rppg"));
  const auto labels = datasets::ubfc_rppg.read_labels(by_id(all, "5-gt"));
  REQUIRE(labels.ppg.size() == 18);
  CHECK_FALSE(labels.per_frame);
  CHECK(labels.frame_time_s.empty());
  CHECK(labels.time_s[1] == doctest::Approx(0.016));
  CHECK(labels.ppg[0] == 60);
  CHECK(labels.device_hr_bpm[17] == 72);
}

TEST_CASE("UBFC-rPPG: incomplete recordings are listed with what they lack, by number") {
  const rppg::test::TemporaryFolder folder;
  make_subject(folder.path() / "subject10", true, true);
  make_subject(folder.path() / "subject2", false, true);
  make_subject(folder.path() / "subject3", true, false);
  make_subject(folder.path() / "subject4", false, false);
  make_subject(folder.path() / "notes", false, false);
  fs::create_directory_symlink(folder.path() / "subject10", folder.path() / "subject11");
  fs::create_symlink("subject12", folder.path() / "subject12");
  rppg::write_file(folder.path() / "subject3/vid.avi", "");
  const auto all = datasets::ubfc_rppg.discover(folder.path());
  CHECK(rppg::test::ids(all) ==
        std::vector<std::string>{"subject2", "subject3", "subject4", "subject10", "subject11"});
  CHECK(contains(by_id(all, "subject2").problem, "subject2/vid.avi: no such file"));
  CHECK(contains(by_id(all, "subject3").problem, "vid.avi: empty file"));
  CHECK(contains(by_id(all, "subject3").problem, "ground_truth.txt: no such file"));
  CHECK(contains(by_id(all, "subject4").problem, "vid.avi: no such file"));
  CHECK(by_id(all, "subject10").problem.empty());
  CHECK(by_id(all, "subject11").problem.empty());
}

TEST_CASE("UBFC-rPPG: videos of another container") {
  const rppg::test::TemporaryFolder folder;
  make_subject(folder.path() / "subject1", false, true);
  rppg::write_file(folder.path() / "subject1/vid.mkv", "x");
  CHECK(datasets::ubfc_rppg.discover(folder.path())[0].video.file.filename() == "vid.mkv");
}

TEST_CASE("UBFC-rPPG: a root that is missing or holds something else") {
  const rppg::test::TemporaryFolder folder;
  const auto status_of = [](const fs::path& root) {
    try {
      datasets::ubfc_rppg.discover(root);
    } catch (const rppg::Error& error) {
      return error.status();
    }
    return rppg::Status::ok;
  };
  CHECK(status_of(folder.path()) == rppg::Status::malformed);
  CHECK(status_of(folder.path() / "nowhere") == rppg::Status::missing);
}

TEST_CASE("UBFC-rPPG: what editors and systems do to text files is accepted") {
  CHECK(release_2_error(sound) == "accepted");
  CHECK(release_2_error("\xef\xbb\xbf" + std::string(sound)) == "accepted");
  CHECK(release_2_error("1\t2\r\n60 61\r\n0 1\r\n\r\n\r\n") == "accepted");
}

TEST_CASE("UBFC-rPPG: malformed labels of release 2 are named by file and line") {
  using namespace std::string_literals;
  CHECK(contains(release_2_error(""), "ground_truth.txt: empty file"));
  CHECK(contains(release_2_error("\n \n"), "empty file"));
  CHECK(contains(release_2_error("1 2 3\n"), "line 1: the file ends here"));
  CHECK(contains(release_2_error("1 2\n1 2\n"), "line 2: the file ends here"));
  CHECK(contains(release_2_error(std::string(sound) + "1 2 3\n"), "line 4: more than 3 lines"));
  CHECK(contains(release_2_error("1 2\n1 2 3\n1 2\n"), "line 2: 3 values, but line 1 has 2"));
  for (const char* word : {"nan", "inf", "-inf", "1e999", "x", "-", "1,5", "0x10", "1.2.3"}) {
    const std::string text = std::string("1 ") + word + " 3\n1 2 3\n1 2 3\n";
    CHECK_MESSAGE(contains(release_2_error(text), "ground_truth.txt: line 1: '"), word);
  }
  CHECK(contains(release_2_error("1 2\0 3\n1 2 3\n1 2 3\n"s), "line 1: '2\\x00'"));
  CHECK(contains(release_2_error("1 2 3\n1 2 3\n1 1 1\n"), "line 3: the time does not rise"));
  CHECK(contains(release_2_error("1 2 3\n1 2 3\n3 2 1\n"), "line 3: the time does not rise"));
  CHECK(contains(release_2_error("\n\n\n1 2 3\n"), "line 4"));
}

TEST_CASE("UBFC-rPPG: long garbage gives a short error") {
  CHECK(release_2_error(std::string(1 << 20, 'x')).size() < 300);
  CHECK(release_1_error(std::string(1 << 20, '\xff')).size() < 300);
}

TEST_CASE("UBFC-rPPG: a label file that is far too long is refused before it is read") {
  const LabelFile file("ground_truth.txt", "1\n");
  fs::resize_file(file.recording().labels, std::uintmax_t{1} << 36);
  const auto read = [&] { datasets::read_ubfc_rppg_labels(file.recording()); };
  CHECK(contains(error_of(read), "ground_truth.txt"));
}

TEST_CASE("UBFC-rPPG: malformed labels of release 1") {
  CHECK(release_1_error("0,60,98,1\n16,60,98,2\n") == "accepted");
  CHECK(release_1_error("0, 60, 98, 1\r\n16, 60, 98, 2,\r\n") == "accepted");
  CHECK(contains(release_1_error("0,60,98,1\n16,60,98\n"), "gtdump.xmp: line 2: 3 columns"));
  CHECK(contains(release_1_error("0,60,98,1\n16,60,98,x\n"), "line 2: 'x' is not a finite number"));
  CHECK(contains(release_1_error("0,60,98,1\n\n16,60,98,2\n"), "line 2: 1 columns"));
  CHECK(contains(release_1_error("16,60,98,1\n16,60,98,2\n"), "the time does not rise"));
}

TEST_CASE("UBFC-rPPG: a missing label file") {
  rppg::data::Recording recording;
  recording.labels = "nowhere/ground_truth.txt";
  const auto read = [&] { datasets::ubfc_rppg.read_labels(recording); };
  CHECK_THROWS_AS(read(), rppg::Error);
  CHECK(contains(error_of(read), "nowhere/ground_truth.txt"));
}

TEST_CASE("UBFC-rPPG: the public label files") {
  const auto root = rppg::test::shared("realdata/labels/ubfc_rppg");
  if (!root) return;
  const auto all = datasets::ubfc_rppg.discover(*root);
  REQUIRE(all.size() == 20);
  CHECK(all.front().id == "subject1");
  CHECK(all.back().id == "subject49");
  for (const auto& recording : all) {
    CAPTURE(recording.id);
    CHECK(contains(recording.problem, "vid.avi"));
    const auto labels = datasets::ubfc_rppg.read_labels(recording);
    CHECK(labels.ppg.size() > 1000);
    CHECK(labels.time_s.size() == labels.ppg.size());
    CHECK(labels.device_hr_bpm.size() == labels.ppg.size());
    const double rate_hz =
        static_cast<double>(labels.ppg.size() - 1) / (labels.time_s.back() - labels.time_s.front());
    CHECK(rate_hz > 20);
    CHECK(rate_hz < 31);
  }
}
