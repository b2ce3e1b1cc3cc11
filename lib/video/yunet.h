/// Face detection with the YuNet network (Wu et al. 2023), run by OpenCV's dnn.
#pragma once

#include <filesystem>
#include <memory>

#include "video/face.h"

namespace rppg::video {

/// A network with the heads of March 2023 (cls, obj, bbox for strides 8, 16, 32) and a fixed input
/// of 320 or 640 pixels. Run and decoded here, since the class that OpenCV has for it takes these
/// networks from its version 4.8 on only. Throws Error: missing (no such file), malformed (no ONNX
/// network, or one that the linked OpenCV cannot run; found out by a trial run).
std::unique_ptr<FaceDetector> make_yunet_detector(const std::filesystem::path& model);

}  // namespace rppg::video
