/// Video files and image sequences as a stream of frames with time stamps (the only FFmpeg user
/// besides the writer).
///
/// A file is treated as hostile: only local regular files, only listed containers and codecs,
/// bounded size, a time limit; damaged and missing frames are counted, never passed over. Never
/// holds more than the decoder's own few frames.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "video/image.h"

namespace rppg::video {

/// Where frames come from: one video file, or a list of image files with their times.
struct VideoSource {
  std::filesystem::path file;                 ///< the video, or the folder of the images
  std::vector<std::filesystem::path> images;  ///< in order; empty for a video file
  std::vector<double> image_times_s;          ///< one per image, rising

  /// All that is read: the video, or the images.
  std::vector<std::filesystem::path> files() const {
    return images.empty() ? std::vector{file} : images;
  }
};

struct ReaderOptions {
  int threads = 1;                                      ///< decoder threads
  std::int64_t max_pixels = std::int64_t{8192} * 8192;  ///< per frame
  double timeout_seconds = 0;                           ///< per file; 0 = none
};

/// What the container says.
struct StreamInfo {
  std::string container;  ///< demuxer name; "images" for a sequence
  std::string codec;
  std::string pixel_format;
  std::string color_range;   ///< "limited", "full" or "unspecified"
  std::string color_matrix;  ///< "bt601", "bt709", ...
  int width = 0;             ///< as displayed, after rotation
  int height = 0;
  int rotation_degrees = 0;  ///< clockwise: 0, 90, 180, 270
  double nominal_rate_hz = 0;
  std::optional<std::int64_t> frames;  ///< as declared; many containers do not say
  int video_streams = 1;               ///< the first one is read
};

/// What reading found.
struct ReadSummary {
  std::int64_t frames = 0;
  std::int64_t damaged = 0;        ///< frames that the decoder marked or concealed
  std::int64_t packet_errors = 0;  ///< packets or image files that gave no frame for an error
  bool truncated = false;     ///< fewer frames than the container declares, or it ends mid-packet
  std::string first_problem;  ///< one line, empty when all was well
};

/// The frame that a Reader stands on; valid until its next().
class Frame {
 public:
  virtual ~Frame() = default;
  /// Presentation time, from the first frame's zero. As the file has it: a damaged file may have
  /// steps back. Where it does not say, the place in the even grid of the nominal rate.
  virtual double time_s() const = 0;
  virtual int width() const = 0;
  virtual int height() const = 0;

  /// The pixels of box (must lie inside the frame) as 8-bit RGB, honouring colour range and matrix;
  /// the same bytes on every CPU, and the same as cutting the box out of the whole frame.
  virtual Image rgb(const Box& box) const = 0;
  Image rgb() const { return rgb({0, 0, width(), height()}); }

  /// Mean R, G, B over box (0..255). For 8-bit YUV formats computed on the planes before colour
  /// conversion, so without rounding of single pixels.
  virtual std::array<double, 3> mean_rgb(const Box& box) const = 0;

  /// Luma, reduced by whole factors until the longer side is at most max_side (>= 1), for face
  /// detection; `scale` gets the factor.
  virtual GrayImage luma(int max_side, int& scale) const = 0;
};

class FrameSource;

class Reader {
 public:
  /// Decodes the first frame. Throws Error: missing (no such file, not a regular file), malformed
  /// (no video in it, damaged header, container or codec not accepted, no frame that can be
  /// decoded), unavailable (over a limit).
  explicit Reader(const VideoSource& source, const ReaderOptions& options = {});
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  const StreamInfo& info() const;
  /// Moves to the next frame; false at the end. Throws Error(malformed) when the size changes,
  /// Error(unavailable) when the time is up, and Error(interrupted) when a stop was requested.
  bool next();
  const Frame& frame() const;
  /// Complete once next() returned false.
  const ReadSummary& summary() const;

 private:
  std::unique_ptr<FrameSource> source_;
};

}  // namespace rppg::video
