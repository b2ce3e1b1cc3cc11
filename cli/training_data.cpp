#include "cli/training_data.h"

#include <string>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/batch.h"
#include "io/hash.h"

namespace rppg::cli {
namespace {

/// Puts one recording into the videos; what validation needs of it, without entry.
training::ValidationRecording read_video(const Item& item, const RecordingReader& reader,
                                         std::size_t min_frames, std::size_t place,
                                         data::FaceVideos& videos) {
  Reading reading = reader.read(item, true);
  data::Aligned& aligned = reading.aligned;
  const std::size_t frames = aligned.frame_time_s.size();
  if (frames < min_frames) {
    throw Error(Status::malformed, item.recording.video.file,
                concat("too short: ", frames, " frames with labels, a clip has ", min_frames));
  }
  training::ValidationRecording recording;
  recording.session = item.recording.session;
  recording.view = item.recording.view;
  recording.state = item.recording.state;
  recording.face_coverage = reading.clip.face_coverage();
  videos.set(place, data::face_video(item.recording, std::move(reading.clip), aligned,
                                     videos.format().frame_size));
  recording.frame_time_s = std::move(aligned.frame_time_s);
  recording.start_s = aligned.start_s;
  recording.reference = std::move(aligned.reference);
  return recording;
}

}  // namespace

std::vector<training::ValidationRecording> read_videos(const std::vector<Item>& items,
                                                       const RecordingReader& reader,
                                                       std::size_t min_frames, int jobs,
                                                       bool fail_fast, std::string_view label,
                                                       data::FaceVideos& videos) {
  const auto key_of = [&](const Item& item) {
    return io::sha256(concat("frames ", version(), " ", reader.key(item)));
  };
  std::vector<training::ValidationRecording> recordings(items.size());
  const auto entries = read_batch(
      items, {std::string(label), jobs, fail_fast}, key_of,
      [&](std::size_t i) { recordings[i] = read_video(items[i], reader, min_frames, i, videos); });
  for (std::size_t i = 0; i < items.size(); ++i) recordings[i].entry = entries[i];
  return recordings;
}

}  // namespace rppg::cli
