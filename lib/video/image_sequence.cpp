// Frames of a sequence of image files; a file that cannot be read is counted and named, and its
// place in time stays empty.
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "video/container.h"
#include "video/frame_source.h"
#include "video/image_frame.h"
#include "video/still.h"

namespace rppg::video {
namespace {

double mean_rate(const std::vector<double>& times_s) {
  if (times_s.size() < 2 || times_s.back() <= times_s.front()) return 0;
  return static_cast<double>(times_s.size() - 1) / (times_s.back() - times_s.front());
}

class ImageSequence final : public FrameSource {
 public:
  ImageSequence(const VideoSource& source, const ReaderOptions& options)
      : source_(source), options_(options), watch_(options.timeout_seconds) {
    if (source.images.size() != source.image_times_s.size()) {
      throw Error(Status::malformed, source.file,
                  concat(source.images.size(), " images but ", source.image_times_s.size(),
                         " time stamps"));
    }
    info_.container = "images";
    info_.frames = static_cast<std::int64_t>(source.images.size());
    info_.nominal_rate_hz = mean_rate(source.image_times_s);
    ahead_ = load();
    if (!ahead_) {
      throw Error(Status::malformed, source.file,
                  concat("no image can be decoded: ", summary_.first_problem));
    }
    start_s_ = source.image_times_s[position_ - 1];
    frame_ = ImageFrame(std::move(still_.image), 0);
    describe();
  }

  bool next() override {
    if (!std::exchange(ahead_, false)) {
      if (!load()) return false;
      check_geometry();
      frame_ = ImageFrame(std::move(still_.image), source_.image_times_s[position_ - 1] - start_s_);
    }
    ++summary_.frames;
    return true;
  }

  const Frame& frame() const override { return frame_; }

 private:
  /// Decodes the next image that is whole into still_; false at the end.
  bool load() {
    while (position_ < source_.images.size()) {
      watch_.check(source_.file);
      const std::filesystem::path& file = source_.images[position_++];
      try {
        still_ = decode_still(file, read_file(file), options_.max_pixels);
        return true;
      } catch (const Error& error) {
        if (error.status() == Status::unavailable) throw;
        ++summary_.packet_errors;
        note_problem(error.what());
      }
    }
    return false;
  }

  void describe() {
    info_.codec = still_.codec;
    info_.pixel_format = still_.pixel_format;
    info_.color_range = still_.color_range;
    info_.color_matrix = still_.color_matrix;
    info_.width = frame_.width();
    info_.height = frame_.height();
  }

  void check_geometry() const {
    const Image& image = still_.image;
    if (image.width == info_.width && image.height == info_.height) return;
    throw Error(Status::malformed, source_.images[position_ - 1],
                concat("the size changes from ", info_.width, "x", info_.height, " to ",
                       image.width, "x", image.height));
  }

  VideoSource source_;
  ReaderOptions options_;
  Watch watch_;
  std::size_t position_ = 0;
  StillImage still_;
  ImageFrame frame_;
  double start_s_ = 0;
  bool ahead_ = false;  ///< frame_ holds the first image, which next() has not given yet
};

}  // namespace

std::unique_ptr<FrameSource> open_image_sequence(const VideoSource& source,
                                                 const ReaderOptions& options) {
  return std::make_unique<ImageSequence>(source, options);
}

}  // namespace rppg::video
