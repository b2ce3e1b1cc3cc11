#include "ops/softmax.h"

#include "kernels/kernels.h"
#include "tensor/parallel.h"

namespace rppg::ops {

Tensor softmax(Tensor x) {
  Tape& tape = x.tape();
  const int threads = tape.threads();
  const Index width = x.shape()[-1];
  const Index rows = x.count() / (width > 0 ? width : 1);
  const Index blocks = block_count(rows, 4096 / (width + 1));
  const Tensor y = tape.output(x.shape(), {x});
  const float* in = x.values().data();
  float* out = y.mutable_values().data();
  for_blocks(threads, blocks, [&](Index block, int) {
    const Range range = part_of(rows, blocks, block);
    const Index at = range.begin * width;
    kernels().activation.softmax(in + at, range.end - range.begin, width, out + at);
  });
  return tape.record("softmax", y, [=] {
    const float* dy = y.gradient().data();
    float* dx = x.gradient().data();
    for_blocks(threads, blocks, [&](Index block, int) {
      const Range range = part_of(rows, blocks, block);
      const Index at = range.begin * width;
      kernels().activation.add_softmax_gradient(out + at, dy + at, range.end - range.begin, width,
                                                dx + at);
    });
  });
}

}  // namespace rppg::ops
