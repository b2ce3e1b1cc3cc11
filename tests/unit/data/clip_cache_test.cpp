#include "data/clip_cache.h"

#include <bit>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <tuple>
#include <unistd.h>
#include <vector>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "support/resources.h"
#include "video/still.h"
#include "video/writer.h"

namespace fs = std::filesystem;
using rppg::data::ClipCache;
using rppg::test::TemporaryFolder;
using rppg::video::Clip;

namespace {

constexpr int width = 48;
constexpr int height = 32;
constexpr int frames = 12;

/// A lossless video whose brightness follows the frame number and `seed`.
rppg::video::VideoSource make_video(const fs::path& file, int seed) {
  rppg::video::Writer writer(file, width, height, {.codec = rppg::video::Codec::ffv1});
  for (int t = 0; t < frames; ++t) {
    rppg::video::Image image{width, height, std::vector<std::uint8_t>(width * height * 3)};
    for (std::size_t i = 0; i < image.rgb.size(); ++i) {
      image.rgb[i] = static_cast<std::uint8_t>(20 + 5 * t + seed + static_cast<int>(i % 7));
    }
    writer.write(image);
  }
  writer.finish();
  return {.file = file};
}

rppg::video::ClipOptions with_crops() {
  rppg::video::ClipOptions options;
  options.face.detector = "none";
  options.crop_size = 8;
  return options;
}

/// Equal to the last bit.
bool same(const Clip& a, const Clip& b) {
  const auto bits = [](const Clip& clip) {
    std::vector<std::uint64_t> all;
    for (const double time : clip.time_s) all.push_back(std::bit_cast<std::uint64_t>(time));
    for (const auto& colour : clip.mean_rgb) {
      for (const double mean : colour) all.push_back(std::bit_cast<std::uint64_t>(mean));
    }
    for (const auto& box : clip.boxes) {
      for (const int side : {box.x, box.y, box.width, box.height}) {
        all.push_back(static_cast<std::uint64_t>(side));
      }
    }
    for (const auto state : clip.states) all.push_back(static_cast<std::uint64_t>(state));
    return all;
  };
  const auto facts = [](const Clip& clip) {
    const auto& i = clip.info;
    const auto& s = clip.summary;
    return std::tuple(i.container, i.codec, i.pixel_format, i.color_range, i.color_matrix, i.width,
                      i.height, i.rotation_degrees, i.nominal_rate_hz, i.frames, i.video_streams,
                      s.frames, s.damaged, s.packet_errors, s.truncated, s.first_problem);
  };
  return bits(a) == bits(b) && a.crops == b.crops && facts(a) == facts(b);
}

std::vector<fs::path> cached_clips(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".h5") files.push_back(entry.path());
  }
  return files;
}

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("clip cache: a hit equals a miss, and does not touch the video's frames") {
  const TemporaryFolder folder;
  const auto source = make_video(folder.path() / "a.mkv", 0);
  const Clip direct = rppg::video::read_clip(source, with_crops());
  REQUIRE(direct.time_s.size() == frames);
  REQUIRE(direct.crops.size() == std::size_t{frames} * 8 * 8 * 3);
  CHECK(same(ClipCache({}).read(source, with_crops()), direct));

  const ClipCache cache(folder.path() / "cache");
  CHECK(same(cache.read(source, with_crops()), direct));
  const auto files = cached_clips(folder.path() / "cache");
  REQUIRE(files.size() == 1);
  const std::string stored = content(files[0]);
  const auto made = fs::last_write_time(files[0]);
  CHECK(same(cache.read(source, with_crops()), direct));
  CHECK(same(ClipCache(folder.path() / "cache").read(source, with_crops()), direct));
  CHECK(fs::last_write_time(files[0]) == made);
  CHECK(content(files[0]) == stored);
}

TEST_CASE("clip cache: another content or another option is another clip") {
  const TemporaryFolder folder;
  const ClipCache cache(folder.path() / "cache");
  const auto source = make_video(folder.path() / "a.mkv", 0);
  auto options = with_crops();
  const Clip first = cache.read(source, options);
  options.crop_size = 16;
  CHECK(cache.read(source, options).crops.size() == std::size_t{frames} * 16 * 16 * 3);
  options = with_crops();
  options.max_frames = 5;
  CHECK(cache.read(source, options).time_s.size() == 5);
  CHECK(cached_clips(folder.path() / "cache").size() == 3);

  fs::remove(source.file);
  make_video(source.file, 40);
  const Clip changed = cache.read(source, with_crops());
  CHECK_FALSE(same(changed, first));
  CHECK(same(changed, rppg::video::read_clip(source, with_crops())));

  // The same content under another name is the same clip.
  fs::copy_file(source.file, folder.path() / "b.mkv");
  CHECK(same(cache.read({.file = folder.path() / "b.mkv"}, with_crops()), changed));
  CHECK(cached_clips(folder.path() / "cache").size() == 4);
}

TEST_CASE("clip cache: one image of a sequence makes another clip") {
  const TemporaryFolder folder;
  rppg::video::VideoSource source{.file = folder.path() / "images"};
  const auto write = [](const fs::path& file, int level) {
    const rppg::video::Image image{
        width, height,
        std::vector<std::uint8_t>(width * height * 3, static_cast<std::uint8_t>(level))};
    rppg::write_file(file, rppg::video::encode_png(image));
  };
  fs::create_directory(source.file);
  for (int t = 0; t < frames; ++t) {
    source.images.push_back(source.file / rppg::concat("image", 10 + t, ".png"));
    source.image_times_s.push_back(t / 30.0);
    write(source.images.back(), 20 + 5 * t);
  }
  const ClipCache cache(folder.path() / "cache");
  const Clip first = cache.read(source, with_crops());
  CHECK(same(cache.read(source, with_crops()), first));
  CHECK(cached_clips(folder.path() / "cache").size() == 1);
  write(source.images[7], 200);
  CHECK(cache.read(source, with_crops()).mean_rgb[7][0] == 200);
  CHECK(cached_clips(folder.path() / "cache").size() == 2);
  fs::remove(source.images[7]);
  CHECK_THROWS_AS(cache.read(source, with_crops()), rppg::Error);
}

TEST_CASE("clip cache: options that do not shape the clip share it") {
  const TemporaryFolder folder;
  const ClipCache cache(folder.path() / "cache");
  const auto source = make_video(folder.path() / "a.mkv", 0);
  auto options = with_crops();
  cache.read(source, options);
  options.reader.threads = 2;
  options.reader.timeout_seconds = 100;
  cache.read(source, options);
  CHECK(cached_clips(folder.path() / "cache").size() == 1);
}

TEST_CASE("clip cache: a damaged file is made anew") {
  const TemporaryFolder folder;
  const ClipCache cache(folder.path() / "cache");
  const auto source = make_video(folder.path() / "a.mkv", 0);
  const Clip sound = cache.read(source, with_crops());
  const fs::path file = cached_clips(folder.path() / "cache").at(0);
  const std::string stored = content(file);
  for (const std::string& damaged :
       {std::string(), std::string("no HDF5"), stored.substr(0, stored.size() / 2),
        stored.substr(0, 700) + std::string(stored.size() - 700, '\0')}) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << damaged;
    CHECK(same(cache.read(source, with_crops()), sound));
    CHECK(content(file) == stored);
  }
}

TEST_CASE("clip cache: a damaged digest file is made anew") {
  const TemporaryFolder folder;
  const ClipCache cache(folder.path() / "cache");
  const auto source = make_video(folder.path() / "a.mkv", 0);
  const Clip sound = cache.read(source, with_crops());
  for (const auto& entry : fs::directory_iterator(folder.path() / "cache" / "digests")) {
    for (const std::string& damaged : {std::string("short"), std::string(5000, 'f')}) {
      std::ofstream(entry.path(), std::ios::trunc) << damaged;
      CHECK(same(cache.read(source, with_crops()), sound));
    }
  }
  CHECK(cached_clips(folder.path() / "cache").size() == 1);
}

TEST_CASE("clip cache: threads and processes share one folder") {
  const TemporaryFolder folder;
  const auto source = make_video(folder.path() / "a.mkv", 0);
  const Clip direct = rppg::video::read_clip(source, with_crops());
  const auto read_is_right = [&] {
    try {
      return same(ClipCache(folder.path() / "cache").read(source, with_crops()), direct);
    } catch (const rppg::Error&) {
      return false;
    }
  };
  std::vector<pid_t> children;
  for (int i = 0; i < 3; ++i) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) ::_exit(read_is_right() ? 0 : 1);
    children.push_back(child);
  }
  std::vector<char> right(4, 0);
  std::vector<std::thread> threads;
  for (char& mine : right) threads.emplace_back([&] { mine = read_is_right() ? 1 : 0; });
  for (std::thread& thread : threads) thread.join();
  CHECK(right == std::vector<char>(4, 1));
  for (const pid_t child : children) {
    int status = -1;
    CHECK(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
  }
  CHECK(cached_clips(folder.path() / "cache").size() == 1);
}

TEST_CASE("clip cache: what cannot be read is an error, and nothing is stored") {
  const TemporaryFolder folder;
  const ClipCache cache(folder.path() / "cache");
  CHECK_THROWS_AS(cache.read({.file = folder.path() / "none.mkv"}, with_crops()), rppg::Error);
  std::ofstream(folder.path() / "text.mkv") << "no video";
  CHECK_THROWS_AS(cache.read({.file = folder.path() / "text.mkv"}, with_crops()), rppg::Error);
  CHECK(cached_clips(folder.path() / "cache").empty());
  std::ofstream(folder.path() / "file") << "x";
  CHECK_THROWS_AS(ClipCache(folder.path() / "file"), rppg::Error);
}
