/// Video files and PNG images from RGB frames, for the generator of synthetic data sets.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "video/image.h"

namespace rppg::video {

enum class Codec {
  raw,    ///< uncompressed BGR24 in AVI, as UBFC-rPPG
  mjpeg,  ///< AVI
  mpeg4,  ///< MPEG-4 Part 2 Simple Profile in AVI, as MCD-rPPG
  h264,   ///< MP4 or MKV by the file's suffix
  ffv1,   ///< lossless, MKV or AVI
};

struct WriterOptions {
  Codec codec = Codec::h264;
  int rate_numerator = 30;  ///< frames per second = numerator / denominator
  int rate_denominator = 1;
  double quality = 0.8;      ///< 0 (small) .. 1 (near lossless), for lossy codecs
  double bitrate_kbps = 0;   ///< of mpeg4 and h264; > 0: instead of quality
  int rotation_degrees = 0;  ///< display matrix, MP4 only
};

/// Streams frames into a file that appears under its name only when finish() succeeded. The same
/// frames give the same bytes.
class Writer {
 public:
  /// Throws Error(cannot_create); Error(unavailable) when the codec is not built in.
  Writer(const std::filesystem::path& file, int width, int height, const WriterOptions& options);
  ~Writer();
  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) noexcept;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  /// Appends a frame at its place in the even grid of the rate.
  void write(const Image& frame);
  /// Appends a frame at this time (MP4 and MKV only); times must rise.
  void write(const Image& frame, double time_s);
  void finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Reads one PNG or JPEG file as RGB. Throws as Reader does.
Image read_image(const std::filesystem::path& file);

}  // namespace rppg::video
