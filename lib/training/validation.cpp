#include "training/validation.h"

#include <algorithm>
#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "results/scoring.h"
#include "results/summary.h"
#include "signal/quality.h"
#include "tensor/tape.h"
#include "training/inference.h"

namespace rppg::training {
namespace {

using data::FaceVideos;

/// Losses of clips.
struct LossSum {
  double sum = 0;
  std::size_t clips = 0;
};

/// What the network gives for each frame. The losses of the clips that training would cut are added
/// up on the way.
std::vector<float> run_and_judge(const models::Model& model, const Objective& objective,
                                 const FaceVideos& videos, const FaceVideos::Entry& entry,
                                 Arena& arena, int threads, LossSum& losses) {
  const models::InputFormat& input = model.input();
  const auto length = static_cast<std::size_t>(input.clip_frames);
  const auto run_chunk = [&](Tensor clips, std::size_t first) {
    if (first % length != 0 || first + length > entry.frames) return model(clips);
    const auto labels = std::span<const float>(entry.labels).subspan(first, length);
    const Tensor target = clips.tape().input(labels, {1, input.clip_frames});
    const Judgement judgement = objective(clips, {target, {&entry.rate_hz, 1}});
    losses.sum += static_cast<double>(judgement.loss.values()[0]);
    ++losses.clips;
    return judgement.waveforms;
  };
  return run_chunks(input, videos, entry, run_chunk, arena, threads);
}

results::SummaryRow row_of(const ValidationRecording& recording, const Waveform& wave,
                           const results::Protocol& protocol) {
  results::SummaryRow row = results::summarize(recording.entry);
  results::Score score;
  try {
    score = results::score(wave, recording.reference, protocol);
  } catch (const Error& error) {
    throw Error(error.status(), recording.entry.id, error.what());
  }
  row.session = recording.session;
  row.view = recording.view;
  row.state = recording.state;
  row.windows = score.windows;
  row.quality = signal::quality({score.prediction_filtered, wave.rate_hz}, protocol.band).index;
  row.lag_s = score.lag_s;
  row.drift_s_per_min = score.drift_s_per_min;
  row.face_coverage = recording.face_coverage;
  return row;
}

}  // namespace

Validation::Validation(const FaceVideos& videos, std::vector<ValidationRecording> recordings,
                       const results::Protocol& protocol)
    : videos_(videos), recordings_(std::move(recordings)), protocol_(protocol) {}

ValidationResult Validation::operator()(const models::Model& model, const Objective& objective,
                                        Arena& arena, int threads) const {
  LossSum losses;
  std::vector<results::SummaryRow> rows;
  for (std::size_t i = 0; i < recordings_.size(); ++i) {
    const ValidationRecording& recording = recordings_[i];
    const FaceVideos::Entry& entry = videos_.entries()[i];
    if (entry.frames == 0) {
      rows.push_back(results::summarize(recording.entry));
      continue;
    }
    const std::vector<float> outputs =
        run_and_judge(model, objective, videos_, entry, arena, threads, losses);
    const Waveform wave = pulse_wave(
        outputs, model.input().label, recording.frame_time_s,
        {recording.start_s, recording.reference.rate_hz, recording.reference.samples.size()},
        protocol_.float32_running_sum);
    rows.push_back(row_of(recording, wave, protocol_));
  }
  const std::vector<results::MetricValue> metrics = results::compute_metrics(rows, protocol_);
  const auto mae = std::find_if(metrics.begin(), metrics.end(),
                                [](const auto& metric) { return metric.name == "MAE"; });
  return {losses.sum / static_cast<double>(losses.clips),
          mae == metrics.end() ? std::numeric_limits<double>::quiet_NaN() : mae->value,
          results::metrics_json(rows, metrics, protocol_)};
}

}  // namespace rppg::training
