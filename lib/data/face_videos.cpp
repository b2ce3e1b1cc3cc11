#include "data/face_videos.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace rppg::data {
namespace {

std::size_t values_per_frame(int frame_size) {
  const auto side = static_cast<std::size_t>(frame_size);
  return 3 * side * side;
}

}  // namespace

FaceVideo face_video(const Recording& recording, video::Clip&& clip, const Aligned& aligned,
                     int frame_size) {
  FaceVideo face{recording.id, frame_size, std::move(clip.crops), aligned.frame_label,
                 aligned.trace.rate_hz};
  const std::size_t begin = aligned.first_frame * face.frame_bytes();
  const std::size_t end = begin + aligned.frame_time_s.size() * face.frame_bytes();
  if (face.frames.size() != clip.time_s.size() * face.frame_bytes() || end > face.frames.size()) {
    throw std::logic_error("face_video: the clip has no crops of this size");
  }
  face.frames.resize(end);
  face.frames.erase(face.frames.begin(), face.frames.begin() + static_cast<std::ptrdiff_t>(begin));
  return face;
}

FaceVideos::FaceVideos(const std::filesystem::path& folder, const VideoFormat& format,
                       std::size_t count)
    : format_(format),
      frame_values_(values_per_frame(format.frame_size)),
      file_(folder),
      entries_(count) {}

void FaceVideos::set(std::size_t place, const FaceVideo& video) {
  if (video.frame_size != format_.frame_size) throw std::logic_error("FaceVideos: frame size");
  Entry& entry = entries_.at(place);
  entry.id = video.id;
  entry.frames = video.frames.size() / frame_values_;
  entry.rate_hz = video.rate_hz;
  entry.labels = scale_labels(format_.label, video.labels);
  entry.scale = measure_scale(format_.video, video.frames, frame_values_);
  entry.offset = file_.append(video.frames);
}

void FaceVideos::read(const Entry& entry, std::size_t first, std::span<std::uint8_t> scratch,
                      std::span<float> scaled) const {
  const std::size_t frames = scaled.size() / frame_values_;
  if (first + frames > entry.frames || scratch.size() < scratch_bytes(frames)) {
    throw std::logic_error("FaceVideos: frames out of range");
  }
  // Differences need the frame that follows.
  const std::size_t wanted = std::min(frames + 1, entry.frames - first);
  const std::span<std::uint8_t> bytes = scratch.first(wanted * frame_values_);
  file_.read(entry.offset + first * frame_values_, bytes);
  scale_frames(entry.scale, bytes, frame_values_, scaled);
}

}  // namespace rppg::data
