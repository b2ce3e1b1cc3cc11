/// What a Reader stands on: a video file or a sequence of images.
#pragma once

#include <memory>

#include "video/reader.h"

namespace rppg::video {

class FrameSource {
 public:
  virtual ~FrameSource() = default;

  /// As Reader::next().
  virtual bool next() = 0;
  virtual const Frame& frame() const = 0;

  const StreamInfo& info() const { return info_; }
  const ReadSummary& summary() const { return summary_; }

 protected:
  void note_problem(const std::string& problem) {
    if (summary_.first_problem.empty()) summary_.first_problem = problem;
  }

  StreamInfo info_;
  ReadSummary summary_;
};

/// Throw as Reader's constructor does.
std::unique_ptr<FrameSource> open_video_file(const std::filesystem::path& file,
                                             const ReaderOptions& options);
std::unique_ptr<FrameSource> open_image_sequence(const VideoSource& source,
                                                 const ReaderOptions& options);

}  // namespace rppg::video
