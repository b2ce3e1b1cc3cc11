#include "models/fusion_stem.h"

#include "ops/arithmetic.h"
#include "ops/frames.h"
#include "ops/pooling.h"

namespace rppg::models {
namespace {

constexpr Index first_channels = 8;
constexpr Index second_channels = 16;

nn::PictureConvolution::Config first(ops::TimeReach reach) {
  return {.in = reach == ops::TimeReach::stack ? 12 : 3,
          .out = first_channels,
          .kernel = 7,
          .options = {.stride = 2, .padding = 3, .reach = reach, .offsets = {-1, 0, 1, 2}}};
}

constexpr nn::PictureConvolution::Config second{
    .in = first_channels, .out = second_channels, .kernel = 7, .options = {.padding = 3}};

constexpr nn::PictureConvolution::Config third{
    .in = second_channels,
    .out = FusionStem::channels,
    .kernel = 5,
    .kernel_frames = 3,
    .options = {.padding = 2, .reach = ops::TimeReach::kernel}};

Tensor half_sum(Tensor a, Tensor b) { return ops::scale(ops::add(a, b), 0.5F); }

}  // namespace

FusionStem::Unit::Unit(const nn::Scope& scope, const nn::PictureConvolution::Config& config)
    : convolution(scope / 0, config), norm(scope / 1, config.out, Activation::relu) {}

Tensor FusionStem::Unit::operator()(Tensor x) const {
  return ops::max_pool(norm(convolution(x)), 1);
}

FusionStem::FusionStem(const nn::Scope& scope)
    : stem11_(scope / "Fusion_Stem" / "stem11", first(ops::TimeReach::frame)),
      stem12_(scope / "Fusion_Stem" / "stem12", first(ops::TimeReach::stack)),
      stem21_(scope / "Fusion_Stem" / "stem21", second),
      stem22_(scope / "Fusion_Stem" / "stem22", second),
      stem3_(scope / "stem3" / 0, third),
      norm3_(scope / "stem3" / 1, channels) {}

Tensor FusionStem::operator()(Tensor clips) const {
  // Differences before the first and after the last frame are zero: the padding in time of a stack.
  const Tensor differences = stem12_(ops::backward_differences(clips));
  const Tensor pictures = half_sum(stem11_(clips), differences);
  const Tensor fused = half_sum(stem21_(pictures), stem22_(differences));
  return ops::gated_mean(norm3_(stem3_(fused)));
}

}  // namespace rppg::models
