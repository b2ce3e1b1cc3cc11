/// Packets in, frames out, and an account of what the decoder could not make of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "video/av.h"

struct AVCodecParameters;
struct AVRational;

namespace rppg::video {

/// Only the listed codecs, each with the decoder that FFmpeg has for it. Damage is told by the
/// frames' own flags or, for decoders that run on the calling thread only, by their error lines;
/// so what is found does not depend on the number of threads.
class Decoder {
 public:
  struct Limits {
    int threads = 1;
    std::int64_t max_pixels = 0;
    bool refuse_damaged = false;  ///< an error instead of a frame with concealed damage
  };

  /// Null for a codec that is not accepted; throws std::bad_alloc.
  static std::unique_ptr<Decoder> create(const AVCodecParameters& parameters, const Limits& limits);

  Decoder(AvOwner<AVCodecContext> context, std::unique_ptr<CodecLog> log, bool log_tells_damage);

  enum class Outcome { frame, needs_packet, error, end };

  /// The next frame that is ready. After `error`, call again.
  Outcome receive(AVFrame& frame);
  /// Hands in a packet when receive() needs one; null ends the stream. False on an error.
  bool send(const AVPacket* packet);

  /// Whether the frame of the last receive() is damaged.
  bool damaged() const { return damaged_; }
  /// Why the last call failed, or what is wrong with the damaged frame.
  const std::string& problem() const { return problem_; }

 private:
  void note_error(int error);

  std::unique_ptr<CodecLog> log_;
  AvOwner<AVCodecContext> context_;
  bool log_tells_damage_;
  bool damaged_ = false;
  std::string problem_;
};

}  // namespace rppg::video
