#include "cli/training_data.h"

#include <string>
#include <utility>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/batch.h"
#include "io/hash.h"

namespace rppg::cli {
namespace {

using results::Outcome;

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
  Progress progress(label, items.size());
  parallel_for(items.size(), jobs, [&](std::size_t i) {
    if (stop_requested()) throw Error(Status::interrupted, "stopped on request");
    training::ValidationRecording recording;
    results::LedgerEntry entry = attempt(items[i], key_of, [&](const std::string&) {
      recording = read_video(items[i], reader, min_frames, i, videos);
      return Outcome::ok;
    });
    if (fail_fast && entry.outcome == Outcome::failed) {
      throw Error(Status::malformed, concat(entry.id, ": stopped at the first failure"));
    }
    progress.advance(describe(entry));
    recordings[i] = std::move(recording);
    recordings[i].entry = std::move(entry);
  });
  return recordings;
}

}  // namespace rppg::cli
