// Matrix product with a block of C held in registers.
#pragma once

#include "kernels/matrix.h"
#include "kernels/simd.inc.h"

namespace rppg {
namespace {

// Registers decide the block: rows x vectors accumulators, `vectors` of B, one of A.
#if defined(__AVX512F__)
constexpr int most_rows(int vectors) {
  return vectors == 1 ? 16 : vectors == 2 ? 12 : vectors == 3 ? 8 : 6;
}
constexpr int most_vectors = 4;
#else
constexpr int most_rows(int vectors) { return vectors == 1 ? 12 : 6; }
constexpr int most_vectors = 2;
#endif

/// C's block of R rows and V vectors at row i and column j; the last vector has `last` lanes.
template <int R, int V, bool Whole, bool UnitColumn>
void multiply_block(const MatrixProduct& p, const MatrixSegment* segments, Index count, Index i,
                    Index j, Index last) {
  const auto load_at = [&](const float* from, int v) {
    return Whole || v + 1 < V ? load(from + v * lanes) : load_first(from + v * lanes, last);
  };
  float* const c = p.c + i * p.c_row + j;
  Vec sum[R][V];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r) {
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      sum[r][v] = p.add ? load_at(c + r * p.c_row, v) : p.bias ? load_at(p.bias + j, v) : Vec{};
    }
  }
  const Index row = p.a_row;
  const Index step = UnitColumn ? 1 : p.a_column;
  for (const MatrixSegment* segment = segments; segment != segments + count; ++segment) {
    // Rows are reached from every fourth: that takes few enough integer registers, and the compiler
    // must not know how these pointers belong together.
    constexpr int fours = (R + 3) / 4;
    const float* a[fours];
#pragma GCC unroll 4
    for (int f = 0; f < fours; ++f) {
      a[f] = segment->a + (i + 4 * f) * row;
      asm("" : "+r"(a[f]));
    }
    const float* b = segment->b + j;
    for (Index k = segment->k; k > 0; --k) {
      Vec right[V];
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) right[v] = load_at(b, v);
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) {
        const Vec left = broadcast(a[r / 4][r % 4 * row]);
#pragma GCC unroll 4
        for (int v = 0; v < V; ++v) sum[r][v] += left * right[v];
      }
#pragma GCC unroll 4
      for (int f = 0; f < fours; ++f) a[f] += step;
      b += p.b_row;
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r) {
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      float* to = c + r * p.c_row + v * lanes;
      if (Whole || v + 1 < V) {
        store(to, sum[r][v]);
      } else {
        store_first(to, sum[r][v], last);
      }
    }
  }
}

/// The same for at most half a vector of columns and a_column = 1: lanes 2 j and 2 j + 1 sum up
/// what even and odd k give to column j.
template <int R>
void multiply_narrow_block(const MatrixProduct& p, const MatrixSegment* segments, Index count,
                           Index i, Index /*j*/, Index n) {
  constexpr auto all = std::make_index_sequence<static_cast<std::size_t>(lanes)>();
  const Index row = p.a_row;
  Vec sum[R] = {};
  for (const MatrixSegment* segment = segments; segment != segments + count; ++segment) {
    constexpr int fours = (R + 3) / 4;
    const float* a[fours];
#pragma GCC unroll 4
    for (int f = 0; f < fours; ++f) {
      a[f] = segment->a + (i + 4 * f) * row;
      asm("" : "+r"(a[f]));
    }
    const float* b = segment->b;
    for (Index k = segment->k; k > 1; k -= 2, b += 2 * p.b_row) {
      const Vec right = interleave_low(load_first(b, n), load_first(b + p.b_row, n), all);
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r) sum[r] += broadcast_pair(a[r / 4] + r % 4 * row) * right;
#pragma GCC unroll 4
      for (int f = 0; f < fours; ++f) a[f] += 2;
    }
    if (segment->k % 2 == 0) continue;
    const Vec right = interleave_low(load_first(b, n), Vec{}, all);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) sum[r] += broadcast(a[r / 4][r % 4 * row]) * right;
  }
  const Vec start = p.bias != nullptr ? load_first(p.bias, n) : Vec{};
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r) {
    float* const c = p.c + (i + r) * p.c_row;
    store_first(c, (p.add ? load_first(c, n) : start) + pair_sums(sum[r], all), n);
  }
}

/// A way to compute blocks of R = 1, 2, ... `most` rows.
template <int V, bool Whole, bool UnitColumn>
struct VectorBlocks {
  static constexpr int most = most_rows(V);
  template <int R>
  static constexpr auto of = multiply_block<R, V, Whole, UnitColumn>;
};
struct NarrowBlocks {
  static constexpr int most = most_rows(1);
  template <int R>
  static constexpr auto of = multiply_narrow_block<R>;
};

/// All of them, that of R rows at [R - 1].
template <class Blocks, int Rows, int... R>
struct BlocksUpTo : BlocksUpTo<Blocks, Rows - 1, Rows, R...> {};
template <class Blocks, int... R>
struct BlocksUpTo<Blocks, 0, R...> {
  using Block = void (*)(const MatrixProduct&, const MatrixSegment*, Index, Index, Index, Index);
  static constexpr Block of_rows[] = {Blocks::template of<R>...};
};

/// All rows, in as few blocks as the registers allow, of nearly the same size: small blocks wait
/// for their own sums.
template <class Blocks>
void multiply_rows(const MatrixProduct& p, const MatrixSegment* segments, Index count, Index j,
                   Index last) {
  const Index blocks = (p.m + Blocks::most - 1) / Blocks::most;
  for (Index block = 0, i = 0; block < blocks; ++block) {
    const Index end = p.m * (block + 1) / blocks;
    BlocksUpTo<Blocks, Blocks::most>::of_rows[end - i - 1](p, segments, count, i, j, last);
    i = end;
  }
}

template <int V, bool UnitColumn>
void multiply_columns(const MatrixProduct& p, const MatrixSegment* segments, Index count, Index j,
                      Index width) {
  const Index last = width - (V - 1) * lanes;
  if (last == lanes) {
    multiply_rows<VectorBlocks<V, true, UnitColumn>>(p, segments, count, j, last);
  } else {
    multiply_rows<VectorBlocks<V, false, UnitColumn>>(p, segments, count, j, last);
  }
}

template <bool UnitColumn>
void multiply_panels(const MatrixProduct& p, const MatrixSegment* segments, Index count) {
  for (Index j = 0; j < p.n; j += most_vectors * lanes) {
    const Index width = p.n - j < most_vectors * lanes ? p.n - j : most_vectors * lanes;
    switch ((width + lanes - 1) / lanes) {
      case 1:
        multiply_columns<1, UnitColumn>(p, segments, count, j, width);
        break;
      case 2:
        multiply_columns<2, UnitColumn>(p, segments, count, j, width);
        break;
#if defined(__AVX512F__)
      case 3:
        multiply_columns<3, UnitColumn>(p, segments, count, j, width);
        break;
      default:
        multiply_columns<4, UnitColumn>(p, segments, count, j, width);
        break;
#endif
    }
  }
}

void multiply(const MatrixProduct& product, const MatrixSegment* segments, Index count) {
  if (product.a_column == 1 && 2 * product.n <= lanes) {
    multiply_rows<NarrowBlocks>(product, segments, count, 0, product.n);
  } else if (product.a_column == 1) {
    multiply_panels<true>(product, segments, count);
  } else {
    multiply_panels<false>(product, segments, count);
  }
}

void transpose(const float* from, Index from_row, Index rows, Index columns, float* to,
               Index to_row) {
  constexpr Index block = 16;  // a block of both sides stays in the nearest cache
  for (Index i0 = 0; i0 < rows; i0 += block) {
    const Index i1 = i0 + block < rows ? i0 + block : rows;
    for (Index j0 = 0; j0 < columns; j0 += block) {
      const Index j1 = j0 + block < columns ? j0 + block : columns;
      for (Index j = j0; j < j1; ++j) {
        for (Index i = i0; i < i1; ++i) to[j * to_row + i] = from[i * from_row + j];
      }
    }
  }
}

double probe(Index rounds) {
  constexpr int chains = 12;
  Vec sum[chains];
  for (int i = 0; i < chains; ++i) sum[i] = broadcast(static_cast<float>(i));
  Vec factor = broadcast(0.5F), term = broadcast(0.25F);
  asm volatile("" : "+m"(factor), "+m"(term));
  const Vec a = factor, b = term;
  for (Index round = 0; round < rounds; ++round) {
#pragma GCC unroll 12
    for (int i = 0; i < chains; ++i) sum[i] = sum[i] * a + b;
  }
  asm volatile("" : : "m"(sum));
  return static_cast<double>(rounds * chains * lanes);
}

constexpr MatrixKernels matrix_kernels{
    .multiply = multiply, .transpose = transpose, .probe = probe};

}  // namespace
}  // namespace rppg
