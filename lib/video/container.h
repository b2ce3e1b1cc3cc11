/// Opens a container file through our own file descriptor and hands out the packets of its first
/// video stream.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "video/av.h"

struct AVStream;

namespace rppg::video {

/// When reading has to end: after a time limit, or on a requested stop.
class Watch {
 public:
  /// seconds: 0 = no limit.
  explicit Watch(double seconds);
  bool expired() const;
  /// Throws Error(interrupted) or Error(unavailable) once expired.
  void check(const std::filesystem::path& file) const;

 private:
  bool timed_out() const;

  std::chrono::steady_clock::time_point deadline_;
  double seconds_;
};

/// AVI, MP4/MOV or Matroska/WebM. The format is told by the file's first bytes, never guessed by
/// FFmpeg's probes, and no second file is ever opened.
class Container {
 public:
  /// Throws Error: missing (cannot open, not a regular file), malformed (no such container, damaged
  /// header, no video stream). watch must outlive the container.
  Container(const std::filesystem::path& file, const Watch& watch);
  ~Container();
  Container(const Container&) = delete;
  Container& operator=(const Container&) = delete;

  const std::string& format() const { return format_; }
  AVStream& stream() const { return *stream_; }
  int video_streams() const { return video_streams_; }
  /// The file ends before the outermost structures of the container do.
  bool ends_early() const { return ends_early_; }

  /// Reads the next packet of the stream. False at the end, or where the rest cannot be read:
  /// `problem` then says why, and is empty otherwise.
  bool read(AVPacket& packet, std::string& problem);

 private:
  class Input;

  void open(const std::filesystem::path& file);
  void choose_stream(const std::filesystem::path& file);

  const Watch& watch_;
  std::unique_ptr<Input> input_;
  AVFormatContext* context_ = nullptr;
  AVStream* stream_ = nullptr;
  std::string format_;
  int video_streams_ = 0;
  bool ends_early_ = false;
};

}  // namespace rppg::video
