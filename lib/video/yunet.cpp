#include "video/yunet.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "video/opencv_setup.h"

namespace rppg::video {
namespace {

/// The network sees frames of this size; others are reduced into its top left corner.
constexpr int input_side = 320;
constexpr float score_threshold = 0.7F;
constexpr std::size_t model_limit_bytes = std::size_t{64} << 20;

class YunetDetector final : public FaceDetector {
 public:
  explicit YunetDetector(const std::filesystem::path& model) {
    set_up_opencv();
    read_file(model, model_limit_bytes);  // a missing or endless file has its own error
    try {
      network_ = cv::FaceDetectorYN::create(model.string(), "", cv::Size(input_side, input_side),
                                            score_threshold);
      search(cv::Mat::zeros(input_side, input_side, CV_8UC3));
    } catch (const cv::Exception& error) {
      throw Error(
          Status::malformed, model,
          concat("not a YuNet network that OpenCV ", cv::getVersionString(),
                 " can run (face_detection_yunet_2022mar.onnx before 4.8, 2023mar from 4.8 on): ",
                 error.err));
    }
  }

  std::vector<Box> detect(const Frame& frame) override {
    Image image = frame.rgb();
    const double scale =
        std::min(1.0, input_side / static_cast<double>(std::max(image.width, image.height)));
    const auto reduced = [&](int side) {
      return std::max(1, static_cast<int>(std::lround(scale * side)));
    };
    const cv::Mat rgb(image.height, image.width, CV_8UC3, image.rgb.data());
    cv::Mat canvas = cv::Mat::zeros(input_side, input_side, CV_8UC3);
    cv::Mat used = canvas(cv::Rect(0, 0, reduced(image.width), reduced(image.height)));
    cv::resize(rgb, used, used.size(), 0, 0, cv::INTER_AREA);
    cv::cvtColor(canvas, canvas, cv::COLOR_RGB2BGR);
    return boxes(search(canvas), scale, frame);
  }

 private:
  /// One row per face: x, y, width, height, five landmarks, score.
  cv::Mat search(const cv::Mat& canvas) {
    cv::Mat faces;
    network_->detect(canvas, faces);
    return faces;
  }

  static std::vector<Box> boxes(const cv::Mat& faces, double scale, const Frame& frame) {
    std::vector<Box> result;
    for (int i = 0; i < faces.rows; ++i) {
      const auto side = [&](int column) {
        return static_cast<int>(
            std::lround(static_cast<double>(faces.at<float>(i, column)) / scale));
      };
      const Box box =
          intersect({side(0), side(1), side(2), side(3)}, frame.width(), frame.height());
      if (!box.empty()) result.push_back(box);
    }
    std::sort(result.begin(), result.end(), [](const Box& a, const Box& b) {
      return std::tuple(b.width * b.height, a.y, a.x) < std::tuple(a.width * a.height, b.y, b.x);
    });
    return result;
  }

  cv::Ptr<cv::FaceDetectorYN> network_;
};

}  // namespace

std::unique_ptr<FaceDetector> make_yunet_detector(const std::filesystem::path& model) {
  return std::make_unique<YunetDetector>(model);
}

}  // namespace rppg::video
