// Filters of four taps over a window of four rows that moves through registers.
#pragma once

#include "kernels/depthwise.h"
#include "kernels/simd.inc.h"
#include "kernels/vector_math.inc.h"

namespace rppg {
namespace {

/// One tap per vector, channels [first, first + n).
struct DepthwiseWeights {
  Vec tap[depthwise_taps];
  Vec bias;
};

DepthwiseWeights depthwise_weights(const DepthwiseSequence& s, Index first, Index n) {
  float taps[depthwise_taps][lanes] = {};
  float bias[lanes] = {};
  for (Index c = 0; c < n; ++c) {
    for (Index j = 0; j < depthwise_taps; ++j) {
      taps[j][c] = s.weight[(first + c) * depthwise_taps + j];
    }
    bias[c] = s.bias[first + c];
  }
  return {{load(taps[0]), load(taps[1]), load(taps[2]), load(taps[3])}, load(bias)};
}

/// The last four of a sequence of vectors; [3] is the present.
struct DepthwiseWindow {
  Vec at[depthwise_taps] = {};

  [[gnu::always_inline]] void push(Vec next) {
    at[0] = at[1];
    at[1] = at[2];
    at[2] = at[3];
    at[3] = next;
  }
};

[[gnu::always_inline]] inline Vec depthwise_filter(const DepthwiseWeights& w,
                                                   const DepthwiseWindow& x) {
  return w.bias + x.at[0] * w.tap[0] + x.at[1] * w.tap[1] + x.at[2] * w.tap[2] + x.at[3] * w.tap[3];
}

template <bool Whole>
[[gnu::always_inline]] inline Vec depthwise_load(const float* from, Index n) {
  return Whole ? load(from) : load_first(from, n);
}

template <bool Whole>
[[gnu::always_inline]] inline void depthwise_add(float* to, Vec v, Index n) {
  if (Whole) {
    store(to, load(to) + v);
  } else {
    store_first(to, load_first(to, n) + v, n);
  }
}

template <bool Whole>
void depthwise_forward_lanes(const DepthwiseSequence& s, Index first, Index n, float* y,
                             Index y_row) {
  const DepthwiseWeights w = depthwise_weights(s, first, n);
  DepthwiseWindow x;
  for (Index t = 0; t < s.steps; ++t) {
    x.push(depthwise_load<Whole>(s.x + t * s.x_row + first, n));
    const Vec filtered = depthwise_filter(w, x);
    const Vec result = s.silu ? silu_of(filtered) : filtered;
    float* to = y + t * y_row + first;
    if (Whole) {
      store(to, result);
    } else {
      store_first(to, result, n);
    }
  }
}

/// Adds to the gradients of n taps and their bias.
void depthwise_add_parameters(const DepthwiseGradients& g, const Vec (&dtap)[depthwise_taps],
                              Vec dbias, Index first, Index n) {
  for (Index j = 0; j < depthwise_taps && g.dweight != nullptr; ++j) {
    for (Index c = 0; c < n; ++c) g.dweight[(first + c) * depthwise_taps + j] += dtap[j][c];
  }
  for (Index c = 0; c < n && g.dbias != nullptr; ++c) g.dbias[first + c] += dbias[c];
}

template <bool Whole>
void depthwise_backward_lanes(const DepthwiseSequence& s, const DepthwiseGradients& g, Index first,
                              Index n) {
  const DepthwiseWeights w = depthwise_weights(s, first, n);
  DepthwiseWindow x;
  DepthwiseWindow d;  // of the gradient for what the filter gives
  Vec dtap[depthwise_taps] = {};
  Vec dbias{};
  for (Index t = 0; t < s.steps + depthwise_taps - 1; ++t) {
    Vec slope{};
    if (t < s.steps) {
      x.push(depthwise_load<Whole>(s.x + t * s.x_row + first, n));
      slope = depthwise_load<Whole>(g.dy + t * g.dy_row + first, n);
      if (s.silu) {
        const Vec filtered = depthwise_filter(w, x);
        slope *= silu_slope(filtered, sigmoid_of(filtered));
      }
      dbias += slope;
      for (Index j = 0; j < depthwise_taps; ++j) dtap[j] += slope * x.at[j];
    }
    d.push(slope);
    const Index past = t - (depthwise_taps - 1);  // d now holds all that this row had a part in
    if (g.dx != nullptr && past >= 0) {
      const Vec dx =
          d.at[0] * w.tap[3] + d.at[1] * w.tap[2] + d.at[2] * w.tap[1] + d.at[3] * w.tap[0];
      depthwise_add<Whole>(g.dx + past * g.dx_row + first, dx, n);
    }
  }
  depthwise_add_parameters(g, dtap, dbias, first, n);
}

void depthwise_forward(const DepthwiseSequence& s, float* y, Index y_row) {
  Index first = 0;
  for (; first + lanes <= s.channels; first += lanes) {
    depthwise_forward_lanes<true>(s, first, lanes, y, y_row);
  }
  if (first < s.channels) depthwise_forward_lanes<false>(s, first, s.channels - first, y, y_row);
}

void depthwise_backward(const DepthwiseSequence& s, const DepthwiseGradients& g) {
  Index first = 0;
  for (; first + lanes <= s.channels; first += lanes) {
    depthwise_backward_lanes<true>(s, g, first, lanes);
  }
  if (first < s.channels) depthwise_backward_lanes<false>(s, g, first, s.channels - first);
}

constexpr DepthwiseKernels depthwise_kernels{.forward = depthwise_forward,
                                             .backward = depthwise_backward};

}  // namespace
}  // namespace rppg
