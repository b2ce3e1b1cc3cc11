/// A network over whole recordings, in bounded memory.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "data/face_videos.h"
#include "models/model.h"
#include "signal/waveform.h"
#include "tensor/arena.h"

namespace rppg::training {

/// The format in which a network is fed.
data::VideoFormat video_format(const models::InputFormat& input);

/// Fills `scaled` (n, H, W, 3) with the frames [first, first + n) of a recording, in the network's
/// format.
using FrameReader = std::function<void(std::size_t first, std::span<float> scaled)>;

/// What is made of a chunk: clips (1, T, H, W, 3), scaled, from frame `first` on -> waveforms
/// (1, T).
using ChunkRun = std::function<Tensor(Tensor clips, std::size_t first)>;

/// What `run_chunk` gives for each of `frames` frames, in chunks of clip_frames.
///
/// Chunks follow each other without overlap. The last one is shifted back so that it is whole, and
/// only its frames behind the chunk before are used. A recording shorter than a chunk is one chunk,
/// its last frame repeated up to a multiple of frame_multiple. Memory does not grow with the
/// recording but for the output. Throws Error(interrupted) when a stop was requested.
std::vector<float> run_chunks(const models::InputFormat& input, std::size_t frames,
                              const FrameReader& read, const ChunkRun& run_chunk, Arena& arena,
                              int threads);

/// What the network gives for each frame.
std::vector<float> run(const models::Model& model, std::size_t frames, const FrameReader& read,
                       Arena& arena, int threads);

/// The same for frames in memory or on disk.
std::vector<float> run(const models::Model& model, const data::FaceVideo& video, Arena& arena,
                       int threads);
std::vector<float> run(const models::Model& model, const data::FaceVideos& videos,
                       const data::FaceVideos::Entry& entry, Arena& arena, int threads);
std::vector<float> run_chunks(const models::InputFormat& input, const data::FaceVideos& videos,
                              const data::FaceVideos::Entry& entry, const ChunkRun& run_chunk,
                              Arena& arena, int threads);

/// An even time grid.
struct Grid {
  double start_s = 0;
  double rate_hz = 0;
  std::size_t count = 0;
};

/// The pulse wave behind the outputs at frame_time_s, on a grid. Output t of a network that gives
/// differences belongs to frames t and t + 1, so that the wave at t is the sum of the outputs
/// before t (in single precision on request, as rPPG-Toolbox sums up). Between frames it is
/// interpolated linearly.
Waveform pulse_wave(std::span<const float> outputs, models::LabelScale scale,
                    std::span<const double> frame_time_s, const Grid& grid, bool float32_sum);

}  // namespace rppg::training
