#include "video/still.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <optional>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "video/decoder.h"
#include "video/frame.h"
#include "video/writer.h"

namespace rppg::video {
namespace {

using Parameters =
    std::unique_ptr<AVCodecParameters,
                    decltype([](AVCodecParameters* object) { avcodec_parameters_free(&object); })>;

struct Size {
  std::int64_t width = 0;
  std::int64_t height = 0;
};

std::uint8_t byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<std::uint8_t>(bytes[i]);
}

std::int64_t big_endian(std::string_view bytes) {
  std::int64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) value = value << 8 | byte_at(bytes, i);
  return value;
}

AVCodecID codec_of(std::string_view bytes) {
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return AV_CODEC_ID_PNG;
  if (bytes.starts_with("\xff\xd8\xff")) return AV_CODEC_ID_MJPEG;
  return AV_CODEC_ID_NONE;
}

Size png_size(std::string_view bytes) {
  if (bytes.size() < 24) return {};
  return {big_endian(bytes.substr(16, 4)), big_endian(bytes.substr(20, 4))};
}

/// From the first start-of-frame segment (ITU-T T.81, B.2.2).
Size jpeg_size(std::string_view bytes) {
  std::size_t position = 2;
  while (position + 9 <= bytes.size() && byte_at(bytes, position) == 0xff) {
    const int marker = byte_at(bytes, position + 1);
    if (marker == 0xff) {
      ++position;
      continue;
    }
    const bool start_of_frame =
        marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    if (start_of_frame) {
      return {big_endian(bytes.substr(position + 7, 2)), big_endian(bytes.substr(position + 5, 2))};
    }
    position += 2 + static_cast<std::size_t>(big_endian(bytes.substr(position + 2, 2)));
  }
  return {};
}

AvOwner<AVPacket> packet_of(std::string_view bytes) {
  AvOwner<AVPacket> packet = new_packet();
  if (av_new_packet(packet.get(), static_cast<int>(bytes.size())) < 0) throw std::bad_alloc();
  std::memcpy(packet->data, bytes.data(), bytes.size());
  return packet;
}

[[noreturn]] void fail(const std::filesystem::path& file, std::string_view why) {
  throw Error(Status::malformed, file, concat("damaged image: ", why));
}

AvOwner<AVFrame> decode(const std::filesystem::path& file, std::string_view bytes, AVCodecID codec,
                        std::int64_t max_pixels) {
  const Parameters parameters(avcodec_parameters_alloc());
  if (parameters == nullptr) throw std::bad_alloc();
  parameters->codec_type = AVMEDIA_TYPE_VIDEO;
  parameters->codec_id = codec;
  const std::unique_ptr<Decoder> decoder =
      Decoder::create(*parameters, {.max_pixels = max_pixels, .refuse_damaged = true});
  if (decoder == nullptr) throw Error(Status::unavailable, file, "decoder not built in");
  AvOwner<AVFrame> picture = new_frame();
  if (!decoder->send(packet_of(bytes).get())) fail(file, decoder->problem());
  decoder->send(nullptr);
  const Decoder::Outcome outcome = decoder->receive(*picture);
  if (outcome == Decoder::Outcome::error) fail(file, decoder->problem());
  if (outcome != Decoder::Outcome::frame) fail(file, "no picture in it");
  if (decoder->damaged()) fail(file, decoder->problem());
  return picture;
}

}  // namespace

StillImage decode_still(const std::filesystem::path& file, std::string_view bytes,
                        std::int64_t max_pixels) {
  const AVCodecID codec = codec_of(bytes);
  if (codec == AV_CODEC_ID_NONE) {
    throw Error(
        Status::malformed, file,
        bytes.empty() ? "not an image: the file is empty" : "not an image: neither PNG nor JPEG");
  }
  const Size size = codec == AV_CODEC_ID_PNG ? png_size(bytes) : jpeg_size(bytes);
  if (size.width <= 0 || size.height <= 0) fail(file, "its header is cut off");
  if (size.width > max_pixels / size.height) {
    throw Error(Status::unavailable, file,
                concat(size.width, "x", size.height, " pixels exceed the limit of ", max_pixels));
  }
  const AvOwner<AVFrame> picture = decode(file, bytes, codec, max_pixels);
  const char* format = av_get_pix_fmt_name(static_cast<AVPixelFormat>(picture->format));
  return {DecodedFrame(*picture, 0).rgb(), avcodec_get_name(codec),
          format == nullptr ? "unknown" : format, range_name(*picture), matrix_name(*picture)};
}

std::string encode_png(const Image& image) {
  capture_av_log();
  const AVCodec* codec = avcodec_find_encoder(AV_CODEC_ID_PNG);
  if (codec == nullptr) throw Error(Status::unavailable, "PNG encoder not built in");
  const AvOwner<AVCodecContext> encoder(avcodec_alloc_context3(codec));
  if (encoder == nullptr) throw std::bad_alloc();
  encoder->width = image.width;
  encoder->height = image.height;
  encoder->pix_fmt = AV_PIX_FMT_RGB24;
  encoder->time_base = {1, 1};
  encoder->thread_count = 1;
  encoder->compression_level = 1;  // higher ones take longer, and noise hardly shrinks
  av_opt_set(encoder->priv_data, "pred", "up", 0);  // a fifth smaller than without, and no slower
  encoder->flags |= AV_CODEC_FLAG_BITEXACT;
  const AvOwner<AVFrame> picture = new_frame();
  picture->format = AV_PIX_FMT_RGB24;
  picture->width = image.width;
  picture->height = image.height;
  const AvOwner<AVPacket> packet = new_packet();
  if (avcodec_open2(encoder.get(), codec, nullptr) < 0 ||
      av_frame_get_buffer(picture.get(), 0) < 0) {
    throw Error(Status::internal,
                concat("cannot encode a PNG of ", image.width, "x", image.height));
  }
  const std::size_t row_bytes = static_cast<std::size_t>(image.width) * 3;
  for (int y = 0; y < image.height; ++y) {
    std::memcpy(picture->data[0] + static_cast<std::ptrdiff_t>(y) * picture->linesize[0],
                image.rgb.data() + static_cast<std::size_t>(y) * row_bytes, row_bytes);
  }
  if (avcodec_send_frame(encoder.get(), picture.get()) < 0 ||
      avcodec_receive_packet(encoder.get(), packet.get()) < 0) {
    throw Error(Status::internal,
                concat("cannot encode a PNG of ", image.width, "x", image.height));
  }
  return {reinterpret_cast<const char*>(packet->data), static_cast<std::size_t>(packet->size)};
}

Image read_image(const std::filesystem::path& file) {
  return decode_still(file, read_file(file), ReaderOptions{}.max_pixels).image;
}

}  // namespace rppg::video
