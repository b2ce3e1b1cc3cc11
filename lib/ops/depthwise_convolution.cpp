#include "ops/depthwise_convolution.h"

#include <algorithm>

#include "kernels/kernels.h"
#include "tensor/parallel.h"

namespace rppg::ops {
namespace {

constexpr Index block_channels = 16;
constexpr Index worth_a_thread = 1 << 15;  // numbers

/// Calls work(first channel, channels, first row of the clip) for each block of channels and, in
/// it, each clip.
template <class Work>
void for_clips(const Shape& shape, int threads, const Work& work) {
  const Index blocks = (shape[2] + block_channels - 1) / block_channels;
  for_blocks(shape.count() < worth_a_thread ? 1 : threads, blocks, [&](Index block, int) {
    const Index first = block * block_channels;
    const Index channels = std::min(block_channels, shape[2] - first);
    for (Index b = 0; b < shape[0]; ++b) work(first, channels, b * shape[1]);
  });
}

}  // namespace

Tensor depthwise_convolution(Columns x, Tensor weight, Tensor bias,
                             const DepthwiseOptions& options) {
  const Shape shape = x.shape();
  require_shape("depthwise_convolution: x", shape, {shape[0], shape[1], shape[2]});
  require_shape("depthwise_convolution: weight", weight.shape(), {x.width, 1, depthwise_taps});
  require_shape("depthwise_convolution: bias", bias.shape(), {x.width});

  Tape& tape = x.tape();
  const int threads = tape.threads();
  const Tensor y = tape.output(shape, {x.tensor, weight, bias});
  const RowOrder order = row_order(options.direction, shape[1]);
  const auto sequence = [=](Index first, Index channels, Index row) {
    return DepthwiseSequence{.steps = shape[1],
                             .channels = channels,
                             .silu = options.silu,
                             .x = x.values() + (row + order.first) * x.row() + first,
                             .x_row = order.step * x.row(),
                             .weight = weight.values().data() + first * depthwise_taps,
                             .bias = bias.values().data() + first};
  };
  for_clips(shape, threads, [&](Index first, Index channels, Index row) {
    kernels().depthwise.forward(sequence(first, channels, row),
                                y.mutable_values().data() + (row + order.first) * shape[2] + first,
                                order.step * shape[2]);
  });
  tape.count_cost("depthwise_convolution", weight, y, depthwise_taps);

  return tape.record("depthwise_convolution", y, [=] {
    const float* dy = y.gradient().data();
    float* dx = x.wants_gradient() ? x.gradient() : nullptr;
    float* dweight = weight.wants_gradient() ? weight.gradient().data() : nullptr;
    float* dbias = bias.wants_gradient() ? bias.gradient().data() : nullptr;
    for_clips(shape, threads, [&](Index first, Index channels, Index row) {
      const Index start = row + order.first;
      kernels().depthwise.backward(
          sequence(first, channels, row),
          {.dy = dy + start * shape[2] + first,
           .dy_row = order.step * shape[2],
           .dx = dx != nullptr ? dx + start * x.row() + first : nullptr,
           .dx_row = order.step * x.row(),
           .dweight = dweight != nullptr ? dweight + first * depthwise_taps : nullptr,
           .dbias = dbias != nullptr ? dbias + first : nullptr});
    });
  });
}

}  // namespace rppg::ops
