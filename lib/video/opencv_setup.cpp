#include "video/opencv_setup.h"

#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>

namespace rppg::video {

void set_up_opencv() {
  [[maybe_unused]] static const bool done = [] {
    cv::setNumThreads(1);
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
    return true;
  }();
}

}  // namespace rppg::video
