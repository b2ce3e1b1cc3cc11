#include "video/decoder.h"

#include <algorithm>
#include <array>
#include <new>
#include <utility>

extern "C" {
#include <libavcodec/avcodec.h>
}

#include "base/text.h"

namespace rppg::video {
namespace {

constexpr std::array accepted_codecs{
    AV_CODEC_ID_RAWVIDEO, AV_CODEC_ID_MJPEG, AV_CODEC_ID_MPEG4, AV_CODEC_ID_H264, AV_CODEC_ID_HEVC,
    AV_CODEC_ID_FFV1,     AV_CODEC_ID_PNG,   AV_CODEC_ID_VP8,   AV_CODEC_ID_VP9,  AV_CODEC_ID_AV1};

/// Decoders that report damage only in their log.
bool tells_damage_by_log(AVCodecID codec) {
  return codec == AV_CODEC_ID_FFV1 || codec == AV_CODEC_ID_MJPEG || codec == AV_CODEC_ID_PNG;
}

}  // namespace

std::unique_ptr<Decoder> Decoder::create(const AVCodecParameters& parameters,
                                         const Limits& limits) {
  capture_av_log();
  const AVCodecID id = parameters.codec_id;
  if (std::find(accepted_codecs.begin(), accepted_codecs.end(), id) == accepted_codecs.end()) {
    return nullptr;
  }
  const AVCodec* codec = avcodec_find_decoder(id);
  if (codec == nullptr) return nullptr;
  AvOwner<AVCodecContext> context(avcodec_alloc_context3(codec));
  if (context == nullptr) throw std::bad_alloc();
  if (avcodec_parameters_to_context(context.get(), &parameters) < 0) return nullptr;
  auto log = std::make_unique<CodecLog>();
  context->opaque = log.get();
  context->max_pixels = limits.max_pixels;
  context->thread_count = limits.threads;
  context->thread_type =
      tells_damage_by_log(id) ? FF_THREAD_SLICE : FF_THREAD_FRAME | FF_THREAD_SLICE;
  context->err_recognition = AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER;
  if (limits.refuse_damaged) context->err_recognition |= AV_EF_EXPLODE;
  // A frame that lacks its references is shown and counted, not dropped without a word.
  context->flags |= AV_CODEC_FLAG_OUTPUT_CORRUPT;
  if (avcodec_open2(context.get(), codec, nullptr) < 0) return nullptr;
  return std::make_unique<Decoder>(std::move(context), std::move(log), tells_damage_by_log(id));
}

Decoder::Decoder(AvOwner<AVCodecContext> context, std::unique_ptr<CodecLog> log,
                 bool log_tells_damage)
    : log_(std::move(log)), context_(std::move(context)), log_tells_damage_(log_tells_damage) {}

void Decoder::note_error(int error) {
  problem_ = av_reason(error);
  if (log_tells_damage_ && log_->lines() > 0) problem_ += concat(" (", log_->first(), ")");
  log_->clear();
}

bool Decoder::send(const AVPacket* packet) {
  const int result = avcodec_send_packet(context_.get(), packet);
  if (result >= 0) return true;
  note_error(result);
  return false;
}

Decoder::Outcome Decoder::receive(AVFrame& frame) {
  const int result = avcodec_receive_frame(context_.get(), &frame);
  if (result == AVERROR(EAGAIN)) return Outcome::needs_packet;
  if (result == AVERROR_EOF) return Outcome::end;
  if (result < 0) {
    note_error(result);
    return Outcome::error;
  }
  const bool logged = log_tells_damage_ && log_->lines() > 0;
  damaged_ = logged || frame.decode_error_flags != 0 || (frame.flags & AV_FRAME_FLAG_CORRUPT) != 0;
  if (damaged_) problem_ = logged ? log_->first() : "damaged or lacks its reference frames";
  log_->clear();
  return Outcome::frame;
}

}  // namespace rppg::video
