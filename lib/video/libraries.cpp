#include "video/libraries.h"

#include <opencv2/core.hpp>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libswscale/swscale.h>
}

#include "base/text.h"

namespace rppg::video {
namespace {

std::string dotted(unsigned version) {
  return concat(AV_VERSION_MAJOR(version), ".", AV_VERSION_MINOR(version), ".",
                AV_VERSION_MICRO(version));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> libraries() {
  return {{"FFmpeg", av_version_info()},
          {"libavformat", dotted(avformat_version())},
          {"libavcodec", dotted(avcodec_version())},
          {"libswscale", dotted(swscale_version())},
          {"OpenCV", cv::getVersionString()}};
}

}  // namespace rppg::video
