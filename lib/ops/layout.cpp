#include "ops/layout.h"

#include <algorithm>

#include "kernels/kernels.h"
#include "tensor/parallel.h"

namespace rppg::ops {
namespace {

/// Pictures and how their pixels lie side by side once folded.
struct Folding {
  Index height, width, channels;
  Index size;
  Index folded_height, folded_width;

  Folding(const Shape& x, Index block)
      : height(x[2]),
        width(x[3]),
        channels(x[4]),
        size(block),
        folded_height((height + size - 1) / size),
        folded_width((width + size - 1) / size) {}

  Index picture() const { return height * width * channels; }
  Index block() const { return size * size * channels; }
  Index folded() const { return folded_height * folded_width * block(); }
  bool even() const { return height % size == 0 && width % size == 0; }

  /// Calls visit(place in the picture, numbers of it in a row of a block, blocks, place in the
  /// folded picture) for each row of pixels, its whole blocks and what is left of it.
  template <class Visit>
  void for_rows(const Visit& visit) const {
    const Index run = size * channels, whole = width / size, left = width % size * channels;
    for (Index y = 0; y < height; ++y) {
      const Index from = y * width * channels;
      const Index to = y / size * folded_width * block() + y % size * run;
      visit(from, run, whole, to);
      if (left > 0) visit(from + whole * run, left, Index{1}, to + whole * block());
    }
  }
};

}  // namespace

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

Tensor fold_pixels(Tensor x, Index size) {
  if (size == 1) return x;
  const Shape& shape = x.shape();
  const Folding folding(shape, size);
  const Index frames = shape[0] * shape[1];
  Tape& tape = x.tape();
  const Tensor y = tape.output(
      {shape[0], shape[1], folding.folded_height, folding.folded_width, folding.block()}, {x});
  for_blocks(tape.threads(), frames, [&](Index f, int) {
    const float* picture = x.values().data() + f * folding.picture();
    float* folded = y.mutable_values().data() + f * folding.folded();
    if (!folding.even()) std::fill_n(folded, folding.folded(), 0.0F);
    folding.for_rows([&](Index from, Index n, Index count, Index to) {
      kernels().elementwise.copy_runs(picture + from, n, count, n, folded + to, folding.block());
    });
  });
  return tape.record("fold_pixels", y, [=] {
    float* dx = x.gradient().data();
    const float* dy = y.gradient().data();
    for_blocks(y.tape().threads(), frames, [&](Index f, int) {
      folding.for_rows([&](Index to, Index n, Index count, Index from) {
        kernels().elementwise.add_runs(dy + f * folding.folded() + from, folding.block(), count, n,
                                       dx + f * folding.picture() + to, n);
      });
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
