/// An RGB image in memory as a Frame.
#pragma once

#include "video/reader.h"

namespace rppg::video {

class ImageFrame final : public Frame {
 public:
  ImageFrame() = default;
  explicit ImageFrame(Image image, double time_s = 0);

  double time_s() const override { return time_s_; }
  int width() const override { return image_.width; }
  int height() const override { return image_.height; }
  using Frame::rgb;
  Image rgb(const Box& box) const override;
  std::array<double, 3> mean_rgb(const Box& box) const override;
  GrayImage luma(int max_side, int& scale) const override;

 private:
  Image image_;
  double time_s_ = 0;
};

/// The part of image inside box, which must lie within it.
Image cut(const Image& image, const Box& box);

/// Means of R, G, B over the whole image.
std::array<double, 3> mean_rgb(const Image& image);

}  // namespace rppg::video
