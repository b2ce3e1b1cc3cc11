#include "models/label_quantizer.h"

#include <algorithm>

#include "ops/activation.h"
#include "ops/arithmetic.h"
#include "ops/losses.h"
#include "ops/positions.h"

namespace rppg::models {
namespace {

constexpr Index taps = 5;

/// Convolution i of the stack; GELUs lie between them.
nn::Convolution1d convolution(const nn::Scope& scope, Index i) {
  const Index dilation = Index{1} << i;
  return {scope / "encoder" / "dilated_conv_block" / (2 * i),
          1,
          1,
          taps,
          {.dilation = dilation, .padding = taps / 2 * dilation}};
}

/// Codes and sums start independently of each other.
nn::Initialization code_start(Index codes) {
  return {nn::Initialization::Kind::uniform, 1 / static_cast<double>(codes)};
}

}  // namespace

LabelQuantizer::LabelQuantizer(const nn::Scope& scope, const Config& config)
    : convolutions_{convolution(scope, 0), convolution(scope, 1), convolution(scope, 2),
                    convolution(scope, 3), convolution(scope, 4)},
      positions_(
          (scope / "encoder").parameter("position_embedding", {1, config.clip_frames, 1}, {})),
      block_(scope / "encoder" / "mamba_encoder" / 0, {.width = 1}),
      codes_((scope / "quantizer" / "embeddings")
                 .buffer("weight", {config.codes, 1}, code_start(config.codes))),
      sums_((scope / "quantizer").buffer("ema_w", {config.codes, 1}, code_start(config.codes))),
      counts_((scope / "quantizer").buffer("ema_cluster_size", {config.codes}, 0)) {}

Tensor LabelQuantizer::filtered(Tensor waves) const {
  Tape& tape = waves.tape();
  const Tensor x = tape.view(waves, {waves.shape()[0], waves.shape()[1], 1});
  Tensor a = convolutions_[0](x);
  for (std::size_t i = 1; i < convolutions_.size(); ++i) a = convolutions_[i](ops::gelu(a));
  return tape.view(ops::add(x, a), waves.shape());
}

Tensor LabelQuantizer::drift(Tape& tape, Index frames) const {
  const std::span<float> zeros = tape.scratch(frames);
  std::fill(zeros.begin(), zeros.end(), 0.0F);
  return tape.view(block_.branch(tape.input(zeros, {1, frames, 1})), {frames, 1});
}

Tensor LabelQuantizer::encode(Tensor waves) const {
  Tape& tape = waves.tape();
  const Index frames = waves.shape()[1];
  Tensor x = tape.view(filtered(waves), {waves.shape()[0], frames, 1});
  x = ops::add_bias(ops::add_positions(x, positions_), drift(tape, frames));
  return tape.view(x, waves.shape());
}

LabelQuantizer::Output LabelQuantizer::operator()(Tensor waves) const {
  const Tensor encoded = encode(waves);
  const ops::Quantized quantized = ops::quantize(encoded, codes_);
  constexpr float commitment_weight = 0.5F;
  const Tensor distance = ops::mean_squared_error(encoded, quantized.values);
  return {encoded, quantized.values, ops::scale(distance, commitment_weight), quantized.tokens};
}

void LabelQuantizer::follow(const Output& output, const ops::CodeBookRule& rule) const {
  ops::follow(codes_, sums_, counts_, output.encoded, output.tokens, rule);
}

}  // namespace rppg::models
