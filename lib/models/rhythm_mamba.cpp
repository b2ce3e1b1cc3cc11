#include "models/rhythm_mamba.h"

#include <stdexcept>

#include "ops/arithmetic.h"
#include "ops/frames.h"
#include "ops/frequency_filter.h"
#include "ops/time_segments.h"

namespace rppg::models {
namespace {

constexpr Index width = 96;
constexpr Index hidden = 2 * width;
constexpr Index depth = 24;
constexpr Index starting_points = 4;

/// A normal number times 0.02.
constexpr nn::Initialization filter_start{
    .kind = nn::Initialization::Kind::truncated_normal, .a = 0.02, .b = 100};

}  // namespace

RhythmMamba::FrequencyLayer::FrequencyLayer(const nn::Scope& scope)
    : in_(scope / "fc1" / 0, width, hidden, 1, {}, false),
      in_norm_(scope / "fc1" / 1, hidden, Activation::relu),
      real_(scope.parameter("r", {hidden, hidden}, filter_start)),
      imaginary_(scope.parameter("i", {hidden, hidden}, filter_start)),
      real_bias_(scope.parameter("rb", {hidden}, filter_start)),
      imaginary_bias_(scope.parameter("ib", {hidden}, filter_start)),
      out_(scope / "fc2" / 0, hidden, width, 1, {}, false),
      out_norm_(scope / "fc2" / 1, width) {}

Tensor RhythmMamba::FrequencyLayer::operator()(Tensor x) const {
  const Tensor filtered =
      ops::frequency_filter(in_norm_(in_(x)), {real_, imaginary_, real_bias_, imaginary_bias_});
  return out_norm_(out_(filtered));
}

RhythmMamba::Block::Block(const nn::Scope& scope, nn::MambaReach reach)
    : before(scope / "attn" / "norm", width),
      mamba(scope / "attn" / "mamba", {.width = width}, reach),
      after(scope / "norm1", width),
      norm(scope / "norm2", width),
      frequencies(scope / "mlp") {}

Tensor RhythmMamba::Block::operator()(Tensor x) const {
  const Tensor mixed = mamba(before(ops::shifted_copies(x, starting_points)));
  x = ops::add(x, after(ops::mean_of_copies(mixed, starting_points)));
  return ops::add(x, frequencies(norm(x)));
}

RhythmMamba::RhythmMamba(const nn::Scope& scope, const Config& config)
    : input_{.frame_size = config.frame_size,
             .clip_frames = config.clip_frames,
             .frame_multiple = 2,
             .video = VideoScale::standardized,
             .label = LabelScale::standardized},
      stem_(scope, {.channels = width, .pairs = true}),
      last_(scope / "ConvBlockLast", width, 1, 1, {}) {
  for (Index i = 0; i < depth; ++i) blocks_.emplace_back(scope / "blocks" / i, config.reach);
}

Tensor RhythmMamba::operator()(Tensor clips) const {
  const Shape& shape = clips.shape();
  require_shape("RhythmMamba: clips", shape,
                {shape[0], shape[1], input_.frame_size, input_.frame_size, 3});
  if (shape[1] % 2 != 0 || shape[1] < 2 * starting_points) {
    throw std::logic_error("RhythmMamba: the number of frames is odd or below 8");
  }
  Tensor x = stem_(clips);
  for (const Block& block : blocks_) x = block(x);
  const Tensor y = last_(ops::repeat_frames(x));
  return y.tape().view(y, {shape[0], shape[1]});
}

}  // namespace rppg::models
