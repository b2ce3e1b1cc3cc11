#include "ops/layout.h"

#include "kernels/kernels.h"
#include "tensor/parallel.h"

namespace rppg::ops {

Tensor flatten_channels_first(Tensor x) {
  const Shape& shape = x.shape();
  const Index frames = shape[0] * shape[1], pixels = shape[2] * shape[3], channels = shape[4];
  Tape& tape = x.tape();
  const Tensor y = tape.output({shape[0], shape[1], channels * pixels}, {x});
  for_blocks(tape.threads(), frames, [&](Index f, int) {
    const Index at = f * pixels * channels;
    kernels().matrix.transpose(x.values().data() + at, channels, pixels, channels,
                               y.mutable_values().data() + at, pixels);
  });
  return tape.record("flatten_channels_first", y, [=] {
    float* dx = x.gradient().data();
    const float* dy = y.gradient().data();
    for_blocks(y.tape().threads(), frames, [&](Index f, int) {
      const Index at = f * pixels * channels;
      for (Index i = 0; i < pixels; ++i) {
        for (Index c = 0; c < channels; ++c) dx[at + i * channels + c] += dy[at + c * pixels + i];
      }
    });
  });
}

Tensor frame_range(Tensor x, Index clip, Index begin, Index end) {
  const Shape& shape = x.shape();
  const Index size = x.count() / (shape[0] * shape[1]);
  const auto first = static_cast<std::size_t>((clip * shape[1] + begin) * size);
  const auto count = static_cast<std::size_t>((end - begin) * size);
  return x.tape().input(x.values().subspan(first, count), shape.with(0, 1).with(1, end - begin));
}

}  // namespace rppg::ops
