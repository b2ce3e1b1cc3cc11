#include "ops/layer_norm.h"

#include "kernels/kernels.h"
#include "tensor/parallel.h"

namespace rppg::ops {
namespace {

/// Rows in blocks, and what the backward pass keeps of each row.
struct NormalizedRows {
  Index rows;
  Index width;
  Index blocks;
  const float* mean;
  const float* rstd;
};

void add_parameter_gradients(const NormalizedRows& norm, Tensor x, Tensor weight, Tensor bias,
                             Tensor y) {
  Tape& tape = y.tape();
  const Index size = 2 * norm.width;
  const std::span<float> partial = tape.scratch(norm.blocks * size);
  const float* in = x.values().data();
  const float* dy = y.gradient().data();
  for_blocks(tape.threads(), norm.blocks, [&](Index block, int) {
    float* sums = partial.data() + block * size;
    for (Index i = 0; i < size; ++i) sums[i] = 0;
    const Range range = part_of(norm.rows, norm.blocks, block);
    const Index at = range.begin * norm.width;
    kernels().norm.layer_norm_sums(in + at, norm.mean + range.begin, norm.rstd + range.begin,
                                   dy + at, range.end - range.begin, norm.width, sums);
  });
  const auto add = [&](Tensor parameter, Index from) {
    if (!parameter.wants_gradient()) return;
    const std::span<float> gradient = parameter.gradient();
    for (Index c = 0; c < norm.width; ++c) {
      double sum = 0;
      for (Index block = 0; block < norm.blocks; ++block) {
        sum += double{partial[static_cast<std::size_t>(block * size + from + c)]};
      }
      gradient[static_cast<std::size_t>(c)] += static_cast<float>(sum);
    }
  };
  add(weight, 0);
  add(bias, norm.width);
}

void add_input_gradient(const NormalizedRows& norm, Tensor x, Tensor weight, Tensor y) {
  const float* in = x.values().data();
  const float* weights = weight.values().data();
  const float* dy = y.gradient().data();
  float* dx = x.gradient().data();
  for_blocks(y.tape().threads(), norm.blocks, [&](Index block, int) {
    const Range range = part_of(norm.rows, norm.blocks, block);
    const Index at = range.begin * norm.width;
    kernels().norm.add_layer_norm_gradient(in + at, weights, norm.mean + range.begin,
                                           norm.rstd + range.begin, dy + at,
                                           range.end - range.begin, norm.width, dx + at);
  });
}

}  // namespace

Tensor layer_norm(Tensor x, Tensor weight, Tensor bias, float epsilon) {
  const Index width = x.shape()[-1];
  require_shape("layer_norm: weight", weight.shape(), {width});
  require_shape("layer_norm: bias", bias.shape(), {width});
  Tape& tape = x.tape();
  const Tensor y = tape.output(x.shape(), {x, weight, bias});
  tape.count_cost("layer_norm", weight, y, 0);
  const Index rows = width > 0 ? x.count() / width : 0;
  const std::span<float> mean = tape.scratch(rows);
  const std::span<float> rstd = tape.scratch(rows);
  const NormalizedRows norm{rows, width, block_count(rows, 8192 / (width + 1)), mean.data(),
                            rstd.data()};
  const float* in = x.values().data();
  const float* weights = weight.values().data();
  const float* biases = bias.values().data();
  float* out = y.mutable_values().data();
  for_blocks(tape.threads(), norm.blocks, [&](Index block, int) {
    const Range range = part_of(rows, norm.blocks, block);
    const Index at = range.begin * width;
    kernels().norm.layer_norm(in + at, weights, biases, epsilon, range.end - range.begin, width,
                              out + at, mean.data() + range.begin, rstd.data() + range.begin);
  });
  return tape.record("layer_norm", y, [=] {
    if (weight.wants_gradient() || bias.wants_gradient()) {
      add_parameter_gradients(norm, x, weight, bias, y);
    }
    if (x.wants_gradient()) add_input_gradient(norm, x, weight, y);
  });
}

}  // namespace rppg::ops
