/// What a network is: clips of faces in, pulse waveforms out.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "nn/parameters.h"
#include "tensor/tape.h"

namespace rppg::models {

/// Named numbers that fix the shape of a network, as in its weights file: {"frame_size", 72}.
using Settings = std::map<std::string, double>;

/// How frames are scaled before a network sees them; statistics are taken over the whole recording.
enum class VideoScale {
  raw,              ///< 0..255
  standardized,     ///< (x - mean) / standard deviation
  diff_normalized,  ///< (x[t+1] - x[t]) / (x[t+1] + x[t] + 1e-7), over its standard deviation
};

/// How labels are scaled for training, and what a waveform of the network is.
enum class LabelScale {
  standardized,     ///< the pulse wave
  diff_normalized,  ///< its first difference over its standard deviation; sum up to get the wave
};

/// What a network is fed with.
struct InputFormat {
  Index frame_size = 72;     ///< pixels, height and width
  Index clip_frames = 180;   ///< length of the clips of training and evaluation
  Index frame_multiple = 1;  ///< clip lengths are multiples of this
  bool bounded = false;      ///< no clip is longer than clip_frames
  VideoScale video = VideoScale::standardized;
  LabelScale label = LabelScale::standardized;
};

/// A network. Its parameters live in the store whose scope it was made with; running it changes
/// nothing but the running averages of batch norm in training.
class Model {
 public:
  Model() = default;
  virtual ~Model() = default;
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  virtual const InputFormat& input() const = 0;

  /// clips (B, T, H, W, 3), scaled as input() says -> waveforms (B, T). Clips of a batch do not see
  /// each other, but for the statistics of batch norm in training. Throws std::logic_error for
  /// shapes that it cannot take.
  virtual Tensor operator()(Tensor clips) const = 0;
};

}  // namespace rppg::models
