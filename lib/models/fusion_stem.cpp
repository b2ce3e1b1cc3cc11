#include "models/fusion_stem.h"

#include <algorithm>

#include "ops/arithmetic.h"
#include "ops/frames.h"
#include "ops/layout.h"
#include "ops/pooling.h"

namespace rppg::models {
namespace {

constexpr auto start = nn::PictureConvolution::Start::lecun_normal;

nn::PictureConvolution::Config first(Index channels, ops::TimeReach reach) {
  return {.in = reach == ops::TimeReach::stack ? 12 : 3,
          .out = channels / 8,
          .kernel = 7,
          .options = {.stride = 2, .padding = 3, .reach = reach, .offsets = {-1, 0, 1, 2}},
          .start = start};
}

nn::PictureConvolution::Config second(Index channels) {
  return {.in = channels / 8,
          .out = channels / 4,
          .kernel = 7,
          .options = {.padding = 3},
          .start = start};
}

nn::PictureConvolution::Config third(const FusionStem::Config& config) {
  return {.in = config.channels / 4,
          .out = config.channels,
          .kernel = 5,
          .kernel_frames = config.pairs ? 2 : 3,
          .options = {.padding = 2,
                      .reach = config.pairs ? ops::TimeReach::pair : ops::TimeReach::kernel}};
}

Tensor half_sum(Tensor a, Tensor b) { return ops::scale(ops::add(a, b), 0.5F); }

}  // namespace

FusionStem::Unit::Unit(const nn::Scope& scope, const nn::PictureConvolution::Config& config)
    : convolution(scope / 0, config), norm(scope / 1, config.out, Activation::relu) {}

Tensor FusionStem::Unit::operator()(Tensor x) const {
  return ops::max_pool(convolution(x, norm), 1);
}

FusionStem::FusionStem(const nn::Scope& scope, const Config& config)
    : config_(config),
      stem11_(scope / "Fusion_Stem" / "stem11", first(config.channels, ops::TimeReach::frame)),
      stem12_(scope / "Fusion_Stem" / "stem12", first(config.channels, ops::TimeReach::stack)),
      stem21_(scope / "Fusion_Stem" / "stem21", second(config.channels)),
      stem22_(scope / "Fusion_Stem" / "stem22", second(config.channels)),
      stem3_(scope / "stem3" / 0, third(config)),
      norm3_(scope / "stem3" / 1, config.channels) {}

/// What stem11 and stem12 make of clips -> (B, T, H/8, W/8, channels / 4).
Tensor FusionStem::fuse(Tensor pictures, Tensor differences) const {
  const Tensor both = half_sum(pictures, differences);
  return half_sum(stem21_(both), stem22_(differences));
}

/// The same of whole clips for use without gradients: some frames at a time, so that their pictures
/// take little memory. A stretch needs the differences of one frame before and two behind it, and
/// those the frame before.
Tensor FusionStem::fuse_by_stretches(Tensor clips) const {
  constexpr Index stretch = 32, before = 1, behind = 2;
  const Shape& shape = clips.shape();
  const Index frames = shape[1];
  Tape& tape = clips.tape();
  const Tensor all =
      tape.output({shape[0], frames, shape[2] / 8, shape[3] / 8, config_.channels / 4}, {});
  const Index size = all.count() / (shape[0] * frames);
  for (Index clip = 0; clip < shape[0]; ++clip) {
    for (Index begin = 0; begin < frames; begin += stretch) {
      const Arena::Mark mark = tape.arena().mark();
      const Index end = std::min(begin + stretch, frames);
      const Index first = std::max<Index>(begin - before, 0), last = std::min(end + behind, frames);
      const Index source = std::max<Index>(first - 1, 0);
      const Tensor changes = ops::backward_differences(ops::frame_range(clips, clip, source, last));
      const Tensor differences =
          stem12_(ops::frame_range(changes, 0, first - source, last - source));
      const Tensor part = fuse(stem11_(ops::frame_range(clips, clip, begin, end)),
                               ops::frame_range(differences, 0, begin - first, end - first));
      std::copy(part.values().begin(), part.values().end(),
                all.mutable_values().begin() + (clip * frames + begin) * size);
      tape.arena().rewind(mark);
    }
  }
  return all;
}

Tensor FusionStem::operator()(Tensor clips) const {
  const TapeOptions& options = clips.tape().options();
  // Costs are counted without the frames that stretches share.
  const bool whole = options.gradients || options.training || options.costs != nullptr;
  // Differences before the first and after the last frame are zero: the padding in time of a stack.
  const Tensor fused = whole ? fuse(stem11_(clips), stem12_(ops::backward_differences(clips)))
                             : fuse_by_stretches(clips);
  return ops::gated_mean(stem3_(config_.pairs ? ops::pair_frames(fused) : fused, norm3_));
}

}  // namespace rppg::models
