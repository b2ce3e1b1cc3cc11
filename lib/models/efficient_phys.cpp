#include "models/efficient_phys.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "ops/activation.h"
#include "ops/dropout.h"
#include "ops/frames.h"
#include "ops/layout.h"
#include "ops/pooling.h"

namespace rppg::models {
namespace {

constexpr Index channels1 = 32;
constexpr Index channels2 = 64;
constexpr Index hidden = 128;
constexpr double picture_dropout = 0.25;
constexpr double hidden_dropout = 0.5;

nn::PictureConvolution::Config convolution(Index in, Index out, Index padding, Index depth) {
  return {.in = in,
          .out = out,
          .options = {.padding = padding,
                      .reach = ops::TimeReach::shift,
                      .segment = depth,
                      .activation = Activation::tanh}};
}

nn::Initialization uniform_for(Index fan_in) {
  return {nn::Initialization::Kind::uniform, 1 / std::sqrt(static_cast<double>(fan_in))};
}

/// Side of the pictures that the dense layers see.
Index last_side(Index frame_size) { return ((frame_size - 2) / 2 - 2) / 2; }

}  // namespace

EfficientPhys::EfficientPhys(const nn::Scope& scope, const Config& config)
    : input_{.frame_size = config.frame_size,
             .clip_frames = config.clip_frames,
             .frame_multiple = config.frame_depth,
             .video = VideoScale::standardized,
             .label = LabelScale::diff_normalized},
      norm_(scope / "batch_norm", 3),
      conv1_(scope / "motion_conv1", convolution(3, channels1, 1, config.frame_depth)),
      conv2_(scope / "motion_conv2", convolution(channels1, channels1, 0, config.frame_depth)),
      conv3_(scope / "motion_conv3", convolution(channels1, channels2, 1, config.frame_depth)),
      conv4_(scope / "motion_conv4", convolution(channels2, channels2, 0, config.frame_depth)),
      attention1_weight_((scope / "apperance_att_conv1")
                             .parameter("weight", {1, channels1, 1, 1}, uniform_for(channels1))),
      attention1_bias_(
          (scope / "apperance_att_conv1").parameter("bias", {1}, uniform_for(channels1))),
      attention2_weight_((scope / "apperance_att_conv2")
                             .parameter("weight", {1, channels2, 1, 1}, uniform_for(channels2))),
      attention2_bias_(
          (scope / "apperance_att_conv2").parameter("bias", {1}, uniform_for(channels2))),
      dense1_(scope / "final_dense_1",
              channels2 * last_side(config.frame_size) * last_side(config.frame_size), hidden),
      dense2_(scope / "final_dense_2", hidden, 1) {}

std::optional<Index> EfficientPhys::frame_size_for(Index dense_inputs) {
  for (Index size = 12; channels2 * last_side(size) * last_side(size) <= dense_inputs; size += 4) {
    if (channels2 * last_side(size) * last_side(size) == dense_inputs) return size;
  }
  return std::nullopt;
}

EfficientPhys::Packed EfficientPhys::pack(Tape& tape) const {
  return {conv1_.on(tape), conv2_.on(tape), conv3_.on(tape), conv4_.on(tape)};
}

/// (B, T, H, W, 3) -> (B, T, numbers under the dense layer).
Tensor EfficientPhys::features(const Packed& packed, Tensor differences) const {
  Tensor x = packed.conv2(packed.conv1(norm_(differences)));
  x = ops::dropout(ops::attention_pool(x, attention1_weight_, attention1_bias_), picture_dropout);
  x = packed.conv4(packed.conv3(x));
  x = ops::dropout(ops::attention_pool(x, attention2_weight_, attention2_bias_), picture_dropout);
  return ops::flatten_channels_first(x);
}

Tensor EfficientPhys::waveform(Tensor features) const {
  const Tensor hidden_units = ops::dropout(ops::tanh(dense1_(features)), hidden_dropout);
  const Tensor y = dense2_(hidden_units);
  return y.tape().view(y, {features.shape()[0], features.shape()[1]});
}

Tensor EfficientPhys::from_differences(Tensor differences) const {
  return waveform(features(pack(differences.tape()), differences));
}

/// The same for use without gradients: one segment after the other, so that no more than a
/// segment's pictures are in memory (and most of them in the cache); the dense layers see all
/// frames at once.
Tensor EfficientPhys::waveform_by_segments(Tensor clips) const {
  Tape& tape = clips.tape();
  const Index count = clips.shape()[0], frames = clips.shape()[1], depth = input_.frame_multiple;
  const Index side = last_side(input_.frame_size);
  const Tensor all = tape.output({count, frames, channels2 * side * side}, {});
  const Packed packed = pack(tape);
  for (Index clip = 0; clip < count; ++clip) {
    for (Index begin = 0; begin < frames; begin += depth) {
      const Arena::Mark mark = tape.arena().mark();
      // The frame after the segment gives its last difference; at the end there is none.
      const Index end = std::min(begin + depth + 1, frames);
      const Tensor differences = ops::frame_range(
          ops::forward_differences(ops::frame_range(clips, clip, begin, end)), 0, 0, depth);
      const Tensor part = features(packed, differences);
      const Index at = (clip * frames + begin) * all.shape()[2];
      std::copy(part.values().begin(), part.values().end(), all.mutable_values().begin() + at);
      tape.arena().rewind(mark);
    }
  }
  return waveform(all);
}

Tensor EfficientPhys::operator()(Tensor clips) const {
  const Shape& shape = clips.shape();
  require_shape("EfficientPhys: clips", shape,
                {shape[0], shape[1], input_.frame_size, input_.frame_size, 3});
  if (shape[1] % input_.frame_multiple != 0) {
    throw std::logic_error("EfficientPhys: the number of frames is no multiple of the frame depth");
  }
  const TapeOptions& options = clips.tape().options();
  if (!options.gradients && !options.training) return waveform_by_segments(clips);
  return from_differences(ops::forward_differences(clips));
}

}  // namespace rppg::models
