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

/// A block of R = 1, 2, ... most_rows(V) rows, at [R - 1].
template <int V, bool Whole, bool UnitColumn, int... R>
struct Blocks {
  using Block = void (*)(const MatrixProduct&, const MatrixSegment*, Index, Index, Index, Index);
  static constexpr Block of_rows[] = {multiply_block<R, V, Whole, UnitColumn>...};
};
template <int V, bool Whole, bool UnitColumn, int Rows, int... R>
struct BlocksUpTo : BlocksUpTo<V, Whole, UnitColumn, Rows - 1, Rows, R...> {};
template <int V, bool Whole, bool UnitColumn, int... R>
struct BlocksUpTo<V, Whole, UnitColumn, 0, R...> : Blocks<V, Whole, UnitColumn, R...> {};

/// All rows, in as few blocks as the registers allow, of nearly the same size: small blocks wait
/// for their own sums.
template <int V, bool Whole, bool UnitColumn>
void multiply_rows(const MatrixProduct& p, const MatrixSegment* segments, Index count, Index j,
                   Index last) {
  const Index blocks = (p.m + most_rows(V) - 1) / most_rows(V);
  for (Index block = 0, i = 0; block < blocks; ++block) {
    const Index end = p.m * (block + 1) / blocks;
    BlocksUpTo<V, Whole, UnitColumn, most_rows(V)>::of_rows[end - i - 1](p, segments, count, i, j,
                                                                         last);
    i = end;
  }
}

template <int V, bool UnitColumn>
void multiply_columns(const MatrixProduct& p, const MatrixSegment* segments, Index count, Index j,
                      Index width) {
  const Index last = width - (V - 1) * lanes;
  if (last == lanes) {
    multiply_rows<V, true, UnitColumn>(p, segments, count, j, last);
  } else {
    multiply_rows<V, false, UnitColumn>(p, segments, count, j, last);
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
  if (product.a_column == 1) {
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
