// Clips: times, colours, crops, states, limits, and frames before the first face.
#include "video/clip.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include "base/error.h"
#include "clips.h"
#include "support/resources.h"
#include "video/image_frame.h"
#include "video/resize.h"
#include "video/writer.h"

using namespace rppg;
using namespace rppg::video;

namespace {

ClipOptions whole_frame() {
  ClipOptions options;
  options.face.detector = "none";
  return options;
}

/// `blank` frames without a face, then `faces` with the astronaut's.
VideoSource portrait_video(const std::filesystem::path& portrait, const std::filesystem::path& file,
                           int blank, int faces) {
  Reader reader(VideoSource{portrait.parent_path(), {portrait}, {0}});
  REQUIRE(reader.next());
  const Image face = resize_area(reader.frame().rgb({100, 0, 256, 256}), 192, 192);
  Writer writer(file, 192, 192, {.codec = Codec::ffv1});
  for (int i = 0; i < blank; ++i) writer.write(test::flat(192, 192, {90, 90, 90}));
  for (int i = 0; i < faces; ++i) writer.write(face);
  writer.finish();
  return {file, {}, {}};
}

}  // namespace

TEST_CASE("a clip without a detector has the whole frames' colours") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "a.mkv";
  test::write_clip(file, 48, 32, 9, {.codec = Codec::ffv1, .rate_numerator = 25});
  const Clip clip = read_clip({file, {}, {}}, whole_frame());
  REQUIRE(clip.time_s.size() == 9);
  REQUIRE(clip.mean_rgb.size() == 9);
  CHECK(clip.crops.empty());
  CHECK(clip.info.width == 48);
  CHECK(clip.summary.frames == 9);
  CHECK(clip.face_coverage() == 0.0);
  for (std::size_t t = 0; t < 9; ++t) {
    CHECK(clip.time_s[t] == doctest::Approx(static_cast<double>(t) / 25).epsilon(1e-3));
    CHECK(clip.states[t] == FaceState::full_frame);
    CHECK(clip.boxes[t] == Box{0, 0, 48, 32});
    const auto expected = mean_rgb(test::pattern(48, 32, static_cast<int>(t)));
    for (std::size_t c = 0; c < 3; ++c) CHECK(std::abs(clip.mean_rgb[t][c] - expected[c]) < 1e-9);
  }
}

TEST_CASE("crops, and their mean") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "a.mkv";
  test::write_clip(file, 48, 32, 4, {.codec = Codec::ffv1});
  ClipOptions options = whole_frame();
  options.crop_size = 8;
  const Clip clip = read_clip({file, {}, {}}, options);
  options.mean_of_crop = true;
  const Clip of_crop = read_clip({file, {}, {}}, options);
  REQUIRE(clip.crops.size() == 4 * 8 * 8 * 3);
  CHECK(of_crop.crops == clip.crops);
  const Image crop = resize_area(test::pattern(48, 32, 2), 8, 8);
  CHECK(std::equal(crop.rgb.begin(), crop.rgb.end(), clip.crops.begin() + 2 * 8 * 8 * 3));
  CHECK(of_crop.mean_rgb[2] == mean_rgb(crop));
  options.keep_crops = false;
  const Clip mean_only = read_clip({file, {}, {}}, options);
  CHECK(mean_only.crops.empty());
  CHECK(mean_only.mean_rgb == of_crop.mean_rgb);
  CHECK(clip.mean_rgb[2] == mean_rgb(test::pattern(48, 32, 2)));
}

TEST_CASE("reading stops after max_frames") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "a.avi";
  test::write_clip(file, 48, 32, 9, {.codec = Codec::mjpeg});
  ClipOptions options = whole_frame();
  options.max_frames = 5;
  const Clip clip = read_clip({file, {}, {}}, options);
  CHECK(clip.time_s.size() == 5);
  CHECK(clip.boxes.size() == 5);
}

TEST_CASE("no face: no box and no colour, or the whole frame") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "a.mkv";
  Writer writer(file, 64, 48, {.codec = Codec::ffv1});
  for (int i = 0; i < 4; ++i) writer.write(test::flat(64, 48, {100, 80, 60}));
  writer.finish();
  ClipOptions options;
  options.crop_size = 4;
  const Clip missing = read_clip({file, {}, {}}, options);
  REQUIRE(missing.states.size() == 4);
  CHECK(missing.states[3] == FaceState::missing);
  CHECK(missing.boxes[3].empty());
  CHECK(std::isnan(missing.mean_rgb[3][1]));
  CHECK(missing.crops == std::vector<std::uint8_t>(4 * 4 * 4 * 3));

  options.face.full_frame_fallback = true;
  const Clip whole = read_clip({file, {}, {}}, options);
  CHECK(whole.states[3] == FaceState::full_frame);
  CHECK(whole.mean_rgb[3] == std::array<double, 3>{100, 80, 60});
  CHECK(whole.crops.back() == 60);
  CHECK(whole.face_coverage() == 0.0);

  options.face.reference_pipeline = true;
  const Clip reference = read_clip({file, {}, {}}, options);
  CHECK(reference.states[3] == FaceState::full_frame);
  CHECK(reference.boxes[3] == Box{0, 0, 64, 48});
}

TEST_CASE("frames before the first face have its box and their own colours") {
  const auto portrait = test::shared("realdata/faces/astronaut.png");
  if (!portrait) return;
  const test::TemporaryFolder folder;
  const VideoSource source = portrait_video(*portrait, folder.path() / "a.mkv", 3, 40);
  ClipOptions options;
  options.crop_size = 8;
  const Clip clip = read_clip(source, options);
  REQUIRE(clip.states.size() == 43);
  CHECK(clip.states[0] == FaceState::tracked);
  CHECK(clip.states[3] == FaceState::detected);
  CHECK(clip.states[4] == FaceState::tracked);
  CHECK(clip.states[33] == FaceState::detected);
  CHECK(clip.face_coverage() == 1.0);
  CHECK(clip.boxes[0] == clip.boxes[3]);
  for (std::size_t c = 0; c < 3; ++c) CHECK(std::abs(clip.mean_rgb[0][c] - 90) < 1.5);
  CHECK(clip.crops[0] == clip.crops[1]);
  CHECK(clip.mean_rgb[3][0] > clip.mean_rgb[3][2]);
  // Nothing moves, so nothing may change between looks.
  for (std::size_t t = 4; t < 43; ++t) CHECK(clip.mean_rgb[t] == clip.mean_rgb[3]);
}

TEST_CASE("decoder threads change nothing") {
  const auto video = test::shared("realdata/video/jeeliz_video.mp4");
  if (!video) return;
  ClipOptions options;
  options.crop_size = 16;
  const Clip one = read_clip({*video, {}, {}}, options);
  options.reader.threads = 4;
  const Clip four = read_clip({*video, {}, {}}, options);
  CHECK(one.face_coverage() == 1.0);
  CHECK(one.time_s == four.time_s);
  CHECK(one.boxes == four.boxes);
  CHECK(one.mean_rgb == four.mean_rgb);
  CHECK(one.crops == four.crops);
}

TEST_CASE("errors of the reader are passed on") {
  CHECK_THROWS_AS(read_clip({"/no/such/video.mp4", {}, {}}, {}), Error);
}
