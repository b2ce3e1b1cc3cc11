#include "cli/reading.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/batch.h"
#include "cli/settings.h"
#include "io/hash.h"

namespace rppg::cli {
namespace {

constexpr int reference_crop_size = 72;
/// Frames that may be damaged or missing before a recording counts as damaged.
constexpr std::int64_t tolerated_frames = 2;
constexpr double tolerated_share = 0.01;

std::string percent(double share) { return concat(format_fixed(100 * share, 1), " %"); }

/// Keeps the elements at these indices; of a shorter vector those it has.
template <typename T>
void keep(std::vector<T>& values, const std::vector<std::size_t>& indices) {
  std::vector<T> kept;
  for (const std::size_t i : indices) {
    if (i < values.size()) kept.push_back(values[i]);
  }
  values = std::move(kept);
}

/// The same for the crops, of equal size each.
void keep_crops(video::Clip& clip, std::size_t frames_before,
                const std::vector<std::size_t>& indices) {
  const std::size_t bytes = clip.crops.size() / frames_before;
  std::vector<std::uint8_t> kept;
  for (const std::size_t i : indices) {
    const auto begin = clip.crops.begin() + static_cast<std::ptrdiff_t>(i * bytes);
    kept.insert(kept.end(), begin, begin + static_cast<std::ptrdiff_t>(bytes));
  }
  clip.crops = std::move(kept);
}

/// Cuts clip and labels to the frames in [start_s, stop_s) of the manifest.
void cut(const data::Recording& recording, video::Clip& clip, data::Labels& labels) {
  if (recording.start_s <= 0 && recording.stop_s <= 0) return;
  const double stop = recording.stop_s > 0 ? recording.stop_s : std::numeric_limits<double>::max();
  std::vector<std::size_t> frames;
  for (std::size_t t = 0; t < clip.time_s.size(); ++t) {
    if (clip.time_s[t] >= recording.start_s && clip.time_s[t] < stop) frames.push_back(t);
  }
  if (frames.empty()) {
    throw Error(Status::malformed, recording.video.file,
                concat("no frame between ", recording.start_s, " s and ", recording.stop_s, " s"));
  }
  keep_crops(clip, clip.time_s.size(), frames);
  keep(clip.time_s, frames);
  keep(clip.mean_rgb, frames);
  keep(clip.boxes, frames);
  keep(clip.states, frames);
  keep(labels.frame_time_s, frames);
  if (labels.per_frame) {
    keep(labels.time_s, frames);
    keep(labels.ppg, frames);
  }
}

}  // namespace

void declare_alignment_option(CLI::App& app, ReadingOptions& options) {
  app.add_option(
         "--alignment", options.alignment,
         "Frames and labels by their time stamps or by index (default: as the protocol says)")
      ->check(CLI::IsMember({"timestamps", "index"}))
      ->type_name("MODE");
}

void declare_reading_options(CLI::App& app, ReadingOptions& options) {
  app.add_option("--detector", options.detector, "Face detector: haar, yunet:FILE.onnx or none")
      ->capture_default_str()
      ->type_name("NAME");
  app.add_option(
         "--on-no-face", options.on_no_face,
         "When no face is found, or in too few frames: fail, skip, hold the last box, or use "
         "the fullframe (default: fail; reference-pipeline protocols: fullframe)")
      ->check(CLI::IsMember({"fail", "skip", "hold", "fullframe"}))
      ->type_name("POLICY");
  app.add_option("--min-face-coverage", options.min_face_coverage,
                 "Share of frames whose face must be found, for fail and skip")
      ->check(number_between(0, 1))
      ->capture_default_str()
      ->type_name("SHARE");
  app.add_flag("--allow-damaged", options.allow_damaged,
               "Use what can be decoded of truncated or damaged videos");
  app.add_option("--timeout", options.timeout_seconds, "Longest time for one video; 0 = none")
      ->check(number_between(0, 1e6))
      ->type_name("SECONDS");
  app.add_option("--cache", options.cache,
                 "Folder that keeps face tracks and colours for later runs")
      ->type_name("DIR");
}

RecordingReader::RecordingReader(const ReadingOptions& options, const results::Protocol& protocol,
                                 const models::InputFormat* input, int decoder_threads)
    : options_(options),
      reference_crops_(protocol.reference_crops),
      crop_size_(input != nullptr ? static_cast<int>(input->frame_size) : 0),
      clip_frames_(input != nullptr && protocol.whole_clips
                       ? static_cast<std::size_t>(input->clip_frames)
                       : 0),
      on_no_face_(options.on_no_face.empty() ? (protocol.reference_crops ? "fullframe" : "fail")
                                             : options.on_no_face),
      decoder_threads_(decoder_threads),
      cache_(options.cache) {
  video::require_face_detector(clip_options().face);
  const bool by_index =
      options.alignment.empty() ? protocol.index_alignment : options.alignment == "index";
  alignment_.alignment = by_index ? data::Alignment::index : data::Alignment::timestamps;
}

video::ClipOptions RecordingReader::clip_options() const {
  video::ClipOptions clip;
  clip.reader.threads = decoder_threads_;
  clip.reader.timeout_seconds = options_.timeout_seconds;
  clip.face.detector = options_.detector;
  clip.face.full_frame_fallback = on_no_face_ == "fullframe";
  if (reference_crops_) {
    clip.face.schedule = video::FaceSchedule::first_frame;
    clip.face.reference_pipeline = true;
  }
  clip.keep_crops = crop_size_ > 0;
  clip.crop_size = crop_size_ > 0 ? crop_size_ : reference_crops_ ? reference_crop_size : 0;
  clip.mean_of_crop = clip.crop_size > 0;
  return clip;
}

std::string RecordingReader::key(const Item& item) const {
  const data::Recording& recording = item.recording;
  std::string text = concat(recording.id, " ", recording.subject, " ", recording.start_s, " ",
                            recording.stop_s, " ", recording.rate_hz);
  text += concat(" ", io::fingerprint(recording.video.files()));
  for (const std::string& file : {recording.labels.string(), recording.frame_times}) {
    if (!file.empty()) text += concat(" ", io::fingerprint(file));
  }
  return concat(text, " ", name(alignment_.alignment), " ", options_.detector, " ", on_no_face_,
                " ", options_.min_face_coverage, " ", options_.allow_damaged, " ", reference_crops_,
                " ", crop_size_, " ", clip_frames_);
}

void RecordingReader::require_sound(const video::Clip& clip,
                                    const std::filesystem::path& file) const {
  const video::ReadSummary& summary = clip.summary;
  const std::int64_t declared = clip.info.frames.value_or(summary.frames);
  const std::int64_t missing = std::max<std::int64_t>(0, declared - summary.frames);
  const std::int64_t bad = std::max(summary.damaged, summary.packet_errors) + missing;
  const auto tolerated = std::max<std::int64_t>(
      tolerated_frames, static_cast<std::int64_t>(tolerated_share * static_cast<double>(declared)));
  const bool cut_off = summary.truncated && missing > tolerated_frames;
  if (!cut_off && bad <= tolerated) return;
  const std::string what =
      cut_off ? concat("truncated: decoded ", summary.frames, " of ", declared, " frames")
              : concat("damaged: ", bad, " of ", declared, " frames");
  if (!options_.allow_damaged) {
    throw Error(Status::malformed, file,
                concat(what, summary.first_problem.empty() ? "" : ": ", summary.first_problem));
  }
  log::warning(concat(file.string(), ": ", what));
}

void RecordingReader::require_face(const video::Clip& clip,
                                   const std::filesystem::path& file) const {
  if (options_.detector == "none") return;
  const auto has_box = [](video::FaceState state) { return state != video::FaceState::missing; };
  const bool any = std::any_of(clip.states.begin(), clip.states.end(), has_box);
  if (any && (on_no_face_ == "hold" || on_no_face_ == "fullframe")) return;
  const double coverage = clip.face_coverage();
  if (any && coverage >= options_.min_face_coverage) return;
  const std::string reason =
      any ? concat("face found in only ", percent(coverage), " of the frames")
          : concat("no face found in ", clip.time_s.size(), " frames");
  if (on_no_face_ == "skip") throw Skipped{concat(file.string(), ": ", reason)};
  throw Error(Status::malformed, file, reason);
}

Reading RecordingReader::read(const Item& item, bool with_labels) const {
  const data::Recording& recording = item.recording;
  const std::filesystem::path& file = recording.video.file;
  Reading reading;
  if (with_labels) reading.labels = item.layout->read_labels(recording);
  if (!recording.sha256.empty() && io::sha256_file(file) != recording.sha256) {
    throw Error(Status::malformed, file, "checksum differs from the manifest's");
  }
  video::Clip& clip = reading.clip;
  clip = cache_.read(recording.video, clip_options());
  require_sound(clip, file);
  cut(recording, clip, reading.labels);
  require_face(clip, file);
  const double rate = recording.rate_hz > 0 ? recording.rate_hz : clip.info.nominal_rate_hz;
  reading.aligned = data::align(recording, clip.time_s, clip.mean_rgb, rate,
                                with_labels ? &reading.labels : nullptr, alignment_);
  if (clip_frames_ > 0) data::keep_whole_clips(reading.aligned, clip_frames_);
  return reading;
}

}  // namespace rppg::cli
