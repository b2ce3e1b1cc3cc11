#include "video/yunet.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "video/opencv_setup.h"

namespace rppg::video {
namespace {

constexpr float score_threshold = 0.7F;
constexpr float overlap_threshold = 0.3F;
constexpr std::size_t model_limit_bytes = std::size_t{64} << 20;
/// Input sides of published networks, the finer one first: smaller faces are found.
constexpr std::array<int, 2> input_sides{640, 320};
constexpr std::array<int, 3> strides{8, 16, 32};

/// Rectangles in network pixels and their scores.
struct Candidates {
  std::vector<cv::Rect2d> boxes;
  std::vector<float> scores;
};

/// One head of the network: a cell of `stride` pixels predicts one face, its centre relative to the
/// cell, its size as a logarithm, and two probabilities whose geometric mean is the score.
struct Head {
  int stride;
  cv::Mat classes;   ///< (1, cells, 1)
  cv::Mat objects;   ///< (1, cells, 1)
  cv::Mat geometry;  ///< (1, cells, 4)
};

void collect(const Head& head, int side, Candidates& found) {
  const int columns = side / head.stride;
  const double stride = head.stride;
  const auto* classes = head.classes.ptr<float>();
  const auto* objects = head.objects.ptr<float>();
  const auto* geometry = head.geometry.ptr<float>();
  for (int cell = 0; cell < columns * columns; ++cell, geometry += 4) {
    const float score =
        std::sqrt(std::clamp(classes[cell], 0.0F, 1.0F) * std::clamp(objects[cell], 0.0F, 1.0F));
    if (!(score >= score_threshold)) continue;
    const int column = cell % columns;
    const int row = cell / columns;
    const double x = (column + double{geometry[0]}) * stride;
    const double y = (row + double{geometry[1]}) * stride;
    const double width = std::exp(double{geometry[2]}) * stride;
    const double height = std::exp(double{geometry[3]}) * stride;
    found.boxes.emplace_back(x - width / 2, y - height / 2, width, height);
    found.scores.push_back(score);
  }
}

class YunetDetector final : public FaceDetector {
 public:
  explicit YunetDetector(const std::filesystem::path& model) {
    set_up_opencv();
    read_file(model, model_limit_bytes);  // a missing or endless file has its own error
    std::string reason;
    try {
      network_ = cv::dnn::readNetFromONNX(model.string());
    } catch (const cv::Exception& error) {
      reason = error.err;
    }
    for (const int side : input_sides) {
      if (network_.empty() || side_ != 0) break;
      try {
        search(cv::Mat::zeros(side, side, CV_8UC3));
        side_ = side;
      } catch (const cv::Exception& error) {
        reason = error.err;
      }
    }
    if (side_ != 0) return;
    throw Error(Status::malformed, model,
                concat("not a YuNet network of 2023 (12 outputs, fixed input size) that OpenCV ",
                       cv::getVersionString(), " can run: ", reason));
  }

  std::vector<Box> detect(const Frame& frame) override {
    Image image = frame.rgb();
    const double scale =
        std::min(1.0, side_ / static_cast<double>(std::max(image.width, image.height)));
    const auto reduced = [&](int side) {
      return std::max(1, static_cast<int>(std::lround(scale * side)));
    };
    const cv::Mat rgb(image.height, image.width, CV_8UC3, image.rgb.data());
    cv::Mat canvas = cv::Mat::zeros(side_, side_, CV_8UC3);
    cv::Mat used = canvas(cv::Rect(0, 0, reduced(image.width), reduced(image.height)));
    cv::resize(rgb, used, used.size(), 0, 0, cv::INTER_AREA);
    cv::cvtColor(canvas, canvas, cv::COLOR_RGB2BGR);
    return boxes(search(canvas), scale, frame);
  }

 private:
  /// canvas: square, B, G, R. Throws cv::Exception when the network does not fit it.
  Candidates search(const cv::Mat& canvas) {
    std::vector<std::string> names;
    for (const int stride : strides) {
      for (const char* kind : {"cls_", "obj_", "bbox_"}) names.push_back(concat(kind, stride));
    }
    network_.setInput(cv::dnn::blobFromImage(canvas));
    std::vector<cv::Mat> outputs;
    network_.forward(outputs, names);
    Candidates found;
    for (std::size_t i = 0; i < strides.size(); ++i) {
      const Head head{strides[i], outputs[3 * i], outputs[3 * i + 1], outputs[3 * i + 2]};
      const auto cells = static_cast<std::size_t>(canvas.cols / head.stride) *
                         static_cast<std::size_t>(canvas.rows / head.stride);
      CV_Assert(head.classes.total() == cells && head.objects.total() == cells &&
                head.geometry.total() == 4 * cells);
      collect(head, canvas.cols, found);
    }
    return found;
  }

  static std::vector<Box> boxes(const Candidates& found, double scale, const Frame& frame) {
    std::vector<int> kept;
    cv::dnn::NMSBoxes(found.boxes, found.scores, score_threshold, overlap_threshold, kept);
    std::vector<Box> result;
    const auto pixels = [&](double side) { return static_cast<int>(std::lround(side / scale)); };
    for (const int i : kept) {
      const cv::Rect2d& face = found.boxes[static_cast<std::size_t>(i)];
      const Box box =
          intersect({pixels(face.x), pixels(face.y), pixels(face.width), pixels(face.height)},
                    frame.width(), frame.height());
      if (!box.empty()) result.push_back(box);
    }
    std::sort(result.begin(), result.end(), [](const Box& a, const Box& b) {
      return std::tuple(b.width * b.height, a.y, a.x) < std::tuple(a.width * a.height, b.y, b.x);
    });
    return result;
  }

  cv::dnn::Net network_;
  int side_ = 0;  ///< of the input, in pixels
};

}  // namespace

std::unique_ptr<FaceDetector> make_yunet_detector(const std::filesystem::path& model) {
  return std::make_unique<YunetDetector>(model);
}

}  // namespace rppg::video
