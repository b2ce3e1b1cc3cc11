#include "video/resize.h"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "video/opencv_setup.h"

namespace rppg::video {
namespace {

/// OpenCV's header for pixels that it must not write to.
cv::Mat view(const std::vector<std::uint8_t>& pixels, int width, int height, int type) {
  return {height, width, type, const_cast<std::uint8_t*>(pixels.data())};
}

std::vector<std::uint8_t> resized(const cv::Mat& source, int width, int height) {
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width) * height * source.elemSize());
  cv::Mat target(height, width, source.type(), pixels.data());
  set_up_opencv();
  cv::resize(source, target, target.size(), 0, 0, cv::INTER_AREA);
  return pixels;
}

}  // namespace

Image resize_area(const Image& image, int width, int height) {
  return {width, height,
          resized(view(image.rgb, image.width, image.height, CV_8UC3), width, height)};
}

GrayImage resize_area(const GrayImage& image, int width, int height) {
  return {width, height,
          resized(view(image.gray, image.width, image.height, CV_8UC1), width, height)};
}

}  // namespace rppg::video
