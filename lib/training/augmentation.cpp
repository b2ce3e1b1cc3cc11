#include "training/augmentation.h"

#include <algorithm>

#include "base/random.h"
#include "signal/pulse_label.h"

namespace rppg::training {
namespace {

constexpr double slow_below_bpm = 75;
constexpr double fast_above_bpm = 90;

}  // namespace

std::string_view name(Augmentation augmentation) {
  switch (augmentation) {
    case Augmentation::none:
      return "none";
    case Augmentation::per_clip:
      return "per-clip";
    case Augmentation::whole_batch:
      break;
  }
  return "whole-batch";
}

Augmenter::Augmenter(Augmentation kind, std::uint64_t seed, std::size_t frame_size)
    : kind_(kind), seed_(seed), frame_size_(frame_size) {}

void Augmenter::operator()(std::uint64_t step, const data::MutableBatch& batch) {
  if (kind_ == Augmentation::none) return;
  draw(step, batch);
  if (kind_ == Augmentation::whole_batch) share();
  const std::size_t frame_values = 3 * frame_size_ * frame_size_;
  const std::size_t clip_frames = batch.labels.size() / batch.clips;
  for (std::size_t i = 0; i < batch.clips; ++i) {
    const auto frames =
        batch.frames.subspan(i * clip_frames * frame_values, clip_frames * frame_values);
    play(frames, frame_values, changes_[i]);
    play(batch.labels.subspan(i * clip_frames, clip_frames), 1, changes_[i]);
    if (changes_[i].mirrored) mirror(frames);
  }
}

/// What the clips would have done to them if each stood alone.
void Augmenter::draw(std::uint64_t step, const data::MutableBatch& batch) {
  const Random random(Random(seed_, "augmentation").bits(step), 0);
  const std::size_t clip_frames = batch.labels.size() / batch.clips;
  changes_.assign(batch.clips, {});
  for (std::size_t i = 0; i < batch.clips; ++i) {
    Change& change = changes_[i];
    change.mirrored = random.uniform(3 * i) < 0.5;
    if (!(random.uniform(3 * i + 1) < 0.5)) continue;
    const auto label = batch.labels.subspan(i * clip_frames, clip_frames);
    const double bpm = signal::label_rate_bpm(std::vector<double>(label.begin(), label.end()),
                                              batch.rate_hz[i], false);
    if (bpm > fast_above_bpm) {
      change.speed = Speed::half;
      change.first_frame = random.integer(3 * i + 2, clip_frames / 2);
    } else if (bpm < slow_below_bpm) {
      change.speed = Speed::twice;
    }
  }
}

void Augmenter::share() {
  const bool mirrored = changes_.back().mirrored;
  Change last;
  for (std::size_t i = changes_.size(); i-- > 0;) {
    if (last.speed == Speed::same) last = changes_[i];
    changes_[i] = last;
    changes_[i].mirrored = mirrored;
  }
}

/// samples (T, width).
void Augmenter::play(std::span<float> samples, std::size_t width, const Change& change) {
  if (change.speed == Speed::same) return;
  before_.assign(samples.begin(), samples.end());
  const std::size_t length = samples.size() / width;
  const std::size_t half = length / 2;
  const auto source = [&](std::size_t t) { return std::span(before_).subspan(t * width, width); };
  for (std::size_t t = 0; t < 2 * half; ++t) {
    const bool slow = change.speed == Speed::half;
    const std::size_t from = slow ? change.first_frame + t / 2 : 2 * (t % half);
    const auto to = samples.subspan(t * width, width);
    if (slow && t % 2 == 1) {
      std::transform(source(from).begin(), source(from).end(), source(from + 1).begin(), to.begin(),
                     [](float a, float b) { return (a + b) / 2; });
    } else {
      std::copy(source(from).begin(), source(from).end(), to.begin());
    }
  }
}

/// Left becomes right; frames (T, H, W, 3).
void Augmenter::mirror(std::span<float> frames) const {
  const std::size_t row_values = 3 * frame_size_;
  for (std::size_t at = 0; at < frames.size(); at += row_values) {
    for (std::size_t left = 0, right = frame_size_ - 1; left < right; ++left, --right) {
      std::swap_ranges(&frames[at + 3 * left], &frames[at + 3 * left] + 3, &frames[at + 3 * right]);
    }
  }
}

}  // namespace rppg::training
