#include "ops/product.h"

#include <algorithm>
#include <array>

#include "kernels/kernels.h"
#include "tensor/parallel.h"

namespace rppg::ops {
namespace {

constexpr Index tile_rows = 96;  // multiples of the kernel's blocks
constexpr Index tile_columns = 64;
constexpr Index stretch = 512;          // of the inner dimension: 128 KiB of B per tile
constexpr double worth_a_thread = 2e5;  // multiplications

/// Stretches of the inner dimension for one tile, multiplied together once they are long enough.
class TileProduct {
 public:
  explicit TileProduct(const MatrixProduct& tile) : tile_(tile) {}

  void add(const MatrixSegment& segment) {
    if (count_ == waiting_.size() || (count_ > 0 && length_ + segment.k > stretch)) flush();
    waiting_[count_++] = segment;
    length_ += segment.k;
  }

  /// What is left; C is written even when there was nothing at all.
  void finish() {
    if (count_ > 0 || !begun_) flush();
  }

 private:
  void flush() {
    kernels().matrix.multiply(tile_, waiting_.data(), static_cast<Index>(count_));
    tile_.add = true;
    tile_.bias = nullptr;
    begun_ = true;
    count_ = 0;
    length_ = 0;
  }

  MatrixProduct tile_;
  std::array<MatrixSegment, 8> waiting_{};
  std::size_t count_ = 0;
  Index length_ = 0;
  bool begun_ = false;
};

void multiply_tile(const MatrixProduct& p, std::span<const MatrixSegment> segments, Range rows,
                   Range columns) {
  MatrixProduct tile = p;
  tile.m = rows.end - rows.begin;
  tile.n = columns.end - columns.begin;
  tile.c += rows.begin * p.c_row + columns.begin;
  if (p.bias != nullptr) tile.bias += columns.begin;
  TileProduct product(tile);
  for (const MatrixSegment& segment : segments) {
    const float* a = segment.a + rows.begin * p.a_row;
    const float* b = segment.b + columns.begin;
    for (Index k = 0; k < segment.k; k += stretch) {
      product.add({a + k * p.a_column, b + k * p.b_row, std::min(stretch, segment.k - k)});
    }
  }
  product.finish();
}

}  // namespace

void multiply(int threads, const MatrixProduct& product, std::span<const MatrixSegment> segments) {
  if (product.m == 0 || product.n == 0) return;
  double inner = 0;
  for (const MatrixSegment& segment : segments) inner += static_cast<double>(segment.k);
  const double work = inner * static_cast<double>(product.m) * static_cast<double>(product.n);
  const Index row_blocks = (product.m + tile_rows - 1) / tile_rows;
  const Index column_blocks = (product.n + tile_columns - 1) / tile_columns;
  for_blocks(
      work < worth_a_thread ? 1 : threads, row_blocks * column_blocks, [&](Index block, int) {
        const Index column = block % column_blocks * tile_columns;
        multiply_tile(product, segments, part_of(product.m, row_blocks, block / column_blocks),
                      {column, std::min(column + tile_columns, product.n)});
      });
}

void sum_rows(const float* values, Index row, Index rows, Index n, float* sums) {
  const float one = 1;
  const MatrixSegment segment{&one, values, rows};
  const MatrixProduct product{.m = 1,
                              .n = n,
                              .a_row = 0,
                              .a_column = 0,
                              .b_row = row,
                              .c = sums,
                              .c_row = n,
                              .bias = nullptr,
                              .add = true};
  kernels().matrix.multiply(product, &segment, 1);
}

void transpose(int threads, const float* from, Index rows, Index columns, float* to) {
  constexpr Index worth_a_block = 1 << 16;
  const Index blocks = block_count(rows * columns, worth_a_block);
  for_blocks(threads, blocks, [&](Index block, int) {
    const Range part = part_of(columns, blocks, block);
    kernels().matrix.transpose(from + part.begin, columns, rows, part.end - part.begin,
                               to + part.begin * rows, rows);
  });
}

}  // namespace rppg::ops
