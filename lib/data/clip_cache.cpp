#include "data/clip_cache.h"

#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "io/hash.h"
#include "io/hdf5.h"

namespace rppg::data {
namespace {

namespace fs = std::filesystem;

/// Part of every key: a new number makes all older clips unused.
constexpr int format_version = 1;

/// Exclusive lock on a file, waited for; held until destruction.
class FileLock {
 public:
  explicit FileLock(const fs::path& file)
      : fd_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (fd_ < 0) throw Error(Status::cannot_create, file, "cannot create lock");
    while (::flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~FileLock() { ::close(fd_); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int fd_;
};

/// Everything in the options that shapes a clip. Threads, timeouts and limits do not.
std::string parameters(const video::VideoSource& source, const video::ClipOptions& options) {
  const video::FaceOptions& face = options.face;
  std::string text =
      concat("clip ", format_version, " detector ", face.detector, " schedule ",
             static_cast<int>(face.schedule), " period ", face.period_frames, " enlargement ",
             face.enlargement, " reference ", face.reference_pipeline, " median ", face.median,
             " fallback ", face.full_frame_fallback, " crop ", options.crop_size, " mean ",
             options.mean_of_crop, " kept ", options.keep_crops, " frames ", options.max_frames);
  for (const double time : source.image_times_s) text += concat(" ", time);
  return text;
}

const std::vector<std::string> info_texts{"container", "codec", "pixel_format", "color_range",
                                          "color_matrix"};

std::vector<std::string> texts_of(const video::StreamInfo& info) {
  return {info.container, info.codec, info.pixel_format, info.color_range, info.color_matrix};
}

std::vector<std::byte> encode(const video::Clip& clip) {
  io::Hdf5Writer file;
  std::vector<double> colors;
  std::vector<std::int64_t> boxes;
  std::vector<std::uint8_t> states;
  for (std::size_t t = 0; t < clip.time_s.size(); ++t) {
    colors.insert(colors.end(), clip.mean_rgb[t].begin(), clip.mean_rgb[t].end());
    const video::Box& box = clip.boxes[t];
    boxes.insert(boxes.end(), {box.x, box.y, box.width, box.height});
    states.push_back(static_cast<std::uint8_t>(clip.states[t]));
  }
  const std::uint64_t frames = clip.time_s.size();
  file.dataset("/time", clip.time_s);
  file.dataset("/mean_rgb", colors, {frames, 3});
  file.dataset("/boxes", boxes, {frames, 4});
  file.dataset("/states", states);
  file.dataset("/crops", clip.crops);
  const auto texts = texts_of(clip.info);
  for (std::size_t i = 0; i < texts.size(); ++i) file.attribute("/", info_texts[i], texts[i]);
  file.attribute("/", "first_problem", clip.summary.first_problem);
  const std::vector<double> numbers{static_cast<double>(clip.info.width),
                                    static_cast<double>(clip.info.height),
                                    static_cast<double>(clip.info.rotation_degrees),
                                    clip.info.nominal_rate_hz,
                                    static_cast<double>(clip.info.frames.value_or(-1)),
                                    static_cast<double>(clip.info.video_streams),
                                    static_cast<double>(clip.summary.frames),
                                    static_cast<double>(clip.summary.damaged),
                                    static_cast<double>(clip.summary.packet_errors),
                                    clip.summary.truncated ? 1.0 : 0.0};
  file.attribute("/", "numbers", numbers);
  return file.finish();
}

video::Clip decode(const fs::path& path) {
  const io::Hdf5Reader file(path);
  video::Clip clip;
  clip.time_s = file.doubles("/time");
  const auto colors = file.doubles("/mean_rgb");
  const auto boxes = file.integers("/boxes");
  const auto states = file.bytes("/states");
  clip.crops = file.bytes("/crops");
  const std::size_t frames = clip.time_s.size();
  if (colors.size() != 3 * frames || boxes.size() != 4 * frames || states.size() != frames) {
    throw Error(Status::malformed, path, "cached clip is inconsistent");
  }
  for (std::size_t t = 0; t < frames; ++t) {
    clip.mean_rgb.push_back({colors[3 * t], colors[3 * t + 1], colors[3 * t + 2]});
    const auto side = [&](std::size_t i) { return static_cast<int>(boxes[4 * t + i]); };
    clip.boxes.push_back({side(0), side(1), side(2), side(3)});
    clip.states.push_back(static_cast<video::FaceState>(states[t]));
  }
  std::string* const texts[] = {&clip.info.container, &clip.info.codec, &clip.info.pixel_format,
                                &clip.info.color_range, &clip.info.color_matrix};
  for (std::size_t i = 0; i < info_texts.size(); ++i) {
    *texts[i] = file.text_attribute("/", info_texts[i]);
  }
  clip.summary.first_problem = file.text_attribute("/", "first_problem");
  const auto numbers = file.numbers_attribute("/", "numbers");
  if (numbers.size() != 10) throw Error(Status::malformed, path, "cached clip is inconsistent");
  clip.info.width = static_cast<int>(numbers[0]);
  clip.info.height = static_cast<int>(numbers[1]);
  clip.info.rotation_degrees = static_cast<int>(numbers[2]);
  clip.info.nominal_rate_hz = numbers[3];
  if (numbers[4] >= 0) clip.info.frames = static_cast<std::int64_t>(numbers[4]);
  clip.info.video_streams = static_cast<int>(numbers[5]);
  clip.summary.frames = static_cast<std::int64_t>(numbers[6]);
  clip.summary.damaged = static_cast<std::int64_t>(numbers[7]);
  clip.summary.packet_errors = static_cast<std::int64_t>(numbers[8]);
  clip.summary.truncated = numbers[9] != 0;
  return clip;
}

/// Under which the digest of files is remembered, so that unchanged ones are read once.
std::string identity(const std::vector<fs::path>& files) {
  std::string text;
  for (const fs::path& file : files) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) {
      throw Error(Status::missing, file, concat("cannot open: ", std::strerror(errno)));
    }
    text += concat(text.empty() ? "" : "\n", fs::absolute(file).string(), " ", status.st_size, " ",
                   status.st_ino, " ", status.st_mtim.tv_sec, ".", status.st_mtim.tv_nsec);
  }
  return text;
}

}  // namespace

ClipCache::ClipCache(fs::path folder) : folder_(std::move(folder)) {
  if (folder_.empty()) return;
  create_writable_folder(folder_ / "digests");
}

std::string ClipCache::content_digest(const std::vector<fs::path>& files) const {
  const fs::path memo = folder_ / "digests" / io::sha256(identity(files));
  constexpr std::uintmax_t digest_letters = 64;
  std::error_code none;
  if (fs::file_size(memo, none) == digest_letters) return read_file(memo, digest_letters);
  std::string digests;
  for (const fs::path& file : files) digests += io::sha256_file(file);
  std::string digest = files.size() == 1 ? digests : io::sha256(digests);
  write_file(memo, digest);
  return digest;
}

video::Clip ClipCache::read(const video::VideoSource& source,
                            const video::ClipOptions& options) const {
  if (folder_.empty()) return video::read_clip(source, options);
  std::string model;
  if (options.face.detector.starts_with("yunet:")) {
    model = content_digest({options.face.detector.substr(6)});
  }
  const std::string key = io::sha256(
      concat(content_digest(source.files()), " ", model, " ", parameters(source, options)));
  const fs::path file = folder_ / concat(key, ".h5");
  const FileLock lock(folder_ / concat(key, ".lock"));
  if (fs::exists(file)) {
    try {
      return decode(file);
    } catch (const Error& error) {
      log::warning(concat(error.what(), "; it is made anew"));
    }
  }
  video::Clip clip = video::read_clip(source, options);
  write_file(file, encode(clip));
  return clip;
}

}  // namespace rppg::data
