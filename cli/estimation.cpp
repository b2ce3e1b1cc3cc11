#include "cli/estimation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "base/version.h"
#include "classical/method.h"
#include "cli/run.h"
#include "cli/settings.h"
#include "io/hash.h"
#include "signal/quality.h"

namespace rppg::cli {
namespace {

/// Part of every key: a new number makes earlier results unused.
constexpr int result_version = 1;
constexpr int reference_crop_size = 72;
/// Frames that may be damaged or missing before a recording counts as damaged.
constexpr std::int64_t tolerated_frames = 2;
constexpr double tolerated_share = 0.01;

std::vector<std::string> method_names() {
  std::vector<std::string> names;
  for (const classical::Method& method : classical::methods()) names.emplace_back(method.name);
  return names;
}

std::vector<std::string> protocol_names() {
  std::vector<std::string> names;
  for (const results::Protocol& protocol : results::protocols()) names.push_back(protocol.name);
  return names;
}

std::vector<std::string> estimator_names() {
  using signal::HeartRateEstimator;
  std::vector<std::string> names;
  for (const auto estimator :
       {HeartRateEstimator::fft, HeartRateEstimator::fft_interpolated, HeartRateEstimator::welch,
        HeartRateEstimator::hann_padded, HeartRateEstimator::peaks}) {
    names.emplace_back(name(estimator));
  }
  return names;
}

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

/// The method's waveform. Throws Error naming the video.
std::vector<double> extract(const classical::Method& method, const RgbTrace& trace,
                            const std::filesystem::path& file) {
  try {
    return method.extract(trace);
  } catch (const Error& error) {
    throw Error(error.status(), file, error.what());
  }
}

void copy_face(const video::Clip& clip, results::RecordingResult& result) {
  result.face_time_s = clip.time_s;
  for (std::size_t t = 0; t < clip.time_s.size(); ++t) {
    const video::Box& box = clip.boxes[t];
    result.face_box.push_back({box.x, box.y, box.width, box.height});
    result.face_state.push_back(static_cast<std::uint8_t>(clip.states[t]));
  }
}

void copy_facts(const video::Clip& clip, const data::Aligned& aligned,
                results::RecordingResult& result) {
  const video::StreamInfo& info = clip.info;
  result.texts.insert({{"container", info.container},
                       {"codec", info.codec},
                       {"pixel_format", info.pixel_format},
                       {"color_range", info.color_range},
                       {"color_matrix", info.color_matrix}});
  const data::FrameTiming& timing = aligned.timing;
  result.numbers.insert({{"width", info.width},
                         {"height", info.height},
                         {"rotation_degrees", info.rotation_degrees},
                         {"frames", static_cast<double>(clip.summary.frames)},
                         {"frames_damaged", static_cast<double>(clip.summary.damaged)},
                         {"frame_rate_nominal_hz", timing.nominal_rate_hz},
                         {"frame_rate_mean_hz", timing.mean_rate_hz},
                         {"frame_interval_min_s", timing.min_interval_s},
                         {"frame_interval_max_s", timing.max_interval_s},
                         {"frame_stamps_repeated", static_cast<double>(timing.repeated)},
                         {"frame_gaps", static_cast<double>(timing.gaps)},
                         {"face_coverage", clip.face_coverage()}});
  if (!aligned.reference.samples.empty()) {
    result.numbers.insert({{"label_rate_hz", aligned.clocks.label_rate_hz},
                           {"label_start_offset_s", aligned.clocks.start_offset_s},
                           {"label_end_offset_s", aligned.clocks.end_offset_s}});
  }
}

/// Recordings at the same time and decoder threads of each.
struct ThreadPlan {
  int jobs = 1;
  int decoder_threads = 1;
};

ThreadPlan plan_threads(const CommonOptions& common, int jobs, std::size_t items) {
  const int threads = thread_count(common);
  ThreadPlan plan;
  plan.jobs = std::max(
      1, std::min(jobs > 0 ? jobs : threads, static_cast<int>(std::min<std::size_t>(items, 1024))));
  plan.decoder_threads = std::max(1, threads / plan.jobs);
  return plan;
}

}  // namespace

void declare_method_option(CLI::App& app, EstimationOptions& options) {
  app.add_option("--method", options.method, "Classical method")
      ->check(CLI::IsMember(method_names()))
      ->capture_default_str()
      ->type_name("NAME");
}

void declare_protocol_options(CLI::App& app, EstimationOptions& options) {
  app.add_option("--protocol", options.protocol, "Evaluation protocol (docs/methods.md)")
      ->check(CLI::IsMember(protocol_names()))
      ->capture_default_str()
      ->type_name("NAME");
  app.add_option("--window", options.window_seconds,
                 "Score windows of so many seconds instead of the protocol's; 0 = whole recording")
      ->check(number_between(0, 86400))
      ->type_name("SECONDS");
  app.add_option("--estimator", options.estimator, "Heart-rate estimator instead of the protocol's")
      ->check(CLI::IsMember(estimator_names()))
      ->type_name("NAME");
}

void declare_estimation_options(CLI::App& app, EstimationOptions& options) {
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
  app.add_option("--jobs", options.jobs, "Recordings at the same time; 0 = as many as threads")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
}

results::Protocol protocol_of(const EstimationOptions& options) {
  results::Protocol protocol = results::find_protocol(options.protocol);
  if (options.window_seconds >= 0) {
    protocol.window_seconds = options.window_seconds;
    protocol.name += concat("+window=", options.window_seconds);
  }
  if (!options.estimator.empty()) {
    protocol.estimator = signal::find_estimator(options.estimator);
    protocol.name += concat("+estimator=", options.estimator);
  }
  return protocol;
}

Estimator::Estimator(const EstimationOptions& options, int decoder_threads)
    : options_(options),
      protocol_(protocol_of(options)),
      on_no_face_(options.on_no_face.empty() ? (protocol_.reference_crops ? "fullframe" : "fail")
                                             : options.on_no_face),
      decoder_threads_(decoder_threads),
      cache_(options.cache) {
  classical::find_method(options.method);
  video::require_face_detector(clip_options().face);
  const bool by_index =
      options.alignment.empty() ? protocol_.index_alignment : options.alignment == "index";
  alignment_.alignment = by_index ? data::Alignment::index : data::Alignment::timestamps;
}

video::ClipOptions Estimator::clip_options() const {
  video::ClipOptions clip;
  clip.reader.threads = decoder_threads_;
  clip.reader.timeout_seconds = options_.timeout_seconds;
  clip.face.detector = options_.detector;
  clip.face.full_frame_fallback = on_no_face_ == "fullframe";
  if (protocol_.reference_crops) {
    clip.face.schedule = video::FaceSchedule::first_frame;
    clip.face.reference_pipeline = true;
    clip.crop_size = reference_crop_size;
    clip.mean_of_crop = true;
    clip.keep_crops = false;
  }
  return clip;
}

std::string Estimator::key(const Item& item) const {
  const data::Recording& recording = item.recording;
  std::string inputs =
      concat("result ", result_version, " ", version(), " ", recording.id, " ", recording.subject,
             " ", recording.start_s, " ", recording.stop_s, " ", recording.rate_hz);
  if (recording.video.images.empty()) {
    inputs += concat(" ", io::fingerprint(recording.video.file));
  }
  for (const auto& image : recording.video.images) {
    inputs += concat(" ", image.filename().string(), " ", io::fingerprint(image));
  }
  for (const std::string& file : {recording.labels.string(), recording.frame_times}) {
    if (!file.empty()) inputs += concat(" ", io::fingerprint(file));
  }
  return io::sha256(concat(inputs, " ", options_.method, " ", results::protocol_hash(protocol_),
                           " ", name(alignment_.alignment), " ", options_.detector, " ",
                           on_no_face_, " ", options_.min_face_coverage, " ",
                           options_.allow_damaged));
}

void Estimator::require_sound(const video::Clip& clip, const std::filesystem::path& file) const {
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

void Estimator::require_face(const video::Clip& clip, const std::filesystem::path& file) const {
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

results::RecordingResult Estimator::run(const Item& item, bool with_labels) const {
  const data::Recording& recording = item.recording;
  const std::filesystem::path& file = recording.video.file;
  data::Labels labels;
  if (with_labels) labels = item.layout->read_labels(recording);
  if (!recording.sha256.empty() && io::sha256_file(file) != recording.sha256) {
    throw Error(Status::malformed, file, "checksum differs from the manifest's");
  }

  video::Clip clip = cache_.read(recording.video, clip_options());
  require_sound(clip, file);
  cut(recording, clip, labels);
  require_face(clip, file);

  const double rate = recording.rate_hz > 0 ? recording.rate_hz : clip.info.nominal_rate_hz;
  const data::Aligned aligned = data::align(recording, clip.time_s, clip.mean_rgb, rate,
                                            with_labels ? &labels : nullptr, alignment_);
  results::RecordingResult result{.id = recording.id,
                                  .dataset = recording.dataset,
                                  .subject = recording.subject,
                                  .session = recording.session,
                                  .view = recording.view,
                                  .state = recording.state};
  result.start_s = aligned.start_s;
  result.prediction = {extract(classical::find_method(options_.method), aligned.trace, file),
                       aligned.trace.rate_hz};
  result.reference = aligned.reference;
  result.score = with_labels ? results::score(result.prediction, aligned.reference, protocol_)
                             : results::score(result.prediction, protocol_);
  const Waveform filtered{result.score.prediction_filtered, result.prediction.rate_hz};
  result.quality = signal::quality(filtered, protocol_.band).index;
  result.heart_rate_bpm = signal::heart_rate_bpm(filtered, protocol_.estimator, protocol_.band);
  if (!with_labels && result.quality < signal::pulse_threshold) {
    result.status = "no_pulse";
    result.heart_rate_bpm = std::numeric_limits<double>::quiet_NaN();
  }
  result.texts = {{"method", options_.method},
                  {"detector", options_.detector.substr(0, options_.detector.find(':'))},
                  {"alignment", std::string(name(alignment_.alignment))},
                  {"protocol", protocol_.name},
                  {"protocol_hash", results::protocol_hash(protocol_)}};
  copy_face(clip, result);
  copy_facts(clip, aligned, result);
  return result;
}

Status estimate(const std::vector<Item>& all, const EstimationOptions& options,
                const CommonOptions& common, std::string_view label, bool with_labels,
                const Finish& finish) {
  const std::vector<Item> items = items_of_shard(all, common);
  const ThreadPlan plan = plan_threads(common, options.jobs, items.size());
  const Estimator estimator(options, plan.decoder_threads);
  if (common.dry_run) return print_plan(items, common);

  results::RunFolder folder(common.out, open_mode(common));
  const bool complete = run_batch(
      items, folder, {std::string(label), plan.jobs, common.fail_fast},
      [&](const Item& item) { return estimator.key(item); },
      [&](const Item& item) { return estimator.run(item, with_labels); });
  return finish(folder, estimator.protocol(), complete);
}

std::map<std::string, std::string> hashes_of(const std::vector<Item>& all,
                                             const results::Protocol& protocol) {
  return {{"selection", selection_digest(all)}, {"protocol", results::protocol_hash(protocol)}};
}

}  // namespace rppg::cli
