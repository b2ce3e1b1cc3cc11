// Area resize, Haar faces, boxes and crops as rPPG-Toolbox (OpenCV 4.6) makes them: exact.
#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "io/hdf5.h"
#include "support/resources.h"
#include "video/clip.h"
#include "video/haar.h"
#include "video/image_frame.h"
#include "video/reference_box.h"
#include "video/resize.h"
#include "video/still.h"

using namespace rppg;
using namespace rppg::video;

namespace {

constexpr const char* vectors = "reference/toolbox/e_imageops_haar.h5";

Image read_rgb(const io::Hdf5Reader& file, const std::string& path) {
  const auto extents = file.extents(path);
  REQUIRE(extents.size() == 3);
  return {static_cast<int>(extents[1]), static_cast<int>(extents[0]), file.bytes(path)};
}

std::vector<Image> read_frames(const io::Hdf5Reader& file, const std::string& path) {
  const auto extents = file.extents(path);
  const auto bytes = file.bytes(path);
  const auto frame_bytes = static_cast<std::ptrdiff_t>(extents[1] * extents[2] * 3);
  std::vector<Image> frames;
  for (std::uint64_t t = 0; t < extents[0]; ++t) {
    const auto start = bytes.begin() + static_cast<std::ptrdiff_t>(t) * frame_bytes;
    frames.push_back(
        {static_cast<int>(extents[2]), static_cast<int>(extents[1]), {start, start + frame_bytes}});
  }
  return frames;
}

std::vector<Box> read_boxes(const io::Hdf5Reader& file, const std::string& path) {
  const auto values = file.integers(path);
  std::vector<Box> boxes;
  for (std::size_t i = 0; i + 3 < values.size(); i += 4) {
    const auto side = [&](std::size_t k) { return static_cast<int>(values[i + k]); };
    boxes.push_back({side(0), side(1), side(2), side(3)});
  }
  return boxes;
}

Box box_attribute(const io::Hdf5Reader& file, const std::string& path, const std::string& name) {
  const auto values = file.numbers_attribute(path, name);
  REQUIRE(values.size() == 4);
  return {static_cast<int>(values[0]), static_cast<int>(values[1]), static_cast<int>(values[2]),
          static_cast<int>(values[3])};
}

std::vector<Box> sorted(std::vector<Box> boxes) {
  std::sort(boxes.begin(), boxes.end(), [](const Box& a, const Box& b) {
    return std::tie(a.x, a.y, a.width, a.height) < std::tie(b.x, b.y, b.width, b.height);
  });
  return boxes;
}

VideoSource write_images(const std::filesystem::path& folder, const std::vector<Image>& frames) {
  VideoSource source{folder, {}, {}};
  for (std::size_t t = 0; t < frames.size(); ++t) {
    source.images.push_back(folder / ("frame" + std::to_string(100 + t) + ".png"));
    source.image_times_s.push_back(static_cast<double>(t) / 30);
    write_file(source.images.back(), encode_png(frames[t]));
  }
  return source;
}

}  // namespace

TEST_CASE("area resize gives OpenCV's bytes") {
  const auto path = test::shared(vectors);
  if (!path) return;
  const io::Hdf5Reader file(*path);
  int compared = 0;
  for (const std::string& name : file.list("/resize")) {
    const std::string group = "/resize/" + name;
    const Image source = read_rgb(file, group + "/src");
    for (const std::string& target : file.list(group)) {
      if (target.rfind("dst_", 0) != 0) continue;
      CAPTURE(group + "/" + target);
      const Image expected = read_rgb(file, group + "/" + target + "/area_u8");
      CHECK(resize_area(source, expected.width, expected.height).rgb == expected.rgb);
      ++compared;
    }
  }
  CHECK(compared >= 15);
}

TEST_CASE("Haar faces, their enlarged box and its crop are those of the reference pipeline") {
  const auto path = test::shared(vectors);
  if (!path) return;
  const io::Hdf5Reader file(*path);
  const auto detector = make_reference_haar_detector();
  int images = 0;
  for (const std::string& name : file.list("/haar")) {
    if (name.rfind("img", 0) != 0) continue;
    const std::string group = "/haar/" + name;
    CAPTURE(group);
    const Image image = read_rgb(file, group + "/rgb");
    const std::vector<Box> faces = detector->detect(ImageFrame(image));
    CHECK(sorted(faces) == read_boxes(file, group + "/boxes"));
    const Box box = reference_box(faces, image.width, image.height, 1.5);
    CHECK(box == box_attribute(file, group, "toolbox_box_large1.5"));
    const Box visible = intersect(box, image.width, image.height);
    CHECK(resize_area(cut(image, visible), 72, 72).rgb == file.bytes(group + "/crop72"));
    ++images;
  }
  CHECK(images >= 15);
}

TEST_CASE("crops of a moving face under every schedule of the reference pipeline") {
  const auto path = test::shared(vectors);
  if (!path) return;
  const io::Hdf5Reader file(*path);
  const test::TemporaryFolder folder;
  const VideoSource source = write_images(folder.path(), read_frames(file, "/haar/video/rgb"));
  ClipOptions options;
  options.crop_size = 36;
  options.mean_of_crop = true;
  options.face.reference_pipeline = true;
  options.face.period_frames = 5;

  options.face.schedule = FaceSchedule::first_frame;
  const Clip fixed = read_clip(source, options);
  CHECK(fixed.crops == file.bytes("/haar/video/crop36_static"));
  CHECK(fixed.states.front() == FaceState::detected);
  CHECK(fixed.states.back() == FaceState::tracked);

  options.face.schedule = FaceSchedule::periodic;
  CHECK(read_clip(source, options).crops == file.bytes("/haar/video/crop36_dyn5"));

  options.face.median = true;
  const Clip median = read_clip(source, options);
  CHECK(median.crops == file.bytes("/haar/video/crop36_dyn5_median"));
  CHECK(median.boxes.front() == median.boxes.back());
  CHECK(median.face_coverage() == 1.0);

  options.face.detector = "none";
  CHECK(read_clip(source, options).crops == file.bytes("/haar/video/crop36_nocrop"));
}
