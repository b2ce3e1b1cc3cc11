/// Owners of FFmpeg's objects, its error texts, and its log, which never reaches the terminal.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

struct AVCodecContext;
struct AVFormatContext;
struct AVFrame;
struct AVPacket;
struct SwsContext;

namespace rppg::video {

struct AvDelete {
  void operator()(AVCodecContext* object) const;
  void operator()(AVFrame* object) const;
  void operator()(AVPacket* object) const;
  void operator()(SwsContext* object) const;
};

template <typename T>
using AvOwner = std::unique_ptr<T, AvDelete>;

/// Throw std::bad_alloc instead of giving null.
AvOwner<AVFrame> new_frame();
AvOwner<AVPacket> new_packet();

/// FFmpeg's text for one of its negative error numbers.
std::string av_reason(int error);

/// Error lines that a codec logs; some decoders report damage in no other way.
///
/// A codec context whose `opaque` points to one of these logs into it.
class CodecLog {
 public:
  void add(std::string line);
  std::int64_t lines() const;
  /// The first line since the last call of clear(); empty without one.
  std::string first() const;
  void clear();

 private:
  mutable std::mutex mutex_;
  std::int64_t lines_ = 0;
  std::string first_;
};

/// Directs FFmpeg's log to the CodecLogs; everything else is dropped. Called before any other use.
void capture_av_log();

}  // namespace rppg::video
