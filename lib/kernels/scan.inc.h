// Selective scan: one channel at a time, its states side by side in registers, chunk by chunk. Sums
// over states stay vectors until a chunk is complete and are then taken `lanes` at a time.
#pragma once

#include "kernels/scan.h"
#include "kernels/simd.inc.h"
#include "kernels/vector_math.inc.h"

namespace rppg {
namespace {

#if defined(__AVX512F__)
constexpr int scan_vectors = 3;  // of states in registers; 48 is the usual number of states
#else
constexpr int scan_vectors = 2;
#endif

// Arrays of a chunk are written before they are read; filling them with zeros would take as long as
// the work (hence the NOLINTs).

/// Numbers of a chunk, one row of channels per step.
struct ScanRows {
  alignas(64) float at[scan_chunk][scan_channels];
};

/// Sums over states that are still vectors; then numbers, without gaps between the steps.
struct ScanSums {
  alignas(64) float parts[scan_chunk * scan_channels * lanes];
  alignas(64) float totals[scan_chunk * scan_channels + scan_channels];

  void reduce(Index count) {
    for (Index i = 0; i < count; i += lanes) {
      Vec v[lanes];
      for (Index j = 0; j < lanes; ++j)
        v[j] = i + j < count ? load(parts + (i + j) * lanes) : Vec{};
      store(totals + i, lane_totals(v));
    }
  }
};

/// Where a chunk lies.
struct ScanChunk {
  Index index;
  Index first;  ///< step
  Index steps;
};

ScanChunk scan_chunk_at(const ScanSequence& s, Index index) {
  const Index first = index * scan_chunk;
  return {index, first, s.steps - first < scan_chunk ? s.steps - first : scan_chunk};
}

Index scan_chunks(const ScanSequence& s) { return (s.steps + scan_chunk - 1) / scan_chunk; }

[[gnu::always_inline]] inline Vec scan_load(const float* from, Index n) {
  return n >= lanes ? load(from) : load_first(from, n);
}

[[gnu::always_inline]] inline void scan_store(float* to, Vec v, Index n) {
  if (n >= lanes) {
    store(to, v);
  } else {
    store_first(to, v, n);
  }
}

[[gnu::always_inline]] inline void scan_add(float* to, Vec v, Index n) {
  scan_store(to, scan_load(to, n) + v, n);
}

/// Calls work(step in the chunk, first channel, channels left) for each vector of channels.
template <class Work>
[[gnu::always_inline]] inline void for_scan_rows(const ScanSequence& s, const ScanChunk& chunk,
                                                 const Work& work) {
  for (Index i = 0; i < chunk.steps; ++i) {
    for (Index e = 0; e < s.channels; e += lanes) work(i, e, s.channels - e);
  }
}

/// Calls work.operator()<V>(first state) for blocks of V vectors.
template <int V, class Work>
[[gnu::always_inline]] inline void for_scan_states(Index first, Index width, const Work& work) {
  for (; first + V * lanes <= width; first += V * lanes) work.template operator()<V>(first);
  if constexpr (V > 1) for_scan_states<V - 1>(first, width, work);
}

constexpr float log2_e = 1.44269504F;

/// 2^x for x <= 0. Relative error at most 2e-7, exact at 0; below -126, it stays at 2^-126.
[[gnu::always_inline]] inline Vec scan_decay(Vec x) {
  constexpr float shift = 12582912.0F;  // 1.5 * 2^23: adding it rounds to whole numbers
  const Vec exponent = maximum(broadcast(-126.0F), x);
  const Vec shifted = exponent + shift;
  const Vec f = exponent - (shifted - shift);
  Vec p = f * 1.3264727218e-3F + 9.6715126396e-3F;
  p = p * f + 5.5507337432e-2F;
  p = p * f + 2.4022242085e-1F;
  p = p * f + 6.9314697760e-1F;
  p = p * f + 1.0F;
  return from_bits(bits(p) + (bits(shifted) << 23));
}

/// dt, and dt x: what the states are driven with.
struct ScanDrive {
  ScanRows dt;
  ScanRows dtx;
};

void scan_drive(const ScanSequence& s, const ScanChunk& chunk, ScanDrive& drive) {
  for_scan_rows(s, chunk, [&](Index i, Index e, Index left) {
    const Index t = chunk.first + i;
    const Vec dt = softplus_of(scan_load(s.delta + t * s.delta_row + e, left));
    store(&drive.dt.at[i][e], dt);
    store(&drive.dtx.at[i][e], dt * scan_load(s.x + t * s.x_row + e, left));
  });
}

/// V vectors of states of channel e through a chunk.
template <int V>
void scan_states_forward(const ScanSequence& s, const ScanChunk& chunk, const ScanDrive& drive,
                         Index e, Index first, ScanSums& y) {
  const Index at = e * s.width + first;
  float* states = s.states + chunk.index * s.channels * s.width + at;
  Vec rate[V], state[V];
  for (int v = 0; v < V; ++v) {
    rate[v] = load(s.a + at + v * lanes) * log2_e;
    state[v] = chunk.index > 0 ? load(states + v * lanes) : Vec{};
    if (chunk.index == 0) store(states + v * lanes, Vec{});
  }
  for (Index i = 0; i < chunk.steps; ++i) {
    const float* b = s.b + (chunk.first + i) * s.bc_row + first;
    const float* c = s.c + (chunk.first + i) * s.bc_row + first;
    const Vec dt = broadcast(drive.dt.at[i][e]);
    const Vec dtx = broadcast(drive.dtx.at[i][e]);
    float* sum = y.parts + (i * s.channels + e) * lanes;
    Vec total = first > 0 ? load(sum) : Vec{};
    for (int v = 0; v < V; ++v) {
      state[v] = scan_decay(dt * rate[v]) * state[v] + dtx * load(b + v * lanes);
      total += state[v] * load(c + v * lanes);
    }
    store(sum, total);
  }
  if (chunk.index + 1 < scan_chunks(s)) {
    for (int v = 0; v < V; ++v) store(states + s.channels * s.width + v * lanes, state[v]);
  }
}

void scan_outputs(const ScanSequence& s, const ScanChunk& chunk, const ScanSums& sums, float* out,
                  Index out_row) {
  for_scan_rows(s, chunk, [&](Index i, Index e, Index left) {
    const Index t = chunk.first + i;
    const Vec y = load(sums.totals + i * s.channels + e) +
                  scan_load(s.skip + e, left) * scan_load(s.x + t * s.x_row + e, left);
    if (s.y != nullptr) scan_store(s.y + t * s.y_row + e, y, left);
    const Vec gate = silu_of(scan_load(s.gate + t * s.gate_row + e, left));
    scan_store(out + t * out_row + e, y * gate, left);
  });
}

void scan_forward(const ScanSequence& s, float* out, Index out_row) {
  ScanDrive drive;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  ScanSums sums;    // NOLINT(cppcoreguidelines-pro-type-member-init)
  for (Index k = 0; k < scan_chunks(s); ++k) {
    const ScanChunk chunk = scan_chunk_at(s, k);
    scan_drive(s, chunk, drive);
    for (Index e = 0; e < s.channels; ++e) {
      for_scan_states<scan_vectors>(0, s.width, [&]<int V>(Index first) {
        scan_states_forward<V>(s, chunk, drive, e, first, sums);
      });
    }
    sums.reduce(chunk.steps * s.channels);
    scan_outputs(s, chunk, sums, out, out_row);
  }
}

/// The gradient for y, from that for the gated output; adds to the gate's gradient and to the
/// direct way's.
void scan_gate_backward(const ScanSequence& s, const ScanChunk& chunk, const ScanGradients& g,
                        ScanRows& dy, float* dskip) {
  for_scan_rows(s, chunk, [&](Index i, Index e, Index left) {
    const Index t = chunk.first + i;
    const Vec gate = scan_load(s.gate + t * s.gate_row + e, left);
    const Vec sigmoid = sigmoid_of(gate);
    const Vec dout = scan_load(g.dout + t * g.dout_row + e, left);
    if (g.dgate != nullptr) {
      const Vec y = scan_load(s.y + t * s.y_row + e, left);
      scan_add(g.dgate + t * s.gate_row + e, dout * y * silu_slope(gate, sigmoid), left);
    }
    const Vec slope = dout * gate * sigmoid;
    store(&dy.at[i][e], slope);
    store(dskip + e, load(dskip + e) + slope * scan_load(s.x + t * s.x_row + e, left));
  });
}

/// What a chunk goes through, step by step.
template <int V>
struct ScanHistory {
  Vec decay[scan_chunk][V];
  Vec before[scan_chunk][V];  ///< states before the step
};

/// Computes the states of a chunk again; adds to dc.
template <int V>
void scan_recompute(const ScanSequence& s, const ScanChunk& chunk, const ScanDrive& drive,
                    const ScanRows& dy, Index e, Index first, float* dc, ScanHistory<V>& history) {
  const Index at = e * s.width + first;
  Vec rate[V], state[V];
  for (int v = 0; v < V; ++v) {
    rate[v] = load(s.a + at + v * lanes) * log2_e;
    state[v] = load(s.states + chunk.index * s.channels * s.width + at + v * lanes);
  }
  for (Index i = 0; i < chunk.steps; ++i) {
    const Index row = (chunk.first + i) * s.bc_row + first;
    const Vec dt = broadcast(drive.dt.at[i][e]);
    const Vec dtx = broadcast(drive.dtx.at[i][e]);
    const Vec slope = broadcast(dy.at[i][e]);
    for (int v = 0; v < V; ++v) {
      const Vec decay = scan_decay(dt * rate[v]);
      history.decay[i][v] = decay;
      history.before[i][v] = state[v];
      state[v] = decay * state[v] + dtx * load(s.b + row + v * lanes);
      float* to = dc + row + v * lanes;
      store(to, load(to) + slope * state[v]);
    }
  }
}

/// Sums over states of the gradient for the new state times, `exponent`, its derivative by dt
/// through the decay, and `input`, b.
struct ScanSlopes {
  ScanSums exponent;
  ScanSums input;
};

/// V vectors of states of channel e back through a chunk; adds to da and db.
template <int V>
void scan_states_backward(const ScanSequence& s, const ScanChunk& chunk, const ScanDrive& drive,
                          const ScanRows& dy, const ScanGradients& g, Index e, Index first,
                          ScanSlopes& slopes) {
  ScanHistory<V> history;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  scan_recompute<V>(s, chunk, drive, dy, e, first, g.dc, history);
  const Index at = e * s.width + first;
  Vec a[V], da[V], adjoint[V];
  for (int v = 0; v < V; ++v) {
    a[v] = load(s.a + at + v * lanes);
    da[v] = load(g.da + at + v * lanes);
    adjoint[v] = load(g.adjoints + at + v * lanes);
  }
  for (Index i = chunk.steps - 1; i >= 0; --i) {
    const Index row = (chunk.first + i) * s.bc_row + first;
    const Vec dt = broadcast(drive.dt.at[i][e]);
    const Vec dtx = broadcast(drive.dtx.at[i][e]);
    const Vec slope = broadcast(dy.at[i][e]);
    const Index sum = (i * s.channels + e) * lanes;
    Vec exponent = first > 0 ? load(slopes.exponent.parts + sum) : Vec{};
    Vec input = first > 0 ? load(slopes.input.parts + sum) : Vec{};
    for (int v = 0; v < V; ++v) {
      const Vec dstate = slope * load(s.c + row + v * lanes) + adjoint[v];
      float* db = g.db + row + v * lanes;
      store(db, load(db) + dtx * dstate);
      input += dstate * load(s.b + row + v * lanes);
      adjoint[v] = dstate * history.decay[i][v];
      const Vec through = adjoint[v] * history.before[i][v];
      da[v] += dt * through;
      exponent += through * a[v];
    }
    store(slopes.exponent.parts + sum, exponent);
    store(slopes.input.parts + sum, input);
  }
  for (int v = 0; v < V; ++v) {
    store(g.da + at + v * lanes, da[v]);
    store(g.adjoints + at + v * lanes, adjoint[v]);
  }
}

void scan_drive_backward(const ScanSequence& s, const ScanChunk& chunk, const ScanDrive& drive,
                         const ScanRows& dy, const ScanSlopes& slopes, const ScanGradients& g) {
  for_scan_rows(s, chunk, [&](Index i, Index e, Index left) {
    const Index t = chunk.first + i;
    const Vec input = load(slopes.input.totals + i * s.channels + e);
    if (g.dx != nullptr) {
      const Vec skip = scan_load(s.skip + e, left);
      scan_add(g.dx + t * s.x_row + e, load(&drive.dt.at[i][e]) * input + skip * load(&dy.at[i][e]),
               left);
    }
    if (g.ddelta != nullptr) {
      const Vec dt = load(slopes.exponent.totals + i * s.channels + e) +
                     input * scan_load(s.x + t * s.x_row + e, left);
      const Vec slope = sigmoid_of(scan_load(s.delta + t * s.delta_row + e, left));
      scan_add(g.ddelta + t * s.delta_row + e, dt * slope, left);
    }
  });
}

void scan_backward(const ScanSequence& s, const ScanGradients& g) {
  ScanDrive drive;    // NOLINT(cppcoreguidelines-pro-type-member-init)
  ScanRows dy;        // NOLINT(cppcoreguidelines-pro-type-member-init)
  ScanSlopes slopes;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  alignas(64) float dskip[scan_channels] = {};
  for (Index k = scan_chunks(s) - 1; k >= 0; --k) {
    const ScanChunk chunk = scan_chunk_at(s, k);
    scan_drive(s, chunk, drive);
    scan_gate_backward(s, chunk, g, dy, dskip);
    for (Index e = 0; e < s.channels; ++e) {
      for_scan_states<scan_vectors>(0, s.width, [&]<int V>(Index first) {
        scan_states_backward<V>(s, chunk, drive, dy, g, e, first, slopes);
      });
    }
    slopes.exponent.reduce(chunk.steps * s.channels);
    slopes.input.reduce(chunk.steps * s.channels);
    scan_drive_backward(s, chunk, drive, dy, slopes, g);
  }
  for (Index e = 0; e < s.channels; ++e) g.dskip[e] += dskip[e];
}

void scan_rates(const float* a_log, Index channels, Index states, Index width, float* a) {
  for (Index e = 0; e < channels; ++e) {
    for (Index n = 0; n < width; n += lanes) {
      const Index left = states - n;
      float* to = a + e * width + n;
      store(to, Vec{});
      if (left > 0) scan_store(to, -exp_of(scan_load(a_log + e * states + n, left)), left);
    }
  }
}

constexpr ScanKernels scan_kernels{
    .rates = scan_rates, .forward = scan_forward, .backward = scan_backward};

}  // namespace
}  // namespace rppg
