// Sums over pixels; Winograd's transforms, one vector of channels at a time.
#pragma once

#include "kernels/activation.inc.h"
#include "kernels/convolution.h"
#include "kernels/simd.inc.h"

namespace rppg {
namespace {

/// The activations that convolutions are fused with.
[[gnu::always_inline]] inline Vec activated(Vec x, Activation activation) {
  switch (activation) {
    case Activation::tanh:
      return activation_of<Activation::tanh>(x);
    case Activation::relu:
      return activation_of<Activation::relu>(x);
    default:
      return x;
  }
}

[[gnu::always_inline]] inline Vec slope_of(Vec y, Activation activation) {
  return activation == Activation::tanh ? activation_slope<Activation::tanh>(y)
                                        : activation_slope<Activation::relu>(y);
}

void add_pixels(const float* picture, Index pixels, Index channels, float* sums) {
  Index c = 0;
  for (; c + lanes <= channels; c += lanes) {
    Vec sum = load(sums + c);
    for (Index i = 0; i < pixels; ++i) sum += load(picture + i * channels + c);
    store(sums + c, sum);
  }
  if (c == channels) return;
  Vec sum = load_first(sums + c, channels - c);
  for (Index i = 0; i < pixels; ++i) {
    sum += load_first(picture + i * channels + c, channels - c);
  }
  store_first(sums + c, sum, channels - c);
}

/// One vector of channels: all lanes, or the first n.
template <bool Whole>
struct Channels {
  Index n;

  [[gnu::always_inline]] Vec get(const float* from) const {
    return Whole ? load(from) : load_first(from, n);
  }
  [[gnu::always_inline]] void put(float* to, Vec v) const {
    if (Whole) {
      store(to, v);
    } else {
      store_first(to, v, n);
    }
  }
};

// One axis of a tile each: six numbers in, six out (or M for the output), and the adjoints.

[[gnu::always_inline]] inline void input_axis(const Vec d[6], Vec t[6]) {
  const Vec even = d[4] - 4.0F * d[2], odd = d[3] - 4.0F * d[1];
  const Vec far_even = d[4] - d[2], far_odd = 2.0F * (d[3] - d[1]);
  t[0] = 4.0F * d[0] - 5.0F * d[2] + d[4];
  t[1] = even + odd;
  t[2] = even - odd;
  t[3] = far_even + far_odd;
  t[4] = far_even - far_odd;
  t[5] = 4.0F * d[1] - 5.0F * d[3] + d[5];
}

[[gnu::always_inline]] inline void input_axis_adjoint(const Vec t[6], Vec d[6]) {
  const Vec sum = t[1] + t[2], difference = t[1] - t[2];
  const Vec far_sum = t[3] + t[4], far_difference = t[3] - t[4];
  d[0] = 4.0F * t[0];
  d[1] = 4.0F * (t[5] - difference) - 2.0F * far_difference;
  d[2] = -5.0F * t[0] - 4.0F * sum - far_sum;
  d[3] = difference + 2.0F * far_difference - 5.0F * t[5];
  d[4] = t[0] + sum + far_sum;
  d[5] = t[5];
}

template <int M>
[[gnu::always_inline]] inline void output_axis(const Vec m[6], Vec y[M]) {
  const Vec sum = m[1] + m[2], difference = m[1] - m[2];
  const Vec far_sum = m[3] + m[4], far_difference = m[3] - m[4];
  y[0] = m[0] + sum + far_sum;
  y[1] = difference + 2.0F * far_difference;
  if constexpr (M > 2) y[2] = sum + 4.0F * far_sum;
  if constexpr (M > 3) y[3] = difference + 8.0F * far_difference;
  y[M - 1] += m[5];
}

template <int M>
[[gnu::always_inline]] inline void output_axis_adjoint(const Vec y[M], Vec m[6]) {
  const Vec even = M > 2 ? y[0] + y[2] : y[0];
  const Vec odd = M > 3 ? y[1] + y[3] : y[1];
  const Vec far_even = M > 2 ? y[0] + 4.0F * y[2] : y[0];
  const Vec far_odd = M > 3 ? 2.0F * y[1] + 8.0F * y[3] : 2.0F * y[1];
  m[0] = y[0];
  m[1] = even + odd;
  m[2] = even - odd;
  m[3] = far_even + far_odd;
  m[4] = far_even - far_odd;
  m[5] = y[M - 1];
}

/// Where a tile lies in its picture: rows and columns [begin, end) of its N x N pixels are inside.
struct TilePlace {
  Index y, x;  ///< of its first pixel
  Index row_begin, row_end, column_begin, column_end;

  bool holds(Index row, Index column) const {
    return row >= row_begin && row < row_end && column >= column_begin && column < column_end;
  }
};

TilePlace place_of(const WinogradTiles& tiles, Index tile, Index size, Index padding) {
  TilePlace place{};
  place.y = tile / tiles.per_row * tiles.outputs - padding;
  place.x = tile % tiles.per_row * tiles.outputs - padding;
  place.row_begin = place.y < 0 ? -place.y : 0;
  place.column_begin = place.x < 0 ? -place.x : 0;
  place.row_end = place.y + size > tiles.height ? tiles.height - place.y : size;
  place.column_end = place.x + size > tiles.width ? tiles.width - place.x : size;
  return place;
}

/// A tile of which all pixels are inside.
struct WholeTile {
  Index y, x;

  static constexpr bool holds(Index, Index) { return true; }
};

/// Calls work(place, transformed numbers of the tile, first channel, channels) for every tile and
/// vector of channels.
template <class Work>
[[gnu::always_inline]] inline void for_tiles(const WinogradTiles& tiles, Index size, Index padding,
                                             const Work& work) {
  const auto for_channels = [&](const auto& place, Index base) {
    Index c = 0;
    for (; c + lanes <= tiles.channels; c += lanes) work(place, base + c, c, Channels<true>{lanes});
    if (c < tiles.channels) work(place, base + c, c, Channels<false>{tiles.channels - c});
  };
  for (Index tile = 0; tile < tiles.count; ++tile) {
    const TilePlace place = place_of(tiles, tiles.first + tile, size, padding);
    if (place.row_begin == 0 && place.column_begin == 0 && place.row_end == size &&
        place.column_end == size) {
      for_channels(WholeTile{place.y, place.x}, tile * tiles.channels);
    } else {
      for_channels(place, tile * tiles.channels);
    }
  }
}

void winograd_input(const WinogradTiles& tiles, const float* picture, float* transformed) {
  const Index row_step = tiles.width * tiles.channels;
  for_tiles(
      tiles, 6, tiles.padding, [&](const auto& place, Index at, Index c, const auto& channels) {
        const float* from = picture + place.y * row_step + place.x * tiles.channels + c;
        Vec columns[6][6];  // transformed along the rows axis, by column
#pragma GCC unroll 6
        for (Index j = 0; j < 6; ++j) {
          Vec d[6];
#pragma GCC unroll 6
          for (Index i = 0; i < 6; ++i) {
            d[i] =
                place.holds(i, j) ? channels.get(from + i * row_step + j * tiles.channels) : Vec{};
          }
          input_axis(d, columns[j]);
        }
#pragma GCC unroll 6
        for (Index i = 0; i < 6; ++i) {
          const Vec d[6] = {columns[0][i], columns[1][i], columns[2][i],
                            columns[3][i], columns[4][i], columns[5][i]};
          Vec t[6];
          input_axis(d, t);
#pragma GCC unroll 6
          for (Index j = 0; j < 6; ++j) {
            channels.put(transformed + (6 * i + j) * tiles.point + at, t[j]);
          }
        }
      });
}

void winograd_input_adjoint(const WinogradTiles& tiles, const float* transformed, float* gradient) {
  const Index row_step = tiles.width * tiles.channels;
  for_tiles(
      tiles, 6, tiles.padding, [&](const auto& place, Index at, Index c, const auto& channels) {
        Vec rows[6][6];
        for (Index i = 0; i < 6; ++i) {
          Vec t[6];
          for (Index j = 0; j < 6; ++j) {
            t[j] = channels.get(transformed + (6 * i + j) * tiles.point + at);
          }
          input_axis_adjoint(t, rows[i]);
        }
        float* to = gradient + place.y * row_step + place.x * tiles.channels + c;
#pragma GCC unroll 6
        for (Index j = 0; j < 6; ++j) {
          const Vec t[6] = {rows[0][j], rows[1][j], rows[2][j], rows[3][j], rows[4][j], rows[5][j]};
          Vec d[6];
          input_axis_adjoint(t, d);
          for (Index i = 0; i < 6; ++i) {
            if (!place.holds(i, j)) continue;
            float* pixel = to + i * row_step + j * tiles.channels;
            channels.put(pixel, channels.get(pixel) + d[i]);
          }
        }
      });
}

template <int M>
void winograd_output_of(const WinogradTiles& tiles, const float* transformed, const float* bias,
                        Activation activation, float* picture) {
  const Index row_step = tiles.width * tiles.channels;
  for_tiles(tiles, M, 0, [&](const auto& place, Index at, Index c, const auto& channels) {
    Vec rows[6][M];
    for (Index i = 0; i < 6; ++i) {
      Vec m[6];
      for (Index j = 0; j < 6; ++j) {
        m[j] = channels.get(transformed + (6 * i + j) * tiles.point + at);
      }
      output_axis<M>(m, rows[i]);
    }
    const Vec start = bias != nullptr ? channels.get(bias + c) : Vec{};
    float* to = picture + place.y * row_step + place.x * tiles.channels + c;
    for (Index j = 0; j < M; ++j) {
      const Vec m[6] = {rows[0][j], rows[1][j], rows[2][j], rows[3][j], rows[4][j], rows[5][j]};
      Vec y[M];
      output_axis<M>(m, y);
      for (Index i = 0; i < M; ++i) {
        if (!place.holds(i, j)) continue;
        channels.put(to + i * row_step + j * tiles.channels, activated(y[i] + start, activation));
      }
    }
  });
}

template <int M>
void winograd_output_adjoint_of(const WinogradTiles& tiles, const float* picture,
                                const float* gradient, Activation activation, float* transformed,
                                float* bias_gradient) {
  const Index row_step = tiles.width * tiles.channels;
  for_tiles(tiles, M, 0, [&](const auto& place, Index at, Index c, const auto& channels) {
    const Index start = place.y * row_step + place.x * tiles.channels + c;
    Vec total{};
    Vec columns[M][6];
    for (Index j = 0; j < M; ++j) {
      Vec dy[M];
      for (Index i = 0; i < M; ++i) {
        const Index pixel = start + i * row_step + j * tiles.channels;
        dy[i] = Vec{};
        if (place.holds(i, j)) {
          dy[i] = channels.get(gradient + pixel);
          if (activation != Activation::none) {
            dy[i] *= slope_of(channels.get(picture + pixel), activation);
          }
        }
        total += dy[i];
      }
      output_axis_adjoint<M>(dy, columns[j]);
    }
    for (Index i = 0; i < 6; ++i) {
      Vec dy[M];
      for (Index j = 0; j < M; ++j) dy[j] = columns[j][i];
      Vec m[6];
      output_axis_adjoint<M>(dy, m);
      for (Index j = 0; j < 6; ++j) {
        channels.put(transformed + (6 * i + j) * tiles.point + at, m[j]);
      }
    }
    if (bias_gradient != nullptr) {
      channels.put(bias_gradient + c, channels.get(bias_gradient + c) + total);
    }
  });
}

void winograd_output(const WinogradTiles& tiles, const float* transformed, const float* bias,
                     Activation activation, float* picture) {
  switch (tiles.outputs) {
    case 2:
      return winograd_output_of<2>(tiles, transformed, bias, activation, picture);
    case 3:
      return winograd_output_of<3>(tiles, transformed, bias, activation, picture);
    default:
      return winograd_output_of<4>(tiles, transformed, bias, activation, picture);
  }
}

void winograd_output_adjoint(const WinogradTiles& tiles, const float* picture,
                             const float* gradient, Activation activation, float* transformed,
                             float* bias_gradient) {
  switch (tiles.outputs) {
    case 2:
      return winograd_output_adjoint_of<2>(tiles, picture, gradient, activation, transformed,
                                           bias_gradient);
    case 3:
      return winograd_output_adjoint_of<3>(tiles, picture, gradient, activation, transformed,
                                           bias_gradient);
    default:
      return winograd_output_adjoint_of<4>(tiles, picture, gradient, activation, transformed,
                                           bias_gradient);
  }
}

constexpr ConvolutionKernels convolution_kernels{
    .add_pixels = add_pixels,
    .winograd_input = winograd_input,
    .winograd_output = winograd_output,
    .winograd_input_adjoint = winograd_input_adjoint,
    .winograd_output_adjoint = winograd_output_adjoint};

}  // namespace
}  // namespace rppg
