/// Face videos whose green follows a known pulse, in memory.
#pragma once

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "base/random.h"
#include "data/face_videos.h"
#include "training/validation.h"

namespace rppg::test {

constexpr double sample_rate_hz = 25;

/// Pulse of video v: 60 bpm and more, 6 bpm apart.
inline double sample_pulse(int v, double time_s) {
  return std::sin(2 * std::numbers::pi * (1.0 + 0.1 * v) * time_s);
}

inline data::FaceVideo sample_video(int v, std::size_t frames, int frame_size = 2) {
  data::FaceVideo video;
  video.id.append("video-").push_back(static_cast<char>('a' + v));
  video.frame_size = frame_size;
  video.rate_hz = sample_rate_hz;
  const Random random(11, static_cast<std::uint64_t>(v));
  for (std::size_t t = 0; t < frames; ++t) {
    const double pulse = sample_pulse(v, static_cast<double>(t) / sample_rate_hz);
    video.labels.push_back(100 + 3 * pulse);
    for (int pixel = 0; pixel < frame_size * frame_size; ++pixel) {
      for (int c = 0; c < 3; ++c) {
        const std::uint64_t i = video.frames.size();
        const double noise = random.uniform(i, -20, 20);
        video.frames.push_back(static_cast<std::uint8_t>(120 + (c == 1 ? 30 * pulse : 0) + noise));
      }
    }
  }
  return video;
}

inline training::ValidationRecording sample_recording(const data::FaceVideo& video) {
  training::ValidationRecording recording;
  recording.entry = {.id = video.id, .dataset = "sample", .subject = video.id};
  for (std::size_t t = 0; t < video.labels.size(); ++t) {
    recording.frame_time_s.push_back(static_cast<double>(t) / sample_rate_hz);
  }
  recording.reference = {video.labels, sample_rate_hz};
  recording.face_coverage = 1;
  return recording;
}

}  // namespace rppg::test
