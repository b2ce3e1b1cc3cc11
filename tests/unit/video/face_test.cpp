// Detectors: names and files that are refused, and real faces.
#include "video/face.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <doctest/doctest.h>
#include <stdlib.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "clips.h"
#include "support/resources.h"
#include "video/image_frame.h"
#include "video/reader.h"
#include "video/reference_box.h"

using namespace rppg;
using namespace rppg::video;

namespace {

Status status_of(const std::string& detector) {
  try {
    make_face_detector({.detector = detector});
  } catch (const Error& error) {
    CHECK(std::string_view(error.what()).find('\n') == std::string_view::npos);
    return error.status();
  }
  return Status::ok;
}

Image picture(const std::filesystem::path& file) {
  Reader reader(VideoSource{file.parent_path(), {file}, {0}});
  REQUIRE(reader.next());
  return reader.frame().rgb();
}

double overlap(const Box& a, const Box& b) {
  const double width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const double height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  const double common = width * height;
  return common / (static_cast<double>(a.width) * a.height +
                   static_cast<double>(b.width) * b.height - common);
}

/// The face in the astronaut's portrait (512 x 512), marked by eye.
constexpr Box astronaut{175, 70, 105, 105};

class CascadeFolder {
 public:
  explicit CascadeFolder(const std::filesystem::path& folder) {
    ::setenv("RPPG_HAAR_DIR", folder.c_str(), 1);
  }
  ~CascadeFolder() { ::unsetenv("RPPG_HAAR_DIR"); }
  CascadeFolder(const CascadeFolder&) = delete;
  CascadeFolder& operator=(const CascadeFolder&) = delete;
};

}  // namespace

TEST_CASE("without a detector the whole frame is the face") {
  const ImageFrame frame(test::pattern(31, 22, 0));
  CHECK(make_face_detector({.detector = "none"})->detect(frame) ==
        std::vector<Box>{{0, 0, 31, 22}});
}

TEST_CASE("detectors that cannot be made") {
  const test::TemporaryFolder folder;
  const std::string model = folder.path() / "model.onnx";
  CHECK(status_of("harr") == Status::usage);
  CHECK(status_of("") == Status::usage);
  CHECK(status_of("yunet:" + model) == Status::missing);
  CHECK(status_of("yunet:" + folder.path().string()) == Status::missing);
  write_file(model, "no network");
  CHECK(status_of("yunet:" + model) == Status::malformed);
  write_file(model, "");
  CHECK(status_of("yunet:" + model) == Status::malformed);
}

TEST_CASE("cascade files that are missing or damaged") {
  const test::TemporaryFolder folder;
  const CascadeFolder used(folder.path());
  CHECK(status_of("haar") == Status::unavailable);
  write_file(folder.path() / "haarcascade_frontalface_default.xml", "<?xml version=\"1.0\"?>");
  CHECK(status_of("haar") == Status::malformed);
}

TEST_CASE("no face in a picture without one") {
  for (const bool reference : {false, true}) {
    const auto detector = make_face_detector({.reference_pipeline = reference});
    CHECK(detector->detect(ImageFrame(test::flat(160, 120, {120, 90, 80}))).empty());
    CHECK(detector->detect(ImageFrame(test::flat(3, 2, {120, 90, 80}))).empty());
  }
}

TEST_CASE("the astronaut's face, anywhere and where it was") {
  const auto file = test::shared("realdata/faces/astronaut.png");
  if (!file) return;
  const ImageFrame frame(picture(*file));
  const auto detector = make_face_detector({});
  const std::vector<Box> faces = detector->detect(frame);
  REQUIRE(!faces.empty());
  CHECK(overlap(faces.front(), astronaut) > 0.5);

  Box shifted = astronaut;
  shifted.x += 20;
  const std::vector<Box> near = detector->detect_near(frame, shifted);
  REQUIRE(!near.empty());
  CHECK(overlap(near.front(), faces.front()) > 0.8);

  const std::vector<Box> far = detector->detect_near(frame, {380, 380, 100, 100});
  CHECK(far == faces);
}

TEST_CASE("most portraits have one face") {
  const auto folder = test::shared("realdata/faces/portraits");
  if (!folder) return;
  const auto detector = make_face_detector({});
  int pictures = 0;
  int found = 0;
  for (const auto& entry : std::filesystem::directory_iterator(*folder)) {
    if (entry.path().extension() != ".jpg") continue;
    ++pictures;
    const ImageFrame frame(picture(entry.path()));
    const std::vector<Box> faces = detector->detect(frame);
    found += faces.empty() ? 0 : 1;
    CHECK(std::is_sorted(faces.begin(), faces.end(),
                         [](const Box& a, const Box& b) { return a.width > b.width; }));
  }
  CHECK(found >= pictures * 9 / 10);
}

TEST_CASE("YuNet finds the astronaut") {
  const auto file = test::shared("realdata/faces/astronaut.png");
  const auto model = test::shared("realdata/detectors/yunet/yunet_n_320_320.onnx");
  if (!file || !model) return;
  const std::string name = "yunet:" + model->string();
  const std::vector<Box> faces =
      make_face_detector({.detector = name})->detect(ImageFrame(picture(*file)));
  REQUIRE(!faces.empty());
  CHECK(overlap(faces.front(), astronaut) > 0.5);
}

TEST_CASE("the reference pipeline's box") {
  CHECK(reference_box({{52, 40, 54, 54}}, 280, 185, 1.5) == Box{38, 26, 81, 81});
  CHECK(reference_box({{10, 5, 60, 60}}, 280, 185, 1.5) == Box{0, 0, 90, 90});
  CHECK(reference_box({{0, 0, 30, 30}, {100, 100, 40, 40}, {9, 9, 40, 40}}, 280, 185, 1) ==
        Box{100, 100, 40, 40});
  // Without a face: width and height of the frame exchanged.
  CHECK(reference_box({}, 640, 480, 1.5) == Box{0, 0, 720, 960});
  CHECK(median_box({{1, 2, 3, 4}, {5, 5, 5, 5}, {2, 9, 9, 8}}) == Box{2, 5, 5, 5});
  CHECK(median_box({{1, 2, 3, 4}, {2, 4, 4, 8}}) == Box{1, 3, 3, 6});
}
