/// 8-bit face crops as the numbers that networks see. Frames are bytes, so that statistics are
/// exact sums over a histogram and scaling is a look into a table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rppg::data {

/// Statistics are taken over all frames, pixels and channels of a recording.
enum class VideoScale {
  raw,              ///< 0..255
  standardized,     ///< (x - mean) / standard deviation
  diff_normalized,  ///< d = (x[t+1] - x[t]) / (x[t+1] + x[t] + 1e-7), over its standard deviation;
                    ///< the last frame of the recording is zero
};

/// How a recording is scaled; zeros come out where the deviation is 0.
struct FrameScale {
  VideoScale kind = VideoScale::raw;
  double mean = 0;
  double deviation = 1;
};

/// The scale of a whole recording: frames of frame_bytes bytes, one after the other.
FrameScale measure_scale(VideoScale kind, std::span<const std::uint8_t> frames,
                         std::size_t frame_bytes);

/// Scales the frames that fill `scaled`. Of differences, `frames` holds one frame more, but for the
/// end of the recording.
void scale_frames(const FrameScale& scale, std::span<const std::uint8_t> frames,
                  std::size_t frame_bytes, std::span<float> scaled);

enum class LabelScale {
  standardized,     ///< (y - mean) / standard deviation
  diff_normalized,  ///< d = y[t+1] - y[t] over its standard deviation; the last is zero
};

/// Labels of a whole recording for training (rPPG-Toolbox); zeros for a constant.
std::vector<float> scale_labels(LabelScale kind, std::span<const double> labels);

}  // namespace rppg::data
