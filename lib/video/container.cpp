#include "video/container.h"

#include <array>
#include <cerrno>
#include <cmath>
#include <fcntl.h>
#include <new>
#include <span>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libavutil/mem.h>
}

#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "video/extent.h"

namespace rppg::video {

namespace {

constexpr std::string_view accepted_codecs =
    "rawvideo,mjpeg,mpeg4,h264,hevc,ffv1,png,vp8,vp9,av1,libdav1d,libaom-av1";

std::string system_reason(int error) { return std::generic_category().message(error); }

/// Refuses every file that a container refers to.
int refuse_to_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
  return AVERROR(EPERM);
}

int is_expired(void* watch) { return static_cast<const Watch*>(watch)->expired() ? 1 : 0; }

}  // namespace

Watch::Watch(double seconds)
    : deadline_(std::chrono::steady_clock::now() +
                std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                    std::chrono::duration<double>(seconds))),
      seconds_(seconds) {}

bool Watch::timed_out() const {
  return seconds_ > 0 && std::chrono::steady_clock::now() >= deadline_;
}

bool Watch::expired() const { return timed_out() || stop_requested(); }

void Watch::check(const std::filesystem::path& file) const {
  if (stop_requested()) throw Error(Status::interrupted, file, "stopped on request");
  if (timed_out()) {
    throw Error(Status::unavailable, file,
                concat("not read within the limit of ", seconds_, " seconds"));
  }
}

/// A regular file as FFmpeg's input; reads nothing else.
class Container::Input {
 public:
  Input(const std::filesystem::path& file, const Watch& watch) : watch_(watch) {
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    descriptor_ = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor_ < 0) {
      throw Error(Status::missing, file, concat("cannot open: ", system_reason(errno)));
    }
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) {
      ::close(descriptor_);
      throw Error(Status::missing, file, "cannot open: not a regular file");
    }
    size_ = status.st_size;
  }
  ~Input() {
    if (io_ != nullptr) av_freep(static_cast<void*>(&io_->buffer));
    avio_context_free(&io_);
    ::close(descriptor_);
  }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  std::int64_t size() const { return size_; }

  /// Reads up to bytes.size() bytes; a negative value is FFmpeg's error number.
  std::int64_t read_at(std::int64_t offset, std::span<std::uint8_t> bytes) const {
    std::size_t done = 0;
    while (done < bytes.size()) {
      const ssize_t n = ::pread(descriptor_, bytes.data() + done, bytes.size() - done,
                                offset + static_cast<std::int64_t>(done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return AVERROR(errno);
      if (n == 0) break;
      done += static_cast<std::size_t>(n);
    }
    return static_cast<std::int64_t>(done);
  }

  AVIOContext* io() {
    constexpr int buffer_size = 1 << 16;
    auto* buffer = static_cast<unsigned char*>(av_malloc(buffer_size));
    io_ = avio_alloc_context(buffer, buffer_size, 0, this, read, nullptr, seek);
    if (io_ == nullptr) {
      av_free(buffer);
      throw std::bad_alloc();
    }
    return io_;
  }

 private:
  static int read(void* self, std::uint8_t* buffer, int size) {
    auto& input = *static_cast<Input*>(self);
    if (input.watch_.expired()) return AVERROR_EXIT;
    const std::int64_t n = input.read_at(input.position_, {buffer, static_cast<std::size_t>(size)});
    if (n == 0) return AVERROR_EOF;
    if (n > 0) input.position_ += n;
    return static_cast<int>(n);
  }

  static std::int64_t seek(void* self, std::int64_t offset, int whence) {
    auto& input = *static_cast<Input*>(self);
    if ((whence & AVSEEK_SIZE) != 0) return input.size_;
    if (whence == SEEK_CUR) offset += input.position_;
    if (whence == SEEK_END) offset += input.size_;
    if (offset < 0) return AVERROR(EINVAL);
    return input.position_ = offset;
  }

  const Watch& watch_;
  int descriptor_ = -1;
  std::int64_t size_ = 0;
  std::int64_t position_ = 0;
  AVIOContext* io_ = nullptr;
};

Container::Container(const std::filesystem::path& file, const Watch& watch)
    : watch_(watch), input_(std::make_unique<Input>(file, watch)) {
  capture_av_log();
  if (input_->size() == 0) throw Error(Status::malformed, file, "not a video: the file is empty");
  std::array<std::uint8_t, 12> head{};
  input_->read_at(0, head);
  format_ = container_format(head);
  if (format_.empty()) {
    throw Error(Status::malformed, file, "not a video: neither AVI, MP4/MOV nor MKV/WebM");
  }
  ends_early_ = ends_before_its_claims(format_, input_->size(),
                                       [this](std::int64_t offset, std::span<std::uint8_t> bytes) {
                                         const std::int64_t n = input_->read_at(offset, bytes);
                                         return static_cast<std::size_t>(n < 0 ? 0 : n);
                                       });
  try {
    open(file);
    choose_stream(file);
  } catch (...) {
    avformat_close_input(&context_);
    throw;
  }
}

Container::~Container() { avformat_close_input(&context_); }

void Container::open(const std::filesystem::path& file) {
  context_ = avformat_alloc_context();
  if (context_ == nullptr) throw std::bad_alloc();
  context_->pb = input_->io();
  context_->io_open = refuse_to_open;
  context_->interrupt_callback = {is_expired, const_cast<Watch*>(&watch_)};
  context_->max_streams = 16;
  context_->probesize = 5'000'000;
  context_->max_analyze_duration = 5 * AV_TIME_BASE;
  context_->error_recognition = AV_EF_CRCCHECK | AV_EF_BITSTREAM | AV_EF_BUFFER;
  AVDictionary* options = nullptr;
  av_dict_set(&options, "format_whitelist", "avi,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm", 0);
  av_dict_set(&options, "codec_whitelist", accepted_codecs.data(), 0);
  av_dict_set(&options, "protocol_whitelist", "none", 0);
  int result =
      avformat_open_input(&context_, nullptr, av_find_input_format(format_.c_str()), &options);
  av_dict_free(&options);
  if (result >= 0) result = avformat_find_stream_info(context_, nullptr);
  watch_.check(file);
  if (result < 0) {
    throw Error(Status::malformed, file,
                concat("damaged ", format_, " header", ends_early_ ? " (the file is cut off)" : "",
                       ": ", av_reason(result)));
  }
}

void Container::choose_stream(const std::filesystem::path& file) {
  for (unsigned i = 0; i < context_->nb_streams; ++i) {
    AVStream* stream = context_->streams[i];
    stream->discard = AVDISCARD_ALL;
    const bool video = stream->codecpar->codec_type == AVMEDIA_TYPE_VIDEO &&
                       (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) == 0;
    if (!video) continue;
    ++video_streams_;
    if (stream_ == nullptr) stream_ = stream;
  }
  if (stream_ == nullptr) throw Error(Status::malformed, file, "no video stream in the file");
  stream_->discard = AVDISCARD_DEFAULT;
}

bool Container::read(AVPacket& packet, std::string& problem) {
  problem.clear();
  for (;;) {
    av_packet_unref(&packet);
    const int result = av_read_frame(context_, &packet);
    if (result == AVERROR(EAGAIN)) continue;
    if (result < 0) {
      if (result != AVERROR_EOF) problem = concat("reading ends early: ", av_reason(result));
      return false;
    }
    if (packet.stream_index == stream_->index) return true;
  }
}

}  // namespace rppg::video
