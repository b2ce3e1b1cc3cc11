/// Work of an op on several threads, in fixed blocks: results do not depend on their number.
#pragma once

#include <omp.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "base/shape.h"

namespace rppg {

/// Numbers too small for full precision are taken as zero on this thread while this lives; they are
/// a hundred times slower than others and mean nothing here.
class FlushDenormals {
 public:
#if defined(__SSE2__)
  FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr(before_ | 0x8040U); }
  ~FlushDenormals() { _mm_setcsr(before_); }
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;

 private:
  unsigned before_;
#endif
};

/// Calls work(block, thread) for each block in [0, count), thread in [0, threads). What a block
/// writes belongs to it alone (or to its thread, as scratch that no other block reads); sums over
/// blocks are taken afterwards, in their order. work must not throw.
template <class Work>
void for_blocks(int threads, Index count, const Work& work) {
  if (threads <= 1 || count <= 1) {
    const FlushDenormals flush;
    for (Index block = 0; block < count; ++block) work(block, 0);
    return;
  }
#pragma omp parallel num_threads(threads)
  {
    const FlushDenormals flush;
    const int thread = omp_get_thread_num();
#pragma omp for schedule(dynamic, 1)
    for (Index block = 0; block < count; ++block) work(block, thread);
  }
}

/// [begin, end) of part `index` of `parts` nearly equal parts of n. The first ones are the larger
/// ones: threads that take one after the other then end together.
struct Range {
  Index begin;
  Index end;
};
inline Range part_of(Index n, Index parts, Index index) {
  const Index size = n / parts, larger = n % parts;
  const auto begin = [=](Index i) { return i * size + (i < larger ? i : larger); };
  return {begin(index), begin(index + 1)};
}

/// Blocks of at least `grain` of n items, at most 64: for work whose items write places of their
/// own.
inline Index block_count(Index n, Index grain) {
  const Index blocks = n / (grain > 0 ? grain : 1);
  return blocks < 1 ? 1 : blocks > 64 ? 64 : blocks;
}

/// Calls work(begin, end) for fixed stretches of n numbers, each long enough to be worth a thread.
template <class Work>
void for_ranges(int threads, Index n, const Work& work) {
  const Index blocks = block_count(n, Index{1} << 14);
  for_blocks(threads, blocks, [&](Index block, int) {
    const Range range = part_of(n, blocks, block);
    work(range.begin, range.end);
  });
}

}  // namespace rppg
