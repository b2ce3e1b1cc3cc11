#include "training/inference.h"

#include <algorithm>
#include <stdexcept>

#include "base/interrupt.h"
#include "signal/filter.h"
#include "tensor/tape.h"

namespace rppg::training {
namespace {

data::VideoScale scale_of(models::VideoScale scale) {
  switch (scale) {
    case models::VideoScale::raw:
      return data::VideoScale::raw;
    case models::VideoScale::standardized:
      return data::VideoScale::standardized;
    case models::VideoScale::diff_normalized:
      break;
  }
  return data::VideoScale::diff_normalized;
}

data::LabelScale scale_of(models::LabelScale scale) {
  return scale == models::LabelScale::standardized ? data::LabelScale::standardized
                                                   : data::LabelScale::diff_normalized;
}

std::size_t size_of(Index count) { return static_cast<std::size_t>(count); }

/// Length of the chunks: that of the network, or the short recording made a multiple.
std::size_t chunk_length(const models::InputFormat& input, std::size_t frames) {
  const std::size_t whole = size_of(input.clip_frames);
  if (frames >= whole) return whole;
  const std::size_t multiple = size_of(input.frame_multiple);
  return (frames + multiple - 1) / multiple * multiple;
}

/// Repeats the last of the first `given` frames in all that follow.
void repeat_last(std::span<float> scaled, std::size_t given, std::size_t frame_values) {
  const auto last = scaled.subspan((given - 1) * frame_values, frame_values);
  for (std::size_t at = given * frame_values; at < scaled.size(); at += frame_values) {
    std::copy(last.begin(), last.end(), scaled.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

}  // namespace

data::VideoFormat video_format(const models::InputFormat& input) {
  return {static_cast<int>(input.frame_size), scale_of(input.video), scale_of(input.label)};
}

std::vector<float> run_chunks(const models::InputFormat& input, std::size_t frames,
                              const FrameReader& read, const ChunkRun& run_chunk, Arena& arena,
                              int threads) {
  const std::size_t frame_values = size_of(3 * input.frame_size * input.frame_size);
  const std::size_t length = frames == 0 ? 0 : chunk_length(input, frames);
  const std::size_t given = std::min(length, frames);
  std::vector<float> scaled(length * frame_values);
  std::vector<float> outputs(frames);
  for (std::size_t done = 0; done < frames;) {
    const std::size_t first = std::min(done, frames - given);
    read(first, std::span(scaled).first(given * frame_values));
    repeat_last(scaled, given, frame_values);
    Tape tape(arena, {.threads = threads, .cancelled = stop_requested});
    const Tensor chunk =
        tape.input(scaled, {1, static_cast<Index>(length), input.frame_size, input.frame_size, 3});
    const std::span<const float> wave = run_chunk(chunk, first).values();
    const std::size_t fresh = first + given - done;
    std::copy_n(wave.begin() + static_cast<std::ptrdiff_t>(given - fresh), fresh,
                outputs.begin() + static_cast<std::ptrdiff_t>(done));
    done += fresh;
  }
  return outputs;
}

std::vector<float> run(const models::Model& model, std::size_t frames, const FrameReader& read,
                       Arena& arena, int threads) {
  return run_chunks(
      model.input(), frames, read, [&](Tensor clips, std::size_t) { return model(clips); }, arena,
      threads);
}

std::vector<float> run(const models::Model& model, const data::FaceVideo& video, Arena& arena,
                       int threads) {
  const std::size_t bytes = video.frame_bytes();
  const std::size_t frames = video.frames.size() / bytes;
  const data::FrameScale scale =
      data::measure_scale(video_format(model.input()).video, video.frames, bytes);
  const std::span<const std::uint8_t> all = video.frames;
  const auto read = [&](std::size_t first, std::span<float> scaled) {
    const std::size_t wanted = std::min(scaled.size() / bytes + 1, frames - first);
    data::scale_frames(scale, all.subspan(first * bytes, wanted * bytes), bytes, scaled);
  };
  return run(model, frames, read, arena, threads);
}

std::vector<float> run_chunks(const models::InputFormat& input, const data::FaceVideos& videos,
                              const data::FaceVideos::Entry& entry, const ChunkRun& run_chunk,
                              Arena& arena, int threads) {
  std::vector<std::uint8_t> scratch(
      videos.scratch_bytes(std::min(size_of(input.clip_frames), entry.frames)));
  const auto read = [&](std::size_t first, std::span<float> scaled) {
    videos.read(entry, first, scratch, scaled);
  };
  return run_chunks(input, entry.frames, read, run_chunk, arena, threads);
}

std::vector<float> run(const models::Model& model, const data::FaceVideos& videos,
                       const data::FaceVideos::Entry& entry, Arena& arena, int threads) {
  return run_chunks(
      model.input(), videos, entry, [&](Tensor clips, std::size_t) { return model(clips); }, arena,
      threads);
}

Waveform pulse_wave(std::span<const float> outputs, models::LabelScale scale,
                    std::span<const double> frame_time_s, const Grid& grid, bool float32_sum) {
  if (outputs.size() != frame_time_s.size()) throw std::logic_error("pulse_wave: lengths differ");
  std::vector<double> wave(outputs.begin(), outputs.end());
  if (scale == models::LabelScale::diff_normalized && !wave.empty()) {
    wave.pop_back();
    wave = signal::cumulative_sum(wave, float32_sum);
    wave.insert(wave.begin(), 0.0);
  }
  std::vector<double> times(grid.count);
  for (std::size_t k = 0; k < grid.count; ++k) {
    times[k] = grid.start_s + static_cast<double>(k) / grid.rate_hz;
  }
  return {signal::interpolate(frame_time_s, wave, times), grid.rate_hz};
}

}  // namespace rppg::training
