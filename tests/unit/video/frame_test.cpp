// Parts of decoded pictures: boxes, means and reduced luma agree with the whole RGB picture.
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "clips.h"
#include "support/resources.h"
#include "video/image_frame.h"
#include "video/reader.h"
#include "video/reduce.h"
#include "video/rotation.h"
#include "video/writer.h"

using namespace rppg;
using namespace rppg::video;

namespace {

/// Gradients without edges, so that chroma at half the resolution loses little.
Image gradient(int width, int height) {
  Image image{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (const int value : {60 + 140 * x / width, 50 + 150 * y / height, 200 - 120 * x / width}) {
        image.rgb.push_back(static_cast<std::uint8_t>(value));
      }
    }
  }
  return image;
}

const std::vector<Box> boxes_of(int width, int height) {
  return {{0, 0, width, height},
          {0, 0, 1, 1},
          {width - 1, height - 1, 1, 1},
          {3, 5, 17, 11},
          {width / 2, 1, width - width / 2, height - 2},
          {7, height / 3, 40, 23}};
}

struct Encoded {
  const char* name;
  WriterOptions options;
};

const std::vector<Encoded> encodings{{"a.mp4", {.codec = Codec::h264}},
                                     {"turned.mp4", {.codec = Codec::h264, .rotation_degrees = 90}},
                                     {"mjpeg.avi", {.codec = Codec::mjpeg}},
                                     {"mpeg4.avi", {.codec = Codec::mpeg4}},
                                     {"raw.avi", {.codec = Codec::raw}},
                                     {"ffv1.mkv", {.codec = Codec::ffv1}}};

}  // namespace

TEST_CASE("the colours of a box are those of the whole picture") {
  const test::TemporaryFolder folder;
  for (const auto& [name, options] : encodings) {
    CAPTURE(name);
    Writer writer(folder.path() / name, 126, 90, options);
    writer.write(test::pattern(126, 90, 3));
    writer.finish();
    Reader reader(VideoSource{folder.path() / name, {}, {}});
    REQUIRE(reader.next());
    const Frame& frame = reader.frame();
    const Image whole = frame.rgb();
    for (const Box& box : boxes_of(whole.width, whole.height)) {
      CAPTURE(box.x);
      CAPTURE(box.width);
      CHECK(frame.rgb(box).rgb == cut(whole, box).rgb);
    }
  }
}

TEST_CASE("the mean colour is the mean of the RGB pixels") {
  const test::TemporaryFolder folder;
  for (const auto& [name, options] : encodings) {
    CAPTURE(name);
    Writer writer(folder.path() / name, 126, 90, options);
    writer.write(gradient(126, 90));
    writer.finish();
    Reader reader(VideoSource{folder.path() / name, {}, {}});
    REQUIRE(reader.next());
    const Frame& frame = reader.frame();
    for (const Box& box : boxes_of(frame.width(), frame.height())) {
      CAPTURE(box.x);
      CAPTURE(box.width);
      const auto mean = frame.mean_rgb(box);
      const auto expected = mean_rgb(frame.rgb(box));
      // Chroma samples reach beyond odd edges of the box.
      const double tolerance = box.width == 1 ? 3 : box.width < 20 ? 1.5 : 0.75;
      for (std::size_t c = 0; c < 3; ++c) CHECK(std::abs(mean[c] - expected[c]) <= tolerance);
    }
  }
}

TEST_CASE("a tenth of a grey level is seen in the mean colour") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "a.mkv";
  Image image = test::flat(100, 100, {120, 100, 90});
  Writer writer(file, 100, 100, {.codec = Codec::ffv1});
  writer.write(image);
  for (std::size_t i = 0; i < 1000; ++i) image.rgb[3 * 10 * i] = 121;
  writer.write(image);
  writer.finish();
  Reader reader(VideoSource{file, {}, {}});
  REQUIRE(reader.next());
  const double before = reader.frame().mean_rgb({0, 0, 100, 100})[0];
  REQUIRE(reader.next());
  CHECK(reader.frame().mean_rgb({0, 0, 100, 100})[0] - before == doctest::Approx(0.1));
}

TEST_CASE("luma is reduced by whole factors") {
  CHECK(reduction_factor(1920, 1080, 480) == 4);
  CHECK(reduction_factor(480, 270, 480) == 1);
  CHECK(reduction_factor(270, 481, 480) == 2);
  const std::vector<std::uint8_t> plane{0, 2, 10, 10, 99, 4, 6, 10, 11, 99};
  const GrayImage reduced = reduce_plane(plane.data(), 5, 2, 1, 2);
  CHECK(reduced.gray == std::vector<std::uint8_t>{3, 10});

  int scale = 0;
  const GrayImage luma = ImageFrame(test::flat(25, 13, {255, 0, 0})).luma(10, scale);
  CHECK(scale == 3);
  CHECK(luma.width == 8);
  CHECK(luma.height == 4);
  for (const std::uint8_t value : luma.gray) CHECK(value == 76);
}

TEST_CASE("a box of the display lies where its pixels are coded") {
  const Image coded = test::pattern(23, 14, 5);
  for (const int degrees : {0, 90, 180, 270}) {
    CAPTURE(degrees);
    const Image shown = rotate(coded, degrees);
    for (const Box& box :
         {Box{0, 0, shown.width, shown.height}, Box{2, 1, 5, 7}, Box{9, 6, 1, 2}}) {
      const Box place = coded_box(box, degrees, coded.width, coded.height);
      CHECK(rotate(cut(coded, place), degrees).rgb == cut(shown, box).rgb);
    }
  }
}
