#include "video/frame.h"

#include <algorithm>
#include <cstring>
#include <new>

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include "kernels/kernels.h"
#include "video/image_frame.h"
#include "video/reduce.h"
#include "video/rotation.h"

namespace rppg::video {
namespace {

/// What is converted around a box, and the grid it is aligned to. The filters that enlarge chroma
/// reach over two chroma samples; the vector loops work on 16 pixels.
constexpr int margin = 16;
constexpr int grid = 16;

AVPixelFormat format_of(const AVFrame& picture) {
  return static_cast<AVPixelFormat>(picture.format);
}

const AVPixFmtDescriptor& description(const AVFrame& picture) {
  return *av_pix_fmt_desc_get(format_of(picture));
}

/// Y, Cb and Cr each in a plane of bytes (a fourth plane, alpha, is left alone).
bool is_planar_yuv8(const AVFrame& picture) {
  const AVPixFmtDescriptor& format = description(picture);
  if ((format.flags & AV_PIX_FMT_FLAG_PLANAR) == 0 || (format.flags & AV_PIX_FMT_FLAG_RGB) != 0 ||
      format.nb_components < 3) {
    return false;
  }
  for (int c = 0; c < 3; ++c) {
    const AVComponentDescriptor& component = format.comp[c];
    if (component.plane != c || component.depth != 8 || component.step != 1) return false;
  }
  return true;
}

bool is_gray8(const AVFrame& picture) { return picture.format == AV_PIX_FMT_GRAY8; }

/// R, G and B interleaved, a byte each, possibly with a fourth byte.
bool is_packed_rgb8(const AVFrame& picture) {
  const AVPixFmtDescriptor& format = description(picture);
  constexpr std::uint64_t excluded =
      AV_PIX_FMT_FLAG_PLANAR | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_PAL;
  return (format.flags & AV_PIX_FMT_FLAG_RGB) != 0 && (format.flags & excluded) == 0 &&
         format.nb_components >= 3 && format.comp[0].depth == 8 && format.comp[0].step >= 3;
}

/// RGB24 or BGR24.
bool is_dense_rgb8(const AVFrame& picture) {
  return picture.format == AV_PIX_FMT_RGB24 || picture.format == AV_PIX_FMT_BGR24;
}

const std::uint8_t* at(const AVFrame& picture, int plane, int byte, int y) {
  return picture.data[plane] + static_cast<std::ptrdiff_t>(y) * picture.linesize[plane] + byte;
}

double plane_mean(const AVFrame& picture, int plane, const Box& box) {
  std::uint64_t total = 0;
  for (int y = box.y; y < box.y + box.height; ++y) {
    total += kernels().reduction.sum_bytes(at(picture, plane, box.x, y),
                                           static_cast<std::size_t>(box.width));
  }
  return static_cast<double>(total) / (static_cast<double>(box.width) * box.height);
}

std::array<double, 3> packed_mean(const AVFrame& picture, const Box& box) {
  std::array<std::uint64_t, 3> total{};
  for (int y = box.y; y < box.y + box.height; ++y) {
    std::array<std::uint64_t, 3> row{};
    kernels().reduction.sum_rgb(at(picture, 0, 3 * box.x, y), static_cast<std::size_t>(box.width),
                                row.data());
    for (std::size_t c = 0; c < 3; ++c) total[c] += row[c];
  }
  if (picture.format == AV_PIX_FMT_BGR24) std::swap(total[0], total[2]);
  const double count = static_cast<double>(box.width) * box.height;
  return {static_cast<double>(total[0]) / count, static_cast<double>(total[1]) / count,
          static_cast<double>(total[2]) / count};
}

/// The chroma samples that touch box.
Box chroma_box(const AVFrame& picture, const Box& box) {
  const AVPixFmtDescriptor& format = description(picture);
  const auto start = [](int position, int shift) { return position >> shift; };
  const auto end = [](int position, int shift) { return -(-position >> shift); };
  const int x = start(box.x, format.log2_chroma_w);
  const int y = start(box.y, format.log2_chroma_h);
  return {x, y, end(box.x + box.width, format.log2_chroma_w) - x,
          end(box.y + box.height, format.log2_chroma_h) - y};
}

Image packed_cut(const AVFrame& picture, const Box& box) {
  const AVComponentDescriptor(&colours)[4] = description(picture).comp;
  const int step = colours[0].step;
  Image image{box.width, box.height,
              std::vector<std::uint8_t>(static_cast<std::size_t>(box.width) * box.height * 3)};
  auto out = image.rgb.begin();
  for (int y = box.y; y < box.y + box.height; ++y) {
    const std::uint8_t* pixel = at(picture, 0, step * box.x, y);
    for (int x = 0; x < box.width; ++x, pixel += step) {
      for (int c = 0; c < 3; ++c) *out++ = pixel[colours[c].offset];
    }
  }
  return image;
}

/// Formats whose pixels are not whole bytes, or which need a palette, are converted as a whole.
bool can_be_cut(const AVFrame& picture) {
  constexpr std::uint64_t whole_only =
      AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BAYER;
  return (description(picture).flags & whole_only) == 0;
}

/// box with its margin, on the grid, inside the picture.
Box region_around(const AVFrame& picture, const Box& box) {
  if (!can_be_cut(picture)) return {0, 0, picture.width, picture.height};
  const auto down = [](int value) { return std::max(0, (value - margin) / grid * grid); };
  const auto up = [](int value, int limit) {
    return std::min(limit, (value + margin + grid - 1) / grid * grid);
  };
  const int x = down(box.x);
  const int y = down(box.y);
  return {x, y, up(box.x + box.width, picture.width) - x,
          up(box.y + box.height, picture.height) - y};
}

std::array<const std::uint8_t*, 4> planes_at(const AVFrame& picture, int x, int y) {
  const AVPixFmtDescriptor& format = description(picture);
  std::array<const std::uint8_t*, 4> planes{};
  for (int plane = 0; plane < 4; ++plane) {
    if (picture.data[plane] == nullptr) continue;
    const bool chroma = (plane == 1 || plane == 2) && (format.flags & AV_PIX_FMT_FLAG_RGB) == 0;
    const int row = chroma ? y >> format.log2_chroma_h : y;
    const int byte = x == 0 ? 0 : av_image_get_linesize(format_of(picture), x, plane);
    planes[static_cast<std::size_t>(plane)] = at(picture, plane, byte, row);
  }
  return planes;
}

/// Copy of a picture whose sides are whole numbers of chroma samples, its last column and row
/// repeated; null where that is so already. Otherwise the scaler would stretch chroma a little, and
/// by another factor for every cut.
AvOwner<AVFrame> with_whole_chroma(const AVFrame& picture) {
  const AVPixFmtDescriptor& format = description(picture);
  const int width = -(-picture.width >> format.log2_chroma_w) << format.log2_chroma_w;
  const int height = -(-picture.height >> format.log2_chroma_h) << format.log2_chroma_h;
  if (!can_be_cut(picture) || (width == picture.width && height == picture.height)) return nullptr;
  AvOwner<AVFrame> padded = new_frame();
  padded->format = picture.format;
  padded->width = width;
  padded->height = height;
  padded->color_range = picture.color_range;
  padded->colorspace = picture.colorspace;
  if (av_frame_get_buffer(padded.get(), 0) < 0) throw std::bad_alloc();
  for (int plane = 0; plane < 4 && picture.data[plane] != nullptr; ++plane) {
    const bool chroma = plane == 1 || plane == 2;
    const int shift = chroma ? format.log2_chroma_h : 0;
    const int rows = -(-picture.height >> shift);
    const int bytes = av_image_get_linesize(format_of(picture), picture.width, plane);
    const int step =
        std::max(1, bytes / (chroma ? -(-picture.width >> format.log2_chroma_w) : picture.width));
    const int padded_bytes = av_image_get_linesize(format_of(picture), width, plane);
    for (int y = 0; y < -(-height >> shift); ++y) {
      const std::uint8_t* from = at(picture, plane, 0, std::min(y, rows - 1));
      std::uint8_t* to =
          padded->data[plane] + static_cast<std::ptrdiff_t>(y) * padded->linesize[plane];
      std::memcpy(to, from, static_cast<std::size_t>(bytes));
      for (int i = bytes; i < padded_bytes; ++i) to[i] = to[i - step];
    }
  }
  return padded;
}

}  // namespace

Image RgbConverter::convert(const AVFrame& picture, const Box& box) {
  if (is_packed_rgb8(picture)) return packed_cut(picture, box);
  const AvOwner<AVFrame> padded = with_whole_chroma(picture);
  const AVFrame& source = padded == nullptr ? picture : *padded;
  const Box region = region_around(source, box);
  scale(source, planes_at(source, region.x, region.y),
        {source.format, region.width, region.height, colour_space(source)});
  Image image{box.width, box.height, {}};
  image.rgb.reserve(static_cast<std::size_t>(box.width) * box.height * 3);
  for (int y = 0; y < box.height; ++y) {
    const std::uint8_t* row = rows_.data() +
                              static_cast<std::size_t>(box.y - region.y + y) * row_bytes_ +
                              static_cast<std::size_t>(box.x - region.x) * 3;
    image.rgb.insert(image.rgb.end(), row, row + static_cast<std::ptrdiff_t>(3) * box.width);
  }
  return image;
}

void RgbConverter::scale(const AVFrame& picture, const std::array<const std::uint8_t*, 4>& planes,
                         const Key& key) {
  if (scaler_ == nullptr || key != key_) {
    constexpr int flags =
        SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;
    scaler_.reset(sws_getContext(key.width, key.height, format_of(picture), key.width, key.height,
                                 AV_PIX_FMT_RGB24, flags, nullptr, nullptr, nullptr));
    if (scaler_ == nullptr) throw std::bad_alloc();
    sws_setColorspaceDetails(scaler_.get(), sws_getCoefficients(key.space.matrix),
                             key.space.full_range ? 1 : 0, sws_getCoefficients(SWS_CS_DEFAULT), 1,
                             0, 1 << 16, 1 << 16);
    key_ = key;
  }
  // Vector loops may write to the end of an aligned row, and a little beyond the last one.
  constexpr std::size_t alignment = 64;
  row_bytes_ =
      (static_cast<std::size_t>(key.width) * 3 + 2 * alignment - 1) / alignment * alignment;
  rows_.resize(row_bytes_ * (static_cast<std::size_t>(key.height) + 1));
  const std::array<std::uint8_t*, 4> target{rows_.data()};
  const std::array<int, 4> target_bytes{static_cast<int>(row_bytes_)};
  sws_scale(scaler_.get(), planes.data(), picture.linesize, 0, key.height, target.data(),
            target_bytes.data());
}

DecodedFrame::DecodedFrame(const AVFrame& picture, int rotation_degrees)
    : picture_(picture), rotation_degrees_(rotation_degrees) {}

int DecodedFrame::width() const { return sideways() ? picture_.height : picture_.width; }
int DecodedFrame::height() const { return sideways() ? picture_.width : picture_.height; }

Box DecodedFrame::coded(const Box& box) const {
  return coded_box(box, rotation_degrees_, picture_.width, picture_.height);
}

Image DecodedFrame::rgb(const Box& box) const {
  return rotate(converter_.convert(picture_, coded(box)), rotation_degrees_);
}

std::array<double, 3> DecodedFrame::mean_rgb(const Box& box) const {
  const Box inside = coded(box);
  if (is_dense_rgb8(picture_)) return packed_mean(picture_, inside);
  if (is_gray8(picture_)) {
    const double gray = plane_mean(picture_, 0, inside);
    return {gray, gray, gray};
  }
  if (is_planar_yuv8(picture_)) {
    const Box chroma = chroma_box(picture_, inside);
    return to_rgb(colour_space(picture_), plane_mean(picture_, 0, inside),
                  plane_mean(picture_, 1, chroma), plane_mean(picture_, 2, chroma));
  }
  return video::mean_rgb(converter_.convert(picture_, inside));
}

GrayImage DecodedFrame::luma(int max_side, int& scale) const {
  scale = reduction_factor(width(), height(), max_side);
  const int reduced_width = width() / scale;
  const int reduced_height = height() / scale;
  // Turned, the rest that fills no block is still at the right and bottom of the display.
  const Box used = coded({0, 0, reduced_width * scale, reduced_height * scale});
  const int columns = used.width / scale;
  const int rows = used.height / scale;
  if (is_planar_yuv8(picture_) || is_gray8(picture_)) {
    return rotate(
        reduce_plane(at(picture_, 0, used.x, used.y), picture_.linesize[0], columns, rows, scale),
        rotation_degrees_);
  }
  if (is_dense_rgb8(picture_)) {
    return rotate(reduce_rgb(at(picture_, 0, 3 * used.x, used.y), picture_.linesize[0], columns,
                             rows, scale, picture_.format == AV_PIX_FMT_BGR24),
                  rotation_degrees_);
  }
  const Image image = converter_.convert(picture_, used);
  return rotate(
      reduce_rgb(image.rgb.data(), std::ptrdiff_t{3} * image.width, columns, rows, scale, false),
      rotation_degrees_);
}

}  // namespace rppg::video
