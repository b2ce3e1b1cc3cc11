#include "models/coarse_to_fine.h"

#include <string>

#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/codes.h"
#include "ops/positions.h"
#include "ops/standardize.h"

namespace rppg::models {
namespace {

constexpr Index width = 64;
constexpr double standardize_epsilon = 1e-6;

/// (B, T, 1) -> (B, T)
Tensor waves_of(Tensor x) { return x.tape().view(x, {x.shape()[0], x.shape()[1]}); }

/// (B, T) -> (B, T, 1)
Tensor column_of(Tensor x) { return x.tape().view(x, {x.shape()[0], x.shape()[1], 1}); }

nn::Convolution1d predictor_convolution(const nn::Scope& scope, Index out) {
  return {scope, width, out, 3, {.padding = 1}};
}

}  // namespace

std::string CoarseToFine::quantizer_name(std::size_t level) {
  return "quantizer" + std::to_string(level + 1);
}

CoarseToFine::Level::Level(const nn::Scope& scope, const std::string& number)
    : block(scope / ("mamba_" + number) / 0, {.width = width}),
      head(scope / ("mamba" + number + "_token_head"), width, 1, 1, {}),
      projection(scope / ("mamba" + number + "_scalar_projection"), 1, width, 1, {}) {}

CoarseToFine::CoarseToFine(const nn::Scope& scope, const Config& config)
    : input_{.frame_size = config.frame_size,
             .clip_frames = config.clip_frames,
             .bounded = true,
             .video = VideoScale::standardized,
             .label = LabelScale::standardized},
      stem_(scope, {.channels = width}),
      positions_(scope.parameter("position_embedding", {1, config.clip_frames, width}, {})) {
  for (std::size_t i = 1; i <= block_levels; ++i) levels_.emplace_back(scope, std::to_string(i));
  const nn::Scope predictor = scope / "rppg_predictor";
  for (const Index i : {0, 2, 4}) {
    predictor_.push_back(predictor_convolution(predictor / "time_feature_extractor" / i, width));
  }
  predictor_.push_back(predictor_convolution(predictor / "last_conv", 1));
  for (std::size_t i = 0; i < levels; ++i) {
    quantizers_.emplace_back(
        scope.frozen() / quantizer_name(i),
        LabelQuantizer::Config{.codes = codes(i), .clip_frames = config.clip_frames});
  }
}

/// The raw head of the last level.
Tensor CoarseToFine::predict(Tensor x) const {
  x = ops::gelu(predictor_[0](x));
  x = ops::gelu(predictor_[1](x));
  return waves_of(predictor_[3](predictor_[2](x)));
}

CoarseToFine::Output CoarseToFine::run(Tensor clips) const {
  Output output;
  Tensor x = ops::add_positions(stem_(clips), positions_);
  Tensor projections;
  for (std::size_t i = 0; i < block_levels; ++i) {
    const Level& level = levels_[i];
    output.encoded[i] = level.block(x);
    output.heads[i] = waves_of(level.head(output.encoded[i]));
    output.waves[i] = ops::soft_reconstruction(output.heads[i], quantizers_[i].codes());
    const Tensor projected = level.projection(column_of(output.waves[i]));
    projections = i == 0 ? projected : ops::add(projections, projected);
    x = output.fused[i] = ops::add(output.encoded[i], projections);
  }
  output.heads[block_levels] = predict(x);
  output.waves[block_levels] =
      ops::soft_reconstruction(output.heads[block_levels], quantizers_[block_levels].codes());
  return output;
}

Tensor CoarseToFine::operator()(Tensor clips) const {
  const Shape& shape = clips.shape();
  require_shape("CoarseToFine: clips", shape,
                {shape[0], shape[1], input_.frame_size, input_.frame_size, 3});
  return ops::standardize(run(clips).waves[block_levels], standardize_epsilon);
}

}  // namespace rppg::models
