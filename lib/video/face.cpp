#include "video/face.h"

#include "base/error.h"
#include "base/text.h"
#include "video/haar.h"
#include "video/yunet.h"

namespace rppg::video {
namespace {

constexpr std::string_view yunet_prefix = "yunet:";

class WholeFrame final : public FaceDetector {
 public:
  std::vector<Box> detect(const Frame& frame) override {
    return {{0, 0, frame.width(), frame.height()}};
  }
};

}  // namespace

std::vector<Box> FaceDetector::detect_near(const Frame& frame, const Box& /*last*/) {
  return detect(frame);
}

std::unique_ptr<FaceDetector> make_face_detector(const FaceOptions& options) {
  const std::string_view name = options.detector;
  if (name == "none") return std::make_unique<WholeFrame>();
  if (name == "haar") {
    return options.reference_pipeline ? make_reference_haar_detector() : make_haar_detector();
  }
  if (name.substr(0, yunet_prefix.size()) == yunet_prefix) {
    return make_yunet_detector(name.substr(yunet_prefix.size()));
  }
  throw Error(Status::usage,
              concat("unknown face detector '", name, "': use haar, yunet:FILE.onnx or none"));
}

void require_face_detector(const FaceOptions& options) {
  if (options.detector == "haar") {
    require_haar_cascades();
  } else {
    make_face_detector(options);
  }
}

}  // namespace rppg::video
