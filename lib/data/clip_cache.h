/// Clips (face boxes, mean colours, crops) kept on disk, so that no run decodes a video twice.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "video/clip.h"

namespace rppg::data {

/// A folder of clips, each under the digest of the video's whole content and of all parameters that
/// shape it. Files appear atomically, and a lock per clip keeps concurrent processes from making
/// the same one twice; the folder may be shared by any number of runs and removed at any time.
class ClipCache {
 public:
  /// An empty path stands for no cache: every read decodes. Throws Error(cannot_create).
  explicit ClipCache(std::filesystem::path folder);

  /// As video::read_clip. A cached file that is damaged is made anew.
  video::Clip read(const video::VideoSource& source, const video::ClipOptions& options) const;

 private:
  std::string content_digest(const std::vector<std::filesystem::path>& files) const;

  std::filesystem::path folder_;
};

}  // namespace rppg::data
