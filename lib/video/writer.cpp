#include "video/writer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <new>
#include <string>
#include <utility>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>
}

#include "base/error.h"
#include "base/text.h"
#include "video/av.h"
#include "video/output_file.h"

namespace rppg::video {
namespace {

/// Ticks per second of containers with free time stamps.
constexpr int free_clock_hz = 90000;

struct CodecPlan {
  const char* encoder;
  AVPixelFormat format;
  bool full_range;
};

CodecPlan plan(Codec codec, int width, int height) {
  const bool odd = width % 2 != 0 || height % 2 != 0;
  switch (codec) {
    case Codec::raw:
      return {"rawvideo", AV_PIX_FMT_BGR24, true};
    case Codec::mjpeg:
      return {"mjpeg", AV_PIX_FMT_YUVJ420P, true};
    case Codec::mpeg4:
      return {"mpeg4", AV_PIX_FMT_YUV420P, false};
    case Codec::h264:  // 4:2:0 needs even sides
      return {"libx264", odd ? AV_PIX_FMT_YUV444P : AV_PIX_FMT_YUV420P, false};
    case Codec::ffv1:
      return {"ffv1", AV_PIX_FMT_BGR0, true};
  }
  throw Error(Status::internal, "unknown codec");
}

bool is_rgb(AVPixelFormat format) {
  return format == AV_PIX_FMT_BGR24 || format == AV_PIX_FMT_BGR0;
}

/// Copies RGB pixels to a BGR24 or BGR0 picture.
void reorder(const Image& image, AVFrame& picture) {
  const int step = picture.format == AV_PIX_FMT_BGR24 ? 3 : 4;
  const std::uint8_t* from = image.rgb.data();
  for (int y = 0; y < image.height; ++y) {
    std::uint8_t* to = picture.data[0] + static_cast<std::ptrdiff_t>(y) * picture.linesize[0];
    for (int x = 0; x < image.width; ++x, from += 3, to += step) {
      to[0] = from[2];
      to[1] = from[1];
      to[2] = from[0];
    }
  }
}

const char* muxer_of(const std::filesystem::path& file) {
  const std::string suffix = file.extension().string();
  if (suffix == ".avi") return "avi";
  if (suffix == ".mkv") return "matroska";
  if (suffix == ".mp4") return "mp4";
  throw Error(Status::usage, file, "cannot write: the suffix is none of .avi, .mkv, .mp4");
}

/// Quantiser of the MPEG-4 and JPEG encoders: 1 (finest) to 31.
int quantiser(double quality) {
  const double coarse = 1 - std::clamp(quality, 0.0, 1.0);
  return static_cast<int>(std::lround(1 + 30 * coarse * coarse));
}

void set_x264_options(AVCodecContext& encoder, const WriterOptions& options) {
  av_opt_set(encoder.priv_data, "preset", "veryfast", 0);
  av_opt_set(encoder.priv_data, "x264-params", "cpu-independent=1:threads=1", 0);
  if (options.bitrate_kbps > 0) return;
  const double rate_factor = 8 + 40 * (1 - std::clamp(options.quality, 0.0, 1.0));
  av_opt_set_double(encoder.priv_data, "crf", rate_factor, 0);
}

void set_quality(AVCodecContext& encoder, const WriterOptions& options) {
  const bool mpeg4 = options.codec == Codec::mpeg4;
  const bool h264 = options.codec == Codec::h264;
  if (mpeg4) encoder.max_b_frames = 0;  // Simple Profile
  if (h264) set_x264_options(encoder, options);
  if ((mpeg4 || h264) && options.bitrate_kbps > 0) {
    encoder.bit_rate = std::llround(options.bitrate_kbps * 1000);
    encoder.bit_rate_tolerance =
        static_cast<int>(std::min<std::int64_t>(encoder.bit_rate, 1 << 30));
    return;
  }
  if (options.codec == Codec::ffv1) {
    encoder.level = 3;
    av_opt_set_int(encoder.priv_data, "slicecrc", 1, 0);
  }
  if (mpeg4 || options.codec == Codec::mjpeg) {
    encoder.flags |= AV_CODEC_FLAG_QSCALE;
    encoder.global_quality = quantiser(options.quality) * FF_QP2LAMBDA;
    encoder.qmin = 1;
  }
}

struct FormatDelete {
  void operator()(AVFormatContext* object) const { avformat_free_context(object); }
};

}  // namespace

struct Writer::Impl {
  Impl(const std::filesystem::path& file, int width, int height, const WriterOptions& options);

  void write(const Image& frame, std::int64_t ticks);
  void finish();
  std::int64_t ticks_of(double time_s) const;

  std::filesystem::path file;
  WriterOptions options;
  bool free_times;  ///< the container stores a time stamp per frame
  OutputFile output;
  std::unique_ptr<AVFormatContext, FormatDelete> muxer;
  AvOwner<AVCodecContext> encoder;
  AvOwner<SwsContext> scaler;  ///< null for RGB formats
  AvOwner<AVFrame> picture = new_frame();
  AvOwner<AVPacket> packet = new_packet();
  std::int64_t count = 0;
  std::int64_t last_ticks = std::numeric_limits<std::int64_t>::min();

 private:
  void open_encoder(const CodecPlan& codec_plan, int width, int height);
  void open_muxer();
  void prepare_picture(const CodecPlan& codec_plan);
  void fill_picture(const Image& frame);
  void drain();
  void require(int result, const char* what) const;
};

Writer::Impl::Impl(const std::filesystem::path& path, int width, int height,
                   const WriterOptions& wanted)
    : file(path),
      options(wanted),
      free_times(std::string_view(muxer_of(path)) != "avi"),
      output(path) {
  capture_av_log();
  if (width < 1 || height < 1 || options.rate_numerator < 1 || options.rate_denominator < 1) {
    throw Error(Status::usage, file, "cannot write: size and rate must be positive");
  }
  AVFormatContext* context = nullptr;
  avformat_alloc_output_context2(&context, nullptr, muxer_of(file), nullptr);
  muxer.reset(context);
  if (muxer == nullptr) {
    throw Error(Status::unavailable, file, concat(muxer_of(file), " writer not built in"));
  }
  const CodecPlan codec_plan = plan(options.codec, width, height);
  open_encoder(codec_plan, width, height);
  open_muxer();
  prepare_picture(codec_plan);
}

void Writer::Impl::require(int result, const char* what) const {
  output.check();
  if (result >= 0) return;
  throw Error(Status::write_failed, file, concat(what, ": ", av_reason(result)));
}

void Writer::Impl::open_encoder(const CodecPlan& codec_plan, int width, int height) {
  const AVCodec* codec = avcodec_find_encoder_by_name(codec_plan.encoder);
  if (codec == nullptr) {
    throw Error(Status::unavailable, file, concat(codec_plan.encoder, " encoder not built in"));
  }
  encoder.reset(avcodec_alloc_context3(codec));
  if (encoder == nullptr) throw std::bad_alloc();
  encoder->width = width;
  encoder->height = height;
  encoder->pix_fmt = codec_plan.format;
  encoder->time_base = free_times ? AVRational{1, free_clock_hz}
                                  : AVRational{options.rate_denominator, options.rate_numerator};
  encoder->framerate = {options.rate_numerator, options.rate_denominator};
  encoder->thread_count = 1;
  encoder->flags |= AV_CODEC_FLAG_BITEXACT;
  if (!is_rgb(codec_plan.format)) {
    encoder->color_range = codec_plan.full_range ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
    encoder->colorspace = AVCOL_SPC_SMPTE170M;
  }
  if ((muxer->oformat->flags & AVFMT_GLOBALHEADER) != 0) {
    encoder->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
  }
  set_quality(*encoder, options);
  const int result = avcodec_open2(encoder.get(), codec, nullptr);
  if (result >= 0) return;
  throw Error(
      Status::unavailable, file,
      concat(codec_plan.encoder, " refuses ", width, "x", height, " pixels: ", av_reason(result)));
}

void Writer::Impl::open_muxer() {
  AVStream* stream = avformat_new_stream(muxer.get(), nullptr);
  if (stream == nullptr) throw std::bad_alloc();
  require(avcodec_parameters_from_context(stream->codecpar, encoder.get()), "cannot write");
  stream->time_base = encoder->time_base;
  stream->avg_frame_rate = encoder->framerate;
  if (options.rotation_degrees != 0) {
    auto* matrix = reinterpret_cast<std::int32_t*>(
        av_stream_new_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(std::int32_t)));
    if (matrix == nullptr) throw std::bad_alloc();
    av_display_rotation_set(matrix, options.rotation_degrees);
  }
  muxer->pb = output.io();
  muxer->flags |= AVFMT_FLAG_BITEXACT | AVFMT_FLAG_CUSTOM_IO;
  require(avformat_write_header(muxer.get(), nullptr), "cannot write the header");
}

void Writer::Impl::prepare_picture(const CodecPlan& codec_plan) {
  picture->format = codec_plan.format;
  picture->width = encoder->width;
  picture->height = encoder->height;
  picture->color_range = encoder->color_range;
  picture->colorspace = encoder->colorspace;
  if (av_frame_get_buffer(picture.get(), 0) < 0) throw std::bad_alloc();
  if (is_rgb(codec_plan.format)) return;
  constexpr int flags =
      SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;
  scaler.reset(sws_getContext(encoder->width, encoder->height, AV_PIX_FMT_RGB24, encoder->width,
                              encoder->height, codec_plan.format, flags, nullptr, nullptr,
                              nullptr));
  if (scaler == nullptr) throw std::bad_alloc();
  const int* matrix = sws_getCoefficients(SWS_CS_ITU601);
  sws_setColorspaceDetails(scaler.get(), matrix, 1, matrix, codec_plan.full_range ? 1 : 0, 0,
                           1 << 16, 1 << 16);
}

std::int64_t Writer::Impl::ticks_of(double time_s) const {
  return std::llround(time_s / av_q2d(encoder->time_base));
}

void Writer::Impl::write(const Image& frame, std::int64_t ticks) {
  if (frame.width != encoder->width || frame.height != encoder->height) {
    throw Error(Status::internal, file,
                concat("frame of ", frame.width, "x", frame.height, " in a video of ",
                       encoder->width, "x", encoder->height));
  }
  if (ticks <= last_ticks) throw Error(Status::internal, file, "times of frames do not rise");
  last_ticks = ticks;
  if (av_frame_make_writable(picture.get()) < 0) throw std::bad_alloc();
  fill_picture(frame);
  picture->pts = ticks;
  picture->quality = encoder->global_quality;
  require(avcodec_send_frame(encoder.get(), picture.get()), "cannot encode");
  drain();
  ++count;
}

void Writer::Impl::fill_picture(const Image& frame) {
  if (scaler == nullptr) return reorder(frame, *picture);
  const std::array<const std::uint8_t*, 4> source{frame.rgb.data()};
  const std::array<int, 4> row_bytes{frame.width * 3};
  sws_scale(scaler.get(), source.data(), row_bytes.data(), 0, frame.height, picture->data,
            picture->linesize);
}

void Writer::Impl::drain() {
  AVStream& stream = *muxer->streams[0];
  const double ticks_per_frame = av_q2d(av_inv_q(encoder->framerate)) / av_q2d(encoder->time_base);
  for (;;) {
    const int result = avcodec_receive_packet(encoder.get(), packet.get());
    if (result == AVERROR(EAGAIN) || result == AVERROR_EOF) return;
    require(result, "cannot encode");
    packet->stream_index = 0;
    if (packet->duration == 0) packet->duration = std::llround(ticks_per_frame);
    av_packet_rescale_ts(packet.get(), encoder->time_base, stream.time_base);
    require(av_write_frame(muxer.get(), packet.get()), "cannot write");
    av_packet_unref(packet.get());
  }
}

void Writer::Impl::finish() {
  require(avcodec_send_frame(encoder.get(), nullptr), "cannot encode");
  drain();
  require(av_write_trailer(muxer.get()), "cannot write the index");
  output.commit();
}

Writer::Writer(const std::filesystem::path& file, int width, int height,
               const WriterOptions& options)
    : impl_(std::make_unique<Impl>(file, width, height, options)) {}
Writer::~Writer() = default;
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;

void Writer::write(const Image& frame) {
  const std::int64_t ticks = impl_->free_times ? impl_->ticks_of(static_cast<double>(impl_->count) *
                                                                 impl_->options.rate_denominator /
                                                                 impl_->options.rate_numerator)
                                               : impl_->count;
  impl_->write(frame, ticks);
}

void Writer::write(const Image& frame, double time_s) {
  if (!impl_->free_times) {
    throw Error(Status::usage, impl_->file, "AVI has no time stamps of its own; use MP4 or MKV");
  }
  impl_->write(frame, impl_->ticks_of(time_s));
}

void Writer::finish() { impl_->finish(); }

}  // namespace rppg::video
