#include "video/av.h"

#include <array>
#include <cstdarg>
#include <cstring>
#include <new>
#include <utility>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/error.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
#include <libswscale/swscale.h>
}

#include "base/text.h"

namespace rppg::video {
namespace {

template <typename T>
T* require(T* object) {
  if (object == nullptr) throw std::bad_alloc();
  return object;
}

void log_line(void* context, int level, const char* format, va_list arguments) {
  if (context == nullptr || level > AV_LOG_ERROR) return;
  const AVClass* type = *static_cast<const AVClass**>(context);
  if (type != avcodec_get_class()) return;
  void* log = static_cast<AVCodecContext*>(context)->opaque;
  if (log == nullptr) return;
  std::array<char, 256> line{};
  std::vsnprintf(line.data(), line.size(), format, arguments);
  static_cast<CodecLog*>(log)->add(escape_control(trim(line.data())));
}

}  // namespace

void AvDelete::operator()(AVCodecContext* object) const { avcodec_free_context(&object); }
void AvDelete::operator()(AVFrame* object) const { av_frame_free(&object); }
void AvDelete::operator()(AVPacket* object) const { av_packet_free(&object); }
void AvDelete::operator()(SwsContext* object) const { sws_freeContext(object); }

AvOwner<AVFrame> new_frame() { return AvOwner<AVFrame>(require(av_frame_alloc())); }
AvOwner<AVPacket> new_packet() { return AvOwner<AVPacket>(require(av_packet_alloc())); }

std::string av_reason(int error) {
  std::array<char, AV_ERROR_MAX_STRING_SIZE> text{};
  av_strerror(error, text.data(), text.size());
  return text.data();
}

void CodecLog::add(std::string line) {
  const std::scoped_lock lock(mutex_);
  if (first_.empty()) first_ = std::move(line);
  ++lines_;
}

std::int64_t CodecLog::lines() const {
  const std::scoped_lock lock(mutex_);
  return lines_;
}

std::string CodecLog::first() const {
  const std::scoped_lock lock(mutex_);
  return first_;
}

void CodecLog::clear() {
  const std::scoped_lock lock(mutex_);
  first_.clear();
  lines_ = 0;
}

void capture_av_log() {
  static const bool captured = [] {
    av_log_set_callback(log_line);
    return true;
  }();
  static_cast<void>(captured);
}

}  // namespace rppg::video
