// Frames of a video file: demultiplexing, decoding, time stamps, and the account of what is
// missing.
#include <cmath>
#include <utility>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
}

#include "base/error.h"
#include "base/text.h"
#include "video/colour.h"
#include "video/container.h"
#include "video/decoder.h"
#include "video/frame.h"
#include "video/frame_source.h"

namespace rppg::video {
namespace {

/// Clockwise quarter turns of the display matrix, in degrees; other angles count as none.
int rotation_of(const AVStream& stream) {
  const std::uint8_t* matrix = av_stream_get_side_data(&stream, AV_PKT_DATA_DISPLAYMATRIX, nullptr);
  if (matrix == nullptr) return 0;
  const double counterclockwise =
      av_display_rotation_get(reinterpret_cast<const std::int32_t*>(matrix));
  if (std::isnan(counterclockwise)) return 0;
  const int degrees = static_cast<int>(std::lround(-counterclockwise));
  const int turned = (degrees % 360 + 360) % 360;
  return turned % 90 == 0 ? turned : 0;
}

double nominal_rate(const AVStream& stream) {
  const AVRational rate =
      stream.avg_frame_rate.num > 0 ? stream.avg_frame_rate : stream.r_frame_rate;
  return rate.num > 0 && rate.den > 0 ? av_q2d(rate) : 0;
}

/// Codecs with packets that are decoded but never shown.
bool has_hidden_frames(AVCodecID codec) {
  return codec == AV_CODEC_ID_VP8 || codec == AV_CODEC_ID_VP9 || codec == AV_CODEC_ID_AV1;
}

class VideoFile final : public FrameSource {
 public:
  VideoFile(const std::filesystem::path& file, const ReaderOptions& options)
      : file_(file), options_(options), watch_(options.timeout_seconds), container_(file, watch_) {
    check_size();
    create_decoder();
    ahead_ = decode();
    if (!ahead_) {
      throw Error(Status::malformed, file_,
                  concat("no frame can be decoded: ", summary_.first_problem.empty()
                                                          ? "the video stream is empty"
                                                          : summary_.first_problem));
    }
    describe();
    frame_.emplace(*picture_, info_.rotation_degrees);
    first_time_s_ = container_time();
  }

  bool next() override {
    const bool found = std::exchange(ahead_, false) || decode();
    if (!found) {
      finish();
      return false;
    }
    check_geometry();
    if (damaged_) {
      ++summary_.damaged;
      note_problem(concat("frame ", summary_.frames, ": ", damage_));
    }
    frame_->set_time(frame_time());
    ++summary_.frames;
    return true;
  }

  const Frame& frame() const override { return *frame_; }

 private:
  void check_size() const {
    const AVCodecParameters& parameters = *container_.stream().codecpar;
    if (std::int64_t{parameters.width} * parameters.height <= options_.max_pixels) return;
    throw Error(Status::unavailable, file_,
                concat(parameters.width, "x", parameters.height,
                       " pixels per frame exceed the limit of ", options_.max_pixels));
  }

  void create_decoder() {
    const AVCodecParameters& parameters = *container_.stream().codecpar;
    decoder_ = Decoder::create(parameters,
                               {.threads = options_.threads, .max_pixels = options_.max_pixels});
    if (decoder_ != nullptr) return;
    throw Error(Status::malformed, file_,
                concat("codec not accepted or its header damaged: ",
                       avcodec_get_name(parameters.codec_id)));
  }

  void describe() {
    const AVStream& stream = container_.stream();
    info_.container = container_.format();
    info_.codec = avcodec_get_name(stream.codecpar->codec_id);
    const char* format = av_get_pix_fmt_name(static_cast<AVPixelFormat>(picture_->format));
    info_.pixel_format = format == nullptr ? "unknown" : format;
    info_.color_range = range_name(*picture_);
    info_.color_matrix = matrix_name(*picture_);
    info_.rotation_degrees = rotation_of(stream);
    coded_width_ = picture_->width;
    coded_height_ = picture_->height;
    const bool sideways = info_.rotation_degrees % 180 != 0;
    info_.width = sideways ? coded_height_ : coded_width_;
    info_.height = sideways ? coded_width_ : coded_height_;
    info_.nominal_rate_hz = nominal_rate(stream);
    if (stream.nb_frames > 0) info_.frames = stream.nb_frames;
    info_.video_streams = container_.video_streams();
  }

  void check_geometry() const {
    if (picture_->width == coded_width_ && picture_->height == coded_height_) return;
    throw Error(Status::malformed, file_,
                concat("the size changes in frame ", summary_.frames, " from ", coded_width_, "x",
                       coded_height_, " to ", picture_->width, "x", picture_->height));
  }

  /// Seconds as the container has them; NaN when it does not say.
  double container_time() const {
    if (picture_->best_effort_timestamp == AV_NOPTS_VALUE) return std::nan("");
    return static_cast<double>(picture_->best_effort_timestamp) *
           av_q2d(container_.stream().time_base);
  }

  double frame_time() const {
    const double time = container_time() - first_time_s_;
    if (!std::isnan(time)) return time;
    const double rate = info_.nominal_rate_hz > 0 ? info_.nominal_rate_hz : 25;
    return static_cast<double>(summary_.frames) / rate;
  }

  void note_packet_error(const std::string& problem) {
    ++summary_.packet_errors;
    note_problem(concat("packet ", packets_, ": ", problem));
  }

  /// Decodes until a frame is in picture_; false at the end of the stream.
  bool decode() {
    for (;;) {
      watch_.check(file_);
      switch (decoder_->receive(*picture_)) {
        case Decoder::Outcome::frame:
          damaged_ = decoder_->damaged();
          damage_ = decoder_->problem();
          return true;
        case Decoder::Outcome::end:
          return false;
        case Decoder::Outcome::error:
          note_packet_error(decoder_->problem());
          if (draining_) return false;
          break;
        case Decoder::Outcome::needs_packet:
          if (draining_) return false;
          feed();
          break;
      }
    }
  }

  /// Hands the decoder the next packet, or the end of the stream.
  void feed() {
    std::string problem;
    if (!container_.read(*packet_, problem)) {
      watch_.check(file_);
      if (!problem.empty()) {
        summary_.truncated = true;
        note_problem(problem);
      }
      draining_ = true;
      decoder_->send(nullptr);
      return;
    }
    ++packets_;
    const bool cut_short = (packet_->flags & AV_PKT_FLAG_CORRUPT) != 0;
    if (cut_short) {
      summary_.truncated = true;
      note_packet_error("the file ends within it");
    } else if (packet_->size == 0 || (packet_->flags & AV_PKT_FLAG_DISCARD) != 0) {
      // An empty packet repeats the last picture; a discarded one only serves as reference.
      ++not_shown_;
    }
    if (cut_short || packet_->size == 0) return;
    if (!decoder_->send(packet_.get())) note_packet_error(decoder_->problem());
  }

  void finish() {
    const std::int64_t accounted = summary_.frames + summary_.packet_errors + not_shown_;
    const bool fewer = info_.frames && accounted < *info_.frames &&
                       !has_hidden_frames(container_.stream().codecpar->codec_id);
    if (container_.ends_early()) note_problem("the file is shorter than its header says");
    if (fewer) {
      note_problem(concat("only ", summary_.frames, " of ", *info_.frames, " declared frames"));
    }
    summary_.truncated = summary_.truncated || fewer || container_.ends_early();
  }

  std::filesystem::path file_;
  ReaderOptions options_;
  Watch watch_;
  Container container_;
  std::unique_ptr<Decoder> decoder_;
  AvOwner<AVFrame> picture_ = new_frame();
  AvOwner<AVPacket> packet_ = new_packet();
  std::optional<DecodedFrame> frame_;
  int coded_width_ = 0;
  int coded_height_ = 0;
  double first_time_s_ = 0;
  std::int64_t packets_ = 0;
  std::int64_t not_shown_ = 0;
  bool ahead_ = false;  ///< picture_ holds the first frame, which next() has not given yet
  bool draining_ = false;
  bool damaged_ = false;
  std::string damage_;
};

}  // namespace

std::unique_ptr<FrameSource> open_video_file(const std::filesystem::path& file,
                                             const ReaderOptions& options) {
  return std::make_unique<VideoFile>(file, options);
}

}  // namespace rppg::video
