#include "ops/pooling.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "kernels/kernels.h"
#include "ops/partial_sums.h"
#include "tensor/parallel.h"

namespace rppg::ops {
namespace {

constexpr Index most_rows = 4;

AttentionPool attention_of(Tensor x, Tensor weight, Tensor bias) {
  return {.height = x.shape()[2],
          .width = x.shape()[3],
          .channels = x.shape()[4],
          .weight = weight.values().data(),
          .bias = bias.values()[0]};
}

void attention_pool_backward(Tensor x, Tensor weight, Tensor bias, Tensor y,
                             std::span<const float> gates, std::span<const float> gate_sums) {
  Tape& tape = y.tape();
  const AttentionPool attention = attention_of(x, weight, bias);
  const Index frames = x.shape()[0] * x.shape()[1];
  const Index pixels = attention.height * attention.width;
  const Index size = pixels * attention.channels;
  const Index out_size = y.count() / frames;
  const float* dy = y.gradient().data();
  float* dx = x.wants_gradient() ? x.gradient().data() : nullptr;
  const Arena::Mark mark = tape.arena().mark();
  float* const slopes = tape.scratch(tape.threads() * pixels).data();
  const auto channels = static_cast<std::size_t>(attention.channels);
  const auto sums =
      sum_over_blocks(tape, frames, attention.channels + 1, [&](Index f, int thread, float* dw) {
        kernels().pooling.attention_pool_gradient(
            attention, x.values().data() + f * size, gates.data() + f * pixels,
            gate_sums[static_cast<std::size_t>(f)], dy + f * out_size, slopes + thread * pixels,
            dx != nullptr ? dx + f * size : nullptr, dw, dw + attention.channels);
      });
  add_to_gradient(weight, sums.first(channels));
  add_to_gradient(bias, sums.subspan(channels));
  tape.arena().rewind(mark);
}

/// Sizes of a pooling of 2 x 2 pixels of some frames, and the rows that become one.
struct MaxPool {
  Index frames, height, width, channels;  ///< of x
  Index pooled;                           ///< frames that become one
  Index out_frames, out_height, out_width;

  MaxPool(const Shape& x, Index frames_pooled)
      : frames(x[1]),
        height(x[2]),
        width(x[3]),
        channels(x[4]),
        pooled(frames_pooled),
        out_frames(frames / pooled),
        out_height(height / 2),
        out_width(width / 2) {}

  Index rows() const { return 2 * pooled; }
  Index out_row() const { return out_width * channels; }
  /// The rows in `base`, an array like x, that row y of output frame `frame` is made from.
  template <class T>
  std::array<T*, most_rows> rows_in(T* base, Index frame, Index y) const {
    std::array<T*, most_rows> places{};
    const Index first = frame / out_frames * frames + frame % out_frames * pooled;
    for (Index i = 0; i < rows(); ++i) {
      places[static_cast<std::size_t>(i)] =
          base + ((first + i / 2) * height + 2 * y + i % 2) * width * channels;
    }
    return places;
  }
};

}  // namespace

Tensor attention_pool(Tensor x, Tensor weight, Tensor bias) {
  const Shape& shape = x.shape();
  require_shape("attention_pool: weight", weight.shape(), {1, shape[4], 1, 1});
  require_shape("attention_pool: bias", bias.shape(), {1});
  Tape& tape = x.tape();
  const Index frames = shape[0] * shape[1], pixels = shape[2] * shape[3];
  const Tensor y =
      tape.output({shape[0], shape[1], shape[2] / 2, shape[3] / 2, shape[4]}, {x, weight, bias});
  tape.count_cost("attention_pool", weight, tape.output({frames, pixels}, {}), shape[4]);
  tape.count_cost("average_pool", Tensor(), y, 0, 4);
  const AttentionPool attention = attention_of(x, weight, bias);
  const std::span<float> gates = tape.scratch(frames * pixels);
  const std::span<float> gate_sums = tape.scratch(frames);
  for_blocks(tape.threads(), frames, [&](Index f, int) {
    gate_sums[static_cast<std::size_t>(f)] = kernels().pooling.attention_pool(
        attention, x.values().data() + f * pixels * shape[4], gates.data() + f * pixels,
        y.mutable_values().data() + f * (y.count() / frames));
  });
  return tape.record("attention_pool", y, [x, weight, bias, y, gates, gate_sums] {
    attention_pool_backward(x, weight, bias, y, gates, gate_sums);
  });
}

Tensor max_pool(Tensor x, Index frames) {
  if (frames < 1 || 2 * frames > most_rows) throw std::logic_error("max_pool: 1 or 2 frames");
  const MaxPool pool(x.shape(), frames);
  Tape& tape = x.tape();
  const Tensor y = tape.output(
      {x.shape()[0], pool.out_frames, pool.out_height, pool.out_width, pool.channels}, {x});
  const Index count = x.shape()[0] * pool.out_frames;
  for_blocks(tape.threads(), count, [&](Index frame, int) {
    for (Index row = 0; row < pool.out_height; ++row) {
      kernels().pooling.maximum(
          pool.rows_in(x.values().data(), frame, row).data(), pool.rows(), pool.out_width,
          pool.channels,
          y.mutable_values().data() + (frame * pool.out_height + row) * pool.out_row());
    }
  });
  return tape.record("max_pool", y, [x, y, pool, count] {
    float* dx = x.gradient().data();
    for_blocks(y.tape().threads(), count, [&](Index frame, int) {
      for (Index row = 0; row < pool.out_height; ++row) {
        const Index at = (frame * pool.out_height + row) * pool.out_row();
        kernels().pooling.maximum_gradient(pool.rows_in(x.values().data(), frame, row).data(),
                                           pool.rows(), pool.out_width, pool.channels,
                                           y.values().data() + at, y.gradient().data() + at,
                                           pool.rows_in(dx, frame, row).data());
      }
    });
  });
}

Tensor gated_mean(Tensor x) {
  const Shape& shape = x.shape();
  const Index frames = shape[0] * shape[1], pixels = shape[2] * shape[3], channels = shape[4];
  Tape& tape = x.tape();
  const Tensor y = tape.output({shape[0], shape[1], channels}, {x});
  const std::span<float> sums = tape.scratch(frames * channels);
  for_blocks(tape.threads(), frames, [&](Index f, int) {
    kernels().pooling.gated_mean(x.values().data() + f * pixels * channels, pixels, channels,
                                 y.mutable_values().data() + f * channels,
                                 sums.data() + f * channels);
  });
  return tape.record("gated_mean", y, [=] {
    float* dx = x.gradient().data();
    const float* dy = y.gradient().data();
    for_blocks(y.tape().threads(), frames, [&](Index f, int) {
      kernels().pooling.add_gated_mean_gradient(x.values().data() + f * pixels * channels, pixels,
                                                channels, y.values().data() + f * channels,
                                                sums.data() + f * channels, dy + f * channels,
                                                dx + f * pixels * channels);
    });
  });
}

Tensor picture_mean(Tensor x) {
  const Shape& shape = x.shape();
  const Index frames = shape[0] * shape[1], pixels = shape[2] * shape[3], channels = shape[4];
  Tape& tape = x.tape();
  const Tensor y = tape.output({shape[0], shape[1], channels}, {x});
  tape.count_cost("picture_mean", Tensor(), y, 0, pixels);
  const float share = 1.0F / static_cast<float>(pixels);
  for_blocks(tape.threads(), frames, [&](Index f, int) {
    float* to = y.mutable_values().data() + f * channels;
    std::fill(to, to + channels, 0.0F);
    kernels().convolution.add_pixels(x.values().data() + f * pixels * channels, pixels, channels,
                                     to);
    for (Index c = 0; c < channels; ++c) to[c] *= share;
  });
  return tape.record("picture_mean", y, [=] {
    float* dx = x.gradient().data();
    const float* dy = y.gradient().data();
    for_blocks(y.tape().threads(), frames, [&](Index f, int) {
      for (Index i = 0; i < pixels; ++i) {
        float* to = dx + (f * pixels + i) * channels;
        for (Index c = 0; c < channels; ++c) to[c] += share * dy[f * channels + c];
      }
    });
  });
}

}  // namespace rppg::ops
