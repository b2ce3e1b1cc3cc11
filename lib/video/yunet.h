/// Face detection with the YuNet network (Wu et al. 2023), run by OpenCV.
#pragma once

#include <filesystem>
#include <memory>

#include "video/face.h"

namespace rppg::video {

/// The network of OpenCV's model zoo that fits the linked version: of March 2022 before OpenCV 4.8,
/// of March 2023 since. Throws Error: missing (no such file), malformed (no ONNX network, or one
/// that this version of OpenCV cannot run; found out by a trial run).
std::unique_ptr<FaceDetector> make_yunet_detector(const std::filesystem::path& model);

}  // namespace rppg::video
