// Reading back what the writer wrote: frames, times, rotation, colours, limits.
#include "video/reader.h"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "clips.h"
#include "support/resources.h"
#include "video/still.h"
#include "video/writer.h"

using namespace rppg;
using namespace rppg::video;
using rppg::test::flat;
using rppg::test::pattern;
using rppg::test::write_clip;

namespace {

struct Case {
  Codec codec;
  const char* name;
  const char* container;
};

const std::vector<Case> all_codecs{
    {Codec::raw, "raw.avi", "avi"},        {Codec::mjpeg, "mjpeg.avi", "avi"},
    {Codec::mpeg4, "mpeg4.avi", "avi"},    {Codec::h264, "h264.mp4", "mov"},
    {Codec::h264, "h264.mkv", "matroska"}, {Codec::ffv1, "ffv1.mkv", "matroska"},
    {Codec::ffv1, "ffv1.avi", "avi"}};

Status status_of(const VideoSource& source, const ReaderOptions& options = {}) {
  try {
    Reader reader(source, options);
    while (reader.next()) {
    }
  } catch (const Error& error) {
    CHECK(std::string_view(error.what()).find('\n') == std::string_view::npos);
    return error.status();
  }
  return Status::ok;
}

std::vector<double> times_of(const std::filesystem::path& file) {
  Reader reader(VideoSource{file, {}, {}});
  std::vector<double> times;
  while (reader.next()) times.push_back(reader.frame().time_s());
  return times;
}

}  // namespace

TEST_CASE("every codec gives all its frames at their times") {
  const test::TemporaryFolder folder;
  for (const auto& [codec, name, container] : all_codecs) {
    CAPTURE(name);
    const auto file = folder.path() / name;
    write_clip(file, 64, 48, 12,
               {.codec = codec, .rate_numerator = 30000, .rate_denominator = 1001});
    Reader reader(VideoSource{file, {}, {}});
    CHECK(reader.info().container == container);
    CHECK(reader.info().width == 64);
    CHECK(reader.info().height == 48);
    CHECK(reader.info().nominal_rate_hz == doctest::Approx(30000.0 / 1001).epsilon(1e-3));
    int count = 0;
    for (; reader.next(); ++count) {
      CHECK(std::abs(reader.frame().time_s() - count * 1001 / 30000.0) <= 0.001);
      CHECK(reader.frame().rgb().rgb.size() == 64 * 48 * 3);
    }
    CHECK(count == 12);
    CHECK(reader.summary().frames == 12);
    CHECK(reader.summary().damaged == 0);
    CHECK(reader.summary().packet_errors == 0);
    CHECK_FALSE(reader.summary().truncated);
    CHECK(reader.summary().first_problem == "");
  }
}

TEST_CASE("raw and FFV1 keep every byte") {
  const test::TemporaryFolder folder;
  for (const auto& [codec, name] : {std::pair{Codec::raw, "a.avi"}, {Codec::ffv1, "b.mkv"}}) {
    for (const auto& [width, height] : {std::pair{3, 5}, {17, 9}, {64, 48}}) {
      CAPTURE(name);
      CAPTURE(width);
      const auto file = folder.path() / name;
      write_clip(file, width, height, 3, {.codec = codec});
      Reader reader(VideoSource{file, {}, {}});
      for (int i = 0; i < 3; ++i) {
        REQUIRE(reader.next());
        CHECK(reader.frame().rgb().rgb == pattern(width, height, i).rgb);
      }
      CHECK_FALSE(reader.next());
    }
  }
}

TEST_CASE("odd and tiny sizes") {
  const test::TemporaryFolder folder;
  for (const auto& [codec, name] : {std::pair{Codec::raw, "r.avi"},
                                    {Codec::mjpeg, "a.avi"},
                                    {Codec::mpeg4, "b.avi"},
                                    {Codec::h264, "c.mp4"}}) {
    for (const auto& [width, height] : {std::pair{1, 1}, {16, 16}, {33, 17}}) {
      CAPTURE(name);
      CAPTURE(width);
      const auto file = folder.path() / name;
      write_clip(file, width, height, 2, {.codec = codec});
      Reader reader(VideoSource{file, {}, {}});
      REQUIRE(reader.next());
      CHECK(reader.frame().rgb().width == width);
      CHECK(reader.frame().rgb().height == height);
    }
  }
}

TEST_CASE("times of a clip with a variable rate are kept") {
  const test::TemporaryFolder folder;
  const std::vector<double> times{0, 0.033, 0.1, 0.105, 5.2, 5.3};
  for (const char* name : {"a.mkv", "a.mp4"}) {
    const auto file = folder.path() / name;
    Writer writer(file, 32, 32, {.codec = Codec::h264});
    for (std::size_t i = 0; i < times.size(); ++i) {
      writer.write(pattern(32, 32, static_cast<int>(i)), times[i]);
    }
    writer.finish();
    const std::vector<double> read = times_of(file);
    REQUIRE(read.size() == times.size());
    for (std::size_t i = 0; i < times.size(); ++i) {
      CHECK(std::abs(read[i] - times[i]) <= 0.00051);
    }
  }
}

TEST_CASE("the first frame is the zero of time") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "late.mkv";
  Writer writer(file, 32, 32, {.codec = Codec::h264});
  for (int i = 0; i < 4; ++i) writer.write(pattern(32, 32, i), 7 + 0.04 * i);
  writer.finish();
  const std::vector<double> read = times_of(file);
  REQUIRE(read.size() == 4);
  CHECK(read[0] == 0.0);
  CHECK(read[3] == doctest::Approx(0.12).epsilon(1e-9));
}

TEST_CASE("rotation is undone") {
  const test::TemporaryFolder folder;
  // Four flat quarters; after a clockwise turn by 90 degrees the bottom left one is top left.
  Image image = flat(64, 32, {200, 40, 40});
  const auto paint = [&](int x0, int y0, std::array<std::uint8_t, 3> rgb) {
    for (int y = y0; y < y0 + 16; ++y) {
      for (int x = x0; x < x0 + 32; ++x) {
        std::copy(rgb.begin(), rgb.end(), image.rgb.begin() + (y * 64 + x) * 3);
      }
    }
  };
  paint(32, 0, {40, 200, 40});
  paint(0, 16, {40, 40, 200});
  paint(32, 16, {200, 200, 200});
  struct Expected {
    int degrees;
    std::array<int, 3> top_left;
    std::array<int, 3> top_right;
  };
  const std::vector<Expected> cases{{0, {200, 40, 40}, {40, 200, 40}},
                                    {90, {40, 40, 200}, {200, 40, 40}},
                                    {180, {200, 200, 200}, {40, 40, 200}},
                                    {270, {40, 200, 40}, {200, 200, 200}}};
  for (const auto& [degrees, top_left, top_right] : cases) {
    CAPTURE(degrees);
    const auto file = folder.path() / "turned.mp4";
    Writer writer(file, 64, 32, {.quality = 1, .rotation_degrees = degrees});
    writer.write(image);
    writer.finish();
    Reader reader(VideoSource{file, {}, {}});
    REQUIRE(reader.next());
    const int width = degrees % 180 == 0 ? 64 : 32;
    CHECK(reader.info().rotation_degrees == degrees);
    REQUIRE(reader.info().width == width);
    REQUIRE(reader.frame().width() == width);
    const Frame& frame = reader.frame();
    const auto left = frame.mean_rgb({2, 2, 8, 8});
    const auto right = frame.mean_rgb({width - 10, 2, 8, 8});
    const Image pixels = frame.rgb();
    for (std::size_t c = 0; c < 3; ++c) {
      CHECK(std::abs(left[c] - top_left[c]) <= 4);
      CHECK(std::abs(right[c] - top_right[c]) <= 4);
      CHECK(std::abs(pixels.rgb[(3 * static_cast<std::size_t>(width) + 3) * 3 + c] - top_left[c]) <=
            4);
    }
    int scale = 0;
    const GrayImage luma = frame.luma(16, scale);
    CHECK(scale == 4);
    CHECK(luma.width == width / 4);
  }
}

TEST_CASE("flat colours come back through every codec") {
  const test::TemporaryFolder folder;
  for (const auto& [codec, name, container] : all_codecs) {
    for (const std::array<std::uint8_t, 3> rgb : {std::array<std::uint8_t, 3>{180, 120, 90},
                                                  {16, 16, 16},
                                                  {250, 250, 250},
                                                  {30, 90, 200}}) {
      CAPTURE(name);
      const auto file = folder.path() / name;
      Writer writer(file, 48, 32, {.codec = codec, .quality = 1});
      for (int i = 0; i < 3; ++i) writer.write(flat(48, 32, rgb));
      writer.finish();
      Reader reader(VideoSource{file, {}, {}});
      REQUIRE(reader.next());
      const auto mean = reader.frame().mean_rgb({5, 7, 21, 13});
      const Image pixels = reader.frame().rgb({5, 7, 21, 13});
      for (std::size_t c = 0; c < 3; ++c) {
        CHECK(std::abs(mean[c] - rgb[c]) <= 2);
        CHECK(std::abs(pixels.rgb[c] - rgb[c]) <= 2);
      }
    }
  }
}

TEST_CASE("limits") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "a.avi";
  write_clip(file, 64, 48, 2, {.codec = Codec::mjpeg});
  CHECK(status_of({file, {}, {}}, {.max_pixels = 64 * 48}) == Status::ok);
  CHECK(status_of({file, {}, {}}, {.max_pixels = 64 * 48 - 1}) == Status::unavailable);
  CHECK(status_of({file, {}, {}}, {.timeout_seconds = 1e-9}) == Status::unavailable);
}

TEST_CASE("a size that changes in the middle is malformed") {
  const test::TemporaryFolder folder;
  const auto first = folder.path() / "1.png";
  const auto second = folder.path() / "2.png";
  write_file(first, encode_png(pattern(20, 10, 0)));
  write_file(second, encode_png(pattern(10, 20, 0)));
  CHECK(status_of({folder.path(), {first, second}, {0, 1}}) == Status::malformed);
}

TEST_CASE("the same frames give the same bytes") {
  const test::TemporaryFolder folder;
  for (const auto& [codec, name, container] : all_codecs) {
    CAPTURE(name);
    const auto file = folder.path() / name;
    write_clip(file, 64, 48, 5, {.codec = codec});
    const std::string once = read_file(file);
    write_clip(file, 64, 48, 5, {.codec = codec});
    CHECK(read_file(file) == once);
  }
}

TEST_CASE("a writer that is not finished leaves nothing") {
  const test::TemporaryFolder folder;
  {
    Writer writer(folder.path() / "a.mp4", 32, 32, {});
    writer.write(pattern(32, 32, 0));
  }
  CHECK(std::filesystem::is_empty(folder.path()));
  CHECK_THROWS_AS(Writer(folder.path() / "no/such/a.mp4", 32, 32, {}), Error);
  CHECK_THROWS_AS(Writer(folder.path() / "a.txt", 32, 32, {}), Error);
}

TEST_CASE("image files") {
  const test::TemporaryFolder folder;
  std::vector<std::filesystem::path> files;
  for (int i = 0; i < 5; ++i) {
    files.push_back(folder.path() / ("Image" + std::to_string(i) + ".png"));
    write_file(files.back(), encode_png(pattern(31, 22, i)));
    CHECK(read_image(files.back()).rgb == pattern(31, 22, i).rgb);
  }
  std::string damaged = read_file(files[2]);
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 4);
  write_file(files[2], damaged);

  Reader reader(VideoSource{folder.path(), files, {1, 1.5, 2, 2.5, 3}});
  CHECK(reader.info().container == "images");
  CHECK(reader.info().codec == "png");
  CHECK(reader.info().nominal_rate_hz == 2);
  std::vector<double> times;
  std::vector<int> indices{0, 1, 3, 4};
  while (reader.next()) {
    CHECK(reader.frame().rgb().rgb == pattern(31, 22, indices[times.size()]).rgb);
    times.push_back(reader.frame().time_s());
  }
  CHECK(times == std::vector<double>{0, 0.5, 1.5, 2});
  CHECK(reader.summary().frames == 4);
  CHECK(reader.summary().packet_errors == 1);
  CHECK(reader.summary().first_problem.find("Image2.png") != std::string::npos);
}
