// Pooling, a vector of channels at a time; gates, a vector of pixels at a time.
#pragma once

#include "kernels/pooling.h"
#include "kernels/simd.inc.h"
#include "kernels/vector_math.inc.h"

namespace rppg {
namespace {

/// Dot product of one pixel with the weight, before its lanes are summed.
[[gnu::always_inline]] inline Vec products(const float* a, const float* b, Index n) {
  Vec sum{};
  Index c = 0;
  for (; c + lanes <= n; c += lanes) sum += load(a + c) * load(b + c);
  if (c < n) sum += load_first(a + c, n - c) * load_first(b + c, n - c);
  return sum;
}

/// Calls use(first pixel, count, dot products) for pixels in vectors; left(i) and right(i) are the
/// two factors of pixel i.
template <class Left, class Right, class Use>
[[gnu::always_inline]] inline void for_dots(Index pixels, Index channels, const Left& left,
                                            const Right& right, const Use& use) {
  for (Index first = 0; first < pixels; first += lanes) {
    const Index count = pixels - first < lanes ? pixels - first : lanes;
    Vec parts[lanes];
    for (Index i = 0; i < count; ++i) {
      parts[i] = products(left(first + i), right(first + i), channels);
    }
    for (Index i = count; i < lanes; ++i) parts[i] = Vec{};
    use(first, count, lane_totals(parts));
  }
}

[[gnu::always_inline]] inline void store_some(float* to, Vec v, Index count) {
  if (count == lanes) {
    store(to, v);
  } else {
    store_first(to, v, count);
  }
}

float attention_pool(const AttentionPool& a, const float* x, float* gates, float* y) {
  const Index pixels = a.height * a.width;
  Vec sum{};
  for_dots(
      pixels, a.channels, [&](Index i) { return x + i * a.channels; },
      [&](Index) { return a.weight; },
      [&](Index first, Index count, Vec dots) {
        store_some(gates + first, sigmoid_of(dots + a.bias), count);
        sum += count == lanes ? load(gates + first) : load_first(gates + first, count);
      });
  const float gate_sum = sum_lanes(sum);
  const float scale =
      0.125F * static_cast<float>(pixels) / gate_sum;  // 1/2 of the mask, 1/4 of 2 x 2
  const Index row = a.width * a.channels;
  for (Index oy = 0; oy < a.height / 2; ++oy) {
    for (Index ox = 0; ox < a.width / 2; ++ox) {
      const float* g = gates + 2 * oy * a.width + 2 * ox;
      const float* from = x + 2 * oy * row + 2 * ox * a.channels;
      const Vec g00 = broadcast(scale * g[0]), g01 = broadcast(scale * g[1]);
      const Vec g10 = broadcast(scale * g[a.width]), g11 = broadcast(scale * g[a.width + 1]);
      float* to = y + (oy * (a.width / 2) + ox) * a.channels;
      Index c = 0;
      for (; c + lanes <= a.channels; c += lanes) {
        store(to + c, g00 * load(from + c) + g01 * load(from + a.channels + c) +
                          g10 * load(from + row + c) + g11 * load(from + row + a.channels + c));
      }
      const Index n = a.channels - c;
      if (n == 0) continue;
      store_first(to + c,
                  g00 * load_first(from + c, n) + g01 * load_first(from + a.channels + c, n) +
                      g10 * load_first(from + row + c, n) +
                      g11 * load_first(from + row + a.channels + c, n),
                  n);
    }
  }
  return gate_sum;
}

/// slopes <- the gradient of w . x + b, by way of the gradient of the mask.
void gate_slopes(const AttentionPool& a, const float* x, const float* gates, float gate_sum,
                 const float* dy, float* slopes) {
  const Index pixels = a.height * a.width;
  const Index out_width = a.width / 2, out_height = a.height / 2;
  const float scale = 0.125F * static_cast<float>(pixels) / gate_sum;
  Vec weighted{};
  for (Index py = 0; py < a.height; ++py) {
    float* row = slopes + py * a.width;
    for (Index px = 0; px < a.width; ++px) row[px] = 0;
    if (py / 2 >= out_height) continue;
    for_dots(
        2 * out_width, a.channels, [&](Index px) { return x + (py * a.width + px) * a.channels; },
        [&](Index px) { return dy + (py / 2 * out_width + px / 2) * a.channels; },
        [&](Index first, Index count, Vec dots) {
          store_some(row + first, dots * scale, count);
          const Vec g = count == lanes ? load(gates + py * a.width + first)
                                       : load_first(gates + py * a.width + first, count);
          weighted += dots * scale * g;
        });
  }
  // The mask's sum is fixed: what all gates gain together is taken from each.
  const Vec mean = broadcast(sum_lanes(weighted) / gate_sum);
  for (Index i = 0; i < pixels; i += lanes) {
    const Index count = pixels - i < lanes ? pixels - i : lanes;
    const Vec g = count == lanes ? load(gates + i) : load_first(gates + i, count);
    const Vec slope = count == lanes ? load(slopes + i) : load_first(slopes + i, count);
    store_some(slopes + i, (slope - mean) * g * (1.0F - g), count);
  }
}

/// One vector of channels of dx and dw.
template <bool Whole>
[[gnu::always_inline]] inline void add_attention_channels(const AttentionPool& a, const float* x,
                                                          const float* gates, float scale,
                                                          const float* dy, const float* slopes,
                                                          Index c, float* dx, float* dw) {
  const Index n = a.channels - c;
  const auto get = [&](const float* from) { return Whole ? load(from) : load_first(from, n); };
  const auto put = [&](float* to, Vec v) {
    if (Whole) {
      store(to, v);
    } else {
      store_first(to, v, n);
    }
  };
  const Vec weight = get(a.weight + c);
  Vec sum = get(dw + c);
  const Index out_width = a.width / 2, out_height = a.height / 2;
  for (Index py = 0; py < a.height; ++py) {
    for (Index px = 0; px < a.width; ++px) {
      const Index i = py * a.width + px;
      const float slope = slopes[i];
      sum += slope * get(x + i * a.channels + c);
      if (dx == nullptr) continue;
      Vec d = get(dx + i * a.channels + c) + slope * weight;
      if (py / 2 < out_height && px / 2 < out_width) {
        d += (scale * gates[i]) * get(dy + (py / 2 * out_width + px / 2) * a.channels + c);
      }
      put(dx + i * a.channels + c, d);
    }
  }
  put(dw + c, sum);
}

void attention_pool_gradient(const AttentionPool& a, const float* x, const float* gates,
                             float gate_sum, const float* dy, float* slopes, float* dx, float* dw,
                             float* db) {
  gate_slopes(a, x, gates, gate_sum, dy, slopes);
  const Index pixels = a.height * a.width;
  const float scale = 0.125F * static_cast<float>(pixels) / gate_sum;
  Index c = 0;
  for (; c + lanes <= a.channels; c += lanes) {
    add_attention_channels<true>(a, x, gates, scale, dy, slopes, c, dx, dw);
  }
  if (c < a.channels) add_attention_channels<false>(a, x, gates, scale, dy, slopes, c, dx, dw);
  float sum = 0;
  for (Index i = 0; i < pixels; ++i) sum += slopes[i];
  *db += sum;
}

/// Calls work(first channel, get, put) for every vector of channels.
template <class Work>
[[gnu::always_inline]] inline void for_channels(Index channels, const Work& work) {
  Index c = 0;
  for (; c + lanes <= channels; c += lanes) {
    work(
        c, [](const float* from) { return load(from); }, [](float* to, Vec v) { store(to, v); });
  }
  const Index n = channels - c;
  if (n == 0) return;
  work(
      c, [n](const float* from) { return load_first(from, n); },
      [n](float* to, Vec v) { store_first(to, v, n); });
}

void gated_mean(const float* x, Index pixels, Index channels, float* y, float* sums) {
  for_channels(channels, [&](Index c, const auto& get, const auto& put) {
    Vec gates{}, weighted{};
    for (Index i = 0; i < pixels; ++i) {
      const Vec v = get(x + i * channels + c);
      const Vec g = sigmoid_of(v);
      gates += g;
      weighted += g * v;
    }
    put(sums + c, gates);
    put(y + c, 0.5F * weighted / gates);
  });
}

void add_gated_mean_gradient(const float* x, Index pixels, Index channels, const float* y,
                             const float* sums, const float* dy, float* dx) {
  for_channels(channels, [&](Index c, const auto& get, const auto& put) {
    const Vec scale = 0.5F * get(dy + c) / get(sums + c), mean = 2.0F * get(y + c);
    for (Index i = 0; i < pixels; ++i) {
      const Vec v = get(x + i * channels + c);
      const Vec g = sigmoid_of(v);
      const Vec slope = g + (v - mean) * g * (1.0F - g);
      put(dx + i * channels + c, get(dx + i * channels + c) + scale * slope);
    }
  });
}

void maximum_of(const float* const* rows, Index count, Index width, Index channels, float* y) {
  for_channels(channels, [&](Index c, const auto& get, const auto& put) {
    for (Index i = 0; i < width; ++i) {
      const Index pixel = 2 * i * channels + c;
      Vec most = maximum(get(rows[0] + pixel), get(rows[0] + pixel + channels));
      for (Index row = 1; row < count; ++row) {
        most = maximum(most, get(rows[row] + pixel));
        most = maximum(most, get(rows[row] + pixel + channels));
      }
      put(y + i * channels + c, most);
    }
  });
}

void maximum_gradient(const float* const* rows, Index count, Index width, Index channels,
                      const float* y, const float* dy, float* const* gradients) {
  for_channels(channels, [&](Index c, const auto& get, const auto& put) {
    for (Index i = 0; i < width; ++i) {
      const Vec most = get(y + i * channels + c);
      Vec left = get(dy + i * channels + c);
      for (Index row = 0; row < count; ++row) {
        for (Index k = 0; k < 2; ++k) {
          const Index pixel = (2 * i + k) * channels + c;
          const Vec mine = get(rows[row] + pixel) == most ? left : Vec{};
          put(gradients[row] + pixel, get(gradients[row] + pixel) + mine);
          left -= mine;
        }
      }
    }
  });
}

constexpr PoolingKernels pooling_kernels{.attention_pool = attention_pool,
                                         .attention_pool_gradient = attention_pool_gradient,
                                         .gated_mean = gated_mean,
                                         .add_gated_mean_gradient = add_gated_mean_gradient,
                                         .maximum = maximum_of,
                                         .maximum_gradient = maximum_gradient};

}  // namespace
}  // namespace rppg
