// Sums over arrays whose numbers belong to channels in turn.
#pragma once

#include "kernels/simd.inc.h"

namespace rppg {
namespace {

/// to[lane] += the first n lanes of v.
inline void add_lanes(Vec v, Index n, double* to) {
  float parts[lanes];
  store(parts, v);
  for (Index lane = 0; lane < n; ++lane) to[lane] += double{parts[lane]};
}

/// K sums for each place of a period: sums[k * length + i modulo length] += terms(load, i, i modulo
/// length)[k] for all i < n. `terms` gets a function that loads a vector (or, at the end of a row,
/// the start of one) and returns a struct of K vectors.
///
/// Single precision within 64 rows of `length` numbers, double beyond; four rows at a time, so that
/// the additions do not wait for each other.
template <Index K, class Terms>
[[gnu::always_inline]] inline void sum_by_place(Index length, Index n, double* sums,
                                                const Terms& terms) {
  constexpr Index rows_at_once = 64;
  const Index rows = n / length;
  for (Index first = 0; first < rows; first += rows_at_once) {
    const Index end = rows - first < rows_at_once ? rows : first + rows_at_once;
    for (Index p = 0; p < length; p += lanes) {
      const Index width = length - p < lanes ? length - p : lanes;
      Vec totals[4][K] = {};
      Index row = first;
      if (width == lanes) {
        for (; row + 4 <= end; row += 4) {
          for (Index j = 0; j < 4; ++j) terms((row + j) * length + p, p, lanes, totals[j]);
        }
      }
      for (; row < end; ++row) terms(row * length + p, p, width, totals[0]);
      for (Index k = 0; k < K; ++k) {
        const Vec total = (totals[0][k] + totals[1][k]) + (totals[2][k] + totals[3][k]);
        add_lanes(total, width, sums + k * length + p);
      }
    }
  }
  for (Index p = 0; p < n - rows * length; p += lanes) {
    const Index left = n - rows * length - p;
    const Index width = left < lanes ? left : lanes;
    Vec totals[K] = {};
    terms(rows * length + p, p, width, totals);
    for (Index k = 0; k < K; ++k) add_lanes(totals[k], width, sums + k * length + p);
  }
}

/// step(i, i modulo length, how many) for each vector of n numbers; none crosses the end of a row.
template <class Step>
[[gnu::always_inline]] inline void for_places(Index length, Index n, const Step& step) {
  for (Index row = 0; row < n; row += length) {
    const Index width = n - row < length ? n - row : length;
    Index p = 0;
    for (; p + lanes <= width; p += lanes) step(row + p, p, lanes);
    if (p < width) step(row + p, p, width - p);
  }
}

/// A vector, or the first `width` numbers of one. Where `width` is `lanes` to the compiler, nothing
/// but the load is left.
[[gnu::always_inline]] inline Vec load_width(const float* from, Index width) {
  return width == lanes ? load(from) : load_first(from, width);
}

[[gnu::always_inline]] inline void store_width(float* to, Vec v, Index width) {
  if (width == lanes) {
    store(to, v);
  } else {
    store_first(to, v, width);
  }
}

}  // namespace
}  // namespace rppg
