#include "video/colour.h"

#include <algorithm>

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

namespace rppg::video {
namespace {

/// Weights of red and blue in luma.
struct LumaWeights {
  double red;
  double blue;
};

LumaWeights luma_weights(int matrix) {
  switch (matrix) {
    case SWS_CS_ITU709:
      return {0.2126, 0.0722};
    case SWS_CS_FCC:
      return {0.30, 0.11};
    case SWS_CS_SMPTE240M:
      return {0.212, 0.087};
    case SWS_CS_BT2020:
      return {0.2627, 0.0593};
    default:
      return {0.299, 0.114};
  }
}

bool is_jpeg_format(int format) {
  return format == AV_PIX_FMT_YUVJ420P || format == AV_PIX_FMT_YUVJ422P ||
         format == AV_PIX_FMT_YUVJ444P || format == AV_PIX_FMT_YUVJ440P ||
         format == AV_PIX_FMT_YUVJ411P;
}

bool is_gray(int format) {
  const AVPixFmtDescriptor* description = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(format));
  return description != nullptr && description->nb_components <= 2;
}

}  // namespace

ColourSpace colour_space(const AVFrame& frame) {
  ColourSpace space;
  // FFmpeg's scaler takes grey formats as full range whatever is declared.
  space.full_range = frame.color_range == AVCOL_RANGE_JPEG || is_jpeg_format(frame.format) ||
                     is_gray(frame.format);
  switch (frame.colorspace) {
    case AVCOL_SPC_BT709:
      space.matrix = SWS_CS_ITU709;
      break;
    case AVCOL_SPC_FCC:
      space.matrix = SWS_CS_FCC;
      break;
    case AVCOL_SPC_SMPTE240M:
      space.matrix = SWS_CS_SMPTE240M;
      break;
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
      space.matrix = SWS_CS_BT2020;
      break;
    default:
      space.matrix = SWS_CS_ITU601;
  }
  return space;
}

std::string range_name(const AVFrame& frame) {
  if (frame.color_range == AVCOL_RANGE_JPEG || is_jpeg_format(frame.format)) return "full";
  return frame.color_range == AVCOL_RANGE_MPEG ? "limited" : "unspecified";
}

std::string matrix_name(const AVFrame& frame) {
  switch (frame.colorspace) {
    case AVCOL_SPC_RGB:
      return "rgb";
    case AVCOL_SPC_BT709:
      return "bt709";
    case AVCOL_SPC_FCC:
      return "fcc";
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
      return "bt601";
    case AVCOL_SPC_SMPTE240M:
      return "smpte240m";
    case AVCOL_SPC_BT2020_NCL:
    case AVCOL_SPC_BT2020_CL:
      return "bt2020";
    default:
      return "unspecified";
  }
}

std::array<double, 3> to_rgb(const ColourSpace& space, double y, double cb, double cr) {
  const auto [red, blue] = luma_weights(space.matrix);
  const double green = 1 - red - blue;
  const double luma = space.full_range ? y : (y - 16) * 255 / 219;
  const double chroma_scale = space.full_range ? 1 : 255.0 / 224;
  const double u = (cb - 128) * chroma_scale * 2 * (1 - blue);
  const double v = (cr - 128) * chroma_scale * 2 * (1 - red);
  std::array<double, 3> rgb{luma + v, luma - (blue * u + red * v) / green, luma + u};
  for (double& value : rgb) value = std::clamp(value, 0.0, 255.0);
  return rgb;
}

}  // namespace rppg::video
