/// A decoded picture as a Frame: boxes are converted, averaged and reduced from its own planes.
#pragma once

#include <array>

#include "video/av.h"
#include "video/colour.h"
#include "video/reader.h"

namespace rppg::video {

/// Converts parts of decoded pictures to RGB; keeps FFmpeg's scaler between calls.
class RgbConverter {
 public:
  /// box: in coded pixels. The result equals that of cutting the box out of the whole picture:
  /// more than the box is converted, on the grid that chroma filters and vector loops work on.
  Image convert(const AVFrame& picture, const Box& box);

 private:
  struct Key {
    int format = -1;
    int width = 0;
    int height = 0;
    ColourSpace space;

    friend bool operator==(const Key&, const Key&) = default;
  };

  void scale(const AVFrame& picture, const std::array<const std::uint8_t*, 4>& planes,
             const Key& key);

  AvOwner<SwsContext> scaler_;
  Key key_;
  std::vector<std::uint8_t> rows_;  ///< the last conversion, rows of row_bytes_
  std::size_t row_bytes_ = 0;
};

class DecodedFrame final : public Frame {
 public:
  /// picture must outlive this object; rotation_degrees: clockwise, for display.
  DecodedFrame(const AVFrame& picture, int rotation_degrees);

  void set_time(double time_s) { time_s_ = time_s; }

  double time_s() const override { return time_s_; }
  int width() const override;
  int height() const override;
  using Frame::rgb;
  Image rgb(const Box& box) const override;
  /// Chroma is averaged over all chroma samples that touch the box; formats other than 8-bit
  /// planar YUV, grey and packed RGB go through rgb().
  std::array<double, 3> mean_rgb(const Box& box) const override;
  GrayImage luma(int max_side, int& scale) const override;

 private:
  Box coded(const Box& box) const;
  bool sideways() const { return rotation_degrees_ == 90 || rotation_degrees_ == 270; }

  const AVFrame& picture_;
  int rotation_degrees_;
  double time_s_ = 0;
  mutable RgbConverter converter_;
};

}  // namespace rppg::video
