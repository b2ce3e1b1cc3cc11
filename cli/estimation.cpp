#include "cli/estimation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "base/version.h"
#include "classical/method.h"
#include "cli/run.h"
#include "cli/settings.h"
#include "data/face_videos.h"
#include "io/hash.h"
#include "signal/quality.h"
#include "training/inference.h"

namespace rppg::cli {
namespace {

/// Part of every key: a new number makes earlier results unused.
constexpr int result_version = 1;

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

}  // namespace

ThreadPlan plan_threads(const CommonOptions& common, int jobs, std::size_t items) {
  const int threads = thread_count(common);
  ThreadPlan plan;
  plan.jobs = std::max(
      1, std::min(jobs > 0 ? jobs : threads, static_cast<int>(std::min<std::size_t>(items, 1024))));
  plan.threads_each = std::max(1, threads / plan.jobs);
  return plan;
}

void declare_method_options(CLI::App& app, EstimationOptions& options) {
  CLI::Option* method = app.add_option("--method", options.method, "Classical method")
                            ->check(CLI::IsMember(method_names()))
                            ->capture_default_str()
                            ->type_name("NAME");
  app.add_option("--model", options.model, "Network of this weights file instead of a method")
      ->type_name("WEIGHTS.h5")
      ->excludes(method);
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
  declare_reading_options(app, options.reading);
  app.add_option("--jobs", options.jobs,
                 "Recordings at the same time; 0 = as many as threads, one for networks")
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

Estimator::Estimator(const EstimationOptions& options, const ThreadPlan& plan)
    : method_(options.method), protocol_(protocol_of(options)), threads_(plan.threads_each) {
  const models::InputFormat* input = nullptr;
  if (options.model.empty()) {
    classical::find_method(method_);
  } else {
    network_ = models::read_network(options.model);
    weights_digest_ = io::sha256_file(options.model);
    method_ = network_->entry().name;
    input = &network_->model().input();
  }
  detector_ = options.reading.detector.substr(0, options.reading.detector.find(':'));
  reader_.emplace(options.reading, protocol_, input, plan.threads_each);
}

std::string Estimator::key(const Item& item) const {
  return io::sha256(concat("result ", result_version, " ", version(), " ", reader_->key(item), " ",
                           method_, " ", weights_digest_, " ", results::protocol_hash(protocol_)));
}

Waveform Estimator::predict(const data::Recording& recording, Reading& reading) const {
  const data::Aligned& aligned = reading.aligned;
  if (network_ == nullptr) {
    return {extract(classical::find_method(method_), aligned.trace, recording.video.file),
            aligned.trace.rate_hz};
  }
  const models::InputFormat& input = network_->model().input();
  const data::FaceVideo video = data::face_video(recording, std::move(reading.clip), aligned,
                                                 static_cast<int>(input.frame_size));
  Arena arena;
  const std::vector<float> outputs = training::run(network_->model(), video, arena, threads_);
  return training::pulse_wave(outputs, input.label, aligned.frame_time_s,
                              {aligned.start_s, aligned.trace.rate_hz, aligned.trace.size()},
                              protocol_.float32_running_sum);
}

results::RecordingResult Estimator::run(const Item& item, bool with_labels) const {
  const data::Recording& recording = item.recording;
  Reading reading = reader_->read(item, with_labels);
  const data::Aligned& aligned = reading.aligned;
  results::RecordingResult result{.id = recording.id,
                                  .dataset = recording.dataset,
                                  .subject = recording.subject,
                                  .session = recording.session,
                                  .view = recording.view,
                                  .state = recording.state};
  result.start_s = aligned.start_s;
  result.prediction = predict(recording, reading);
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
  result.texts = {{"method", method_},
                  {"detector", detector_},
                  {"alignment", std::string(name(reader_->alignment()))},
                  {"protocol", protocol_.name},
                  {"protocol_hash", results::protocol_hash(protocol_)}};
  if (network_ != nullptr) result.texts["weights"] = weights_digest_;
  copy_face(reading.clip, result);
  copy_facts(reading.clip, aligned, result);
  return result;
}

Status estimate(const std::vector<Item>& all, const EstimationOptions& options,
                const CommonOptions& common, std::string_view label, bool with_labels,
                const Finish& finish) {
  const std::vector<Item> items = items_of_shard(all, common);
  // A network works on several threads by itself, in the memory of one.
  const bool one_by_one = options.jobs == 0 && !options.model.empty();
  const ThreadPlan plan = plan_threads(common, one_by_one ? 1 : options.jobs, items.size());
  const Estimator estimator(options, plan);
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
