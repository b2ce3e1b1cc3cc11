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

CoarseToFine::Head::Head(const nn::Scope& scope, const std::string& number)
    : head(scope / ("mamba" + number + "_token_head"), width, 1, 1, {}),
      projection(scope / ("mamba" + number + "_scalar_projection"), 1, width, 1, {}) {}

CoarseToFine::CoarseToFine(const nn::Scope& scope, const Config& config)
    : config_(config),
      input_{.frame_size = config.frame_size,
             .clip_frames = config.clip_frames,
             .bounded = true,
             .video = VideoScale::standardized,
             .label = LabelScale::standardized},
      stem_(scope, {.channels = width}),
      positions_(scope.parameter("position_embedding", {1, config.clip_frames, width}, {})) {
  for (std::size_t i = 0; i < block_levels; ++i) {
    const std::string number = std::to_string(i + 1);
    blocks_.emplace_back(scope / ("mamba_" + number) / 0, nn::MambaSizes{.width = width});
    if (has_head(i)) heads_[i].emplace(scope, number);
  }
  const nn::Scope predictor = scope / "rppg_predictor";
  for (const Index i : {0, 2, 4}) {
    predictor_.push_back(predictor_convolution(predictor / "time_feature_extractor" / i, width));
  }
  predictor_.push_back(predictor_convolution(predictor / "last_conv", 1));
  for (std::size_t i = 0; i < levels; ++i) {
    if (!has_head(i)) continue;
    quantizers_[i].emplace(scope.frozen() / quantizer_name(i),
                           LabelQuantizer::Config{.codes = Index{1} << config.bits[i],
                                                  .clip_frames = config.clip_frames});
  }
}

Tensor CoarseToFine::wave(Tensor head, std::size_t level) const {
  return config_.soft_codes ? ops::soft_reconstruction(head, quantizers_[level]->codes()) : head;
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
    x = output.encoded[i] = blocks_[i](x);
    if (heads_[i]) {
      output.heads[i] = waves_of(heads_[i]->head(x));
      output.waves[i] = wave(output.heads[i], i);
      const Tensor projected = heads_[i]->projection(column_of(output.waves[i]));
      projections = projections ? ops::add(projections, projected) : projected;
    }
    if (projections) x = ops::add(x, projections);
    output.fused[i] = x;
  }
  output.heads[block_levels] = predict(x);
  output.waves[block_levels] = wave(output.heads[block_levels], block_levels);
  return output;
}

Tensor CoarseToFine::pulse(const Output& output) {
  return ops::standardize(output.waves[block_levels], standardize_epsilon);
}

Tensor CoarseToFine::operator()(Tensor clips) const {
  const Shape& shape = clips.shape();
  require_shape("CoarseToFine: clips", shape,
                {shape[0], shape[1], input_.frame_size, input_.frame_size, 3});
  return pulse(run(clips));
}

}  // namespace rppg::models
