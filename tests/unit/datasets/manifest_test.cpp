#include <string>

#include <doctest/doctest.h>

#include "datasets/layouts.h"
#include "datasets/registry.h"
#include "layout_fixture.h"

namespace fs = std::filesystem;
namespace datasets = rppg::datasets;
using rppg::test::by_id;
using rppg::test::contains;
using rppg::test::error_of;

namespace {

/// A manifest in a folder with one video and one label file.
class Manifest {
 public:
  explicit Manifest(std::string_view text) : file_(folder_.path() / "list.csv") {
    rppg::write_file(folder_.path() / "v.avi", "x");
    rppg::write_file(folder_.path() / "l.txt", "1 2\n60 61\n0 1\n");
    rppg::write_file(file_, text);
  }
  std::vector<rppg::data::Recording> read() const { return datasets::manifest.discover(file_); }
  std::string error() const {
    return error_of([this] { read(); });
  }

 private:
  rppg::test::TemporaryFolder folder_;
  fs::path file_;
};

std::string csv_error(std::string_view text) {
  const rppg::test::LabelFile file("labels.csv", text);
  rppg::data::Recording recording = file.recording();
  recording.labels_format = "csv";
  return error_of([&] { datasets::manifest.read_labels(recording); });
}

}  // namespace

TEST_CASE("manifest: columns become recordings, paths start at its folder") {
  const fs::path folder = rppg::test::fixture("data/manifest");
  const auto all = datasets::manifest.discover(folder / "manifest.csv");
  CHECK(rppg::test::ids(all) ==
        std::vector<std::string>{"anna-images", "anna-rest", "ben-rest", "carl", "dora", "emil"});
  const auto& anna = by_id(all, "anna-rest");
  CHECK(anna.problem.empty());
  CHECK(anna.dataset == "manifest");
  CHECK(anna.subject == "anna");
  CHECK(anna.session == "1");
  CHECK(anna.view == "frontal");
  CHECK(anna.state == "rest");
  CHECK(anna.stop_s == 0.2);
  CHECK(anna.labels == folder / "labels.csv");
  CHECK(by_id(all, "anna-images").video.images.size() == 4);
  CHECK(by_id(all, "anna-images").rate_hz == 30);
  CHECK(by_id(all, "ben-rest").subject == "ben-rest");
  CHECK(contains(by_id(all, "emil").problem, "missing.avi: no such file"));
}

TEST_CASE("manifest: every label format is read") {
  const auto all = datasets::manifest.discover(rppg::test::fixture("data/manifest/manifest.csv"));
  const auto samples = [&](std::string_view id) {
    return datasets::manifest.read_labels(by_id(all, id)).ppg.size();
  };
  CHECK(samples("anna-rest") == 15);
  CHECK(samples("anna-images") == 10);
  CHECK(samples("ben-rest") == 18);
  CHECK(samples("carl") == 8);
  CHECK(samples("emil") == 8);
  CHECK(by_id(all, "dora").problem.empty());
  CHECK(contains(error_of([&] { samples("dora"); }), "dora: the manifest names no labels"));
}

TEST_CASE("manifest: a bad recording is listed with its problem, the others go on") {
  const std::string header = "id\tvideo\tlabels\tlabels_format\tstart_s\tstop_s\tsha256\n";
  const auto all = Manifest(header +
                            "good\tv.avi\tl.txt\tubfc-rppg\t\t\tABC\n"
                            "format\tv.avi\tl.txt\tubfc\t\t\t\n"
                            "no-format\tv.avi\tl.txt\t\t\t\t\n"
                            "no-labels\tv.avi\tm.txt\tcsv\t\t\t\n"
                            "no-video\t\tl.txt\tubfc-rppg\t\t\t\n"
                            "folder\t.\tl.txt\tubfc-rppg\t\t\t\n"
                            "range\tv.avi\tl.txt\tubfc-rppg\t5\t5\t\n")
                       .read();
  REQUIRE(all.size() == 7);
  CHECK(by_id(all, "good").problem.empty());
  CHECK(by_id(all, "good").sha256 == "abc");
  CHECK(
      contains(by_id(all, "format").problem, "unknown labels_format 'ubfc'; expected one of csv"));
  CHECK(contains(by_id(all, "no-format").problem, "unknown labels_format ''"));
  CHECK(contains(by_id(all, "no-labels").problem, "m.txt: no such file"));
  CHECK(contains(by_id(all, "no-video").problem, "line 6 names no video"));
  CHECK(contains(by_id(all, "folder").problem, "no images"));
  CHECK(contains(by_id(all, "range").problem, "line 8: stop_s is not after start_s"));
}

TEST_CASE("manifest: what cannot be understood is refused with line and column") {
  CHECK(contains(Manifest("").error(), "list.csv"));
  CHECK(contains(Manifest("id,video\n").error(), "no recording below the header"));
  CHECK(contains(Manifest("id,labels\na,b\n").error(), "video"));
  CHECK(contains(Manifest("id,video,fsp\na,v.avi,30\n").error(), "unknown column 'fsp'"));
  CHECK(contains(Manifest("id,video,fsp\na,v.avi,30\n").error(), "fps"));
  CHECK(contains(Manifest("id,video,fps\na,v.avi,fast\n").error(), "line 2, column fps"));
  CHECK(contains(Manifest("id,video,fps\na,v.avi,-1\n").error(), "line 2, column fps"));
  CHECK(contains(Manifest("id,video\na,v.avi\na,v.avi\n").error(), "line 3, column id"));
  for (const char* id : {"../x", "", "a b", ".", "..", "\xc3\xa4"}) {
    const auto error = Manifest(std::string("id,video\n\"") + id + "\",v.avi\n").error();
    CHECK_MESSAGE(contains(error, "line 2, column id"), id);
  }
  CHECK(Manifest("id,video\n" + std::string(128, 'a') + ",v.avi\n").error() == "accepted");
  CHECK(contains(Manifest("id,video\n" + std::string(129, 'a') + ",v.avi\n").error(), "column id"));
  CHECK(contains(error_of([] { datasets::manifest.discover("nowhere.csv"); }), "nowhere.csv"));
}

TEST_CASE("manifest: paths that the file system refuses are problems of their recordings") {
  const rppg::test::TemporaryFolder folder;
  fs::create_symlink("loop.avi", folder.path() / "loop.avi");
  rppg::write_file(folder.path() / "list.csv", "id,video\nlong," + std::string(5000, 'v') +
                                                   "\nloop,loop.avi\nup,../../nowhere\n");
  const auto all = datasets::manifest.discover(folder.path() / "list.csv");
  for (const auto& recording : all) CHECK_FALSE(recording.problem.empty());
  CHECK(all.size() == 3);
}

TEST_CASE("manifest: tables of labels") {
  CHECK(csv_error("time,ppg\n0,1\n1,2\n") == "accepted");
  CHECK(csv_error("ppg;note;time\n1;a;0\n2;b;1\n") == "accepted");
  CHECK(contains(csv_error("seconds,ppg\n0,1\n"), "labels.csv"));
  CHECK(contains(csv_error("time,ppg\n"), "no samples"));
  CHECK(contains(csv_error("time,ppg\n0,1\n1,x\n"), "labels.csv: line 3, column ppg"));
  CHECK(contains(csv_error("time,ppg\n0,1\n,2\n"), "line 3, column time"));
}
