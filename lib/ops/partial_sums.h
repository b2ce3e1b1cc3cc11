/// Sums over blocks of work that do not depend on the number of threads.
#pragma once

#include <algorithm>
#include <span>

#include "tensor/parallel.h"
#include "tensor/tape.h"

namespace rppg::ops {

/// Calls work(block, thread, sums) for each block, which adds to `size` sums; returns them, added
/// over all blocks. The blocks are dealt to at most 16 parts with sums of their own, which are
/// added in order. The sums are scratch of the tape.
template <class Work>
std::span<const float> sum_over_blocks(Tape& tape, Index blocks, Index size, const Work& work) {
  constexpr Index most_parts = 16;
  const Index parts = std::clamp<Index>(blocks, 1, most_parts);
  const std::span<float> all = tape.scratch(parts * size);
  for_blocks(tape.threads(), parts, [&](Index part, int thread) {
    float* const sums = all.data() + part * size;
    std::fill(sums, sums + size, 0.0F);
    const Range range = part_of(blocks, parts, part);
    for (Index block = range.begin; block < range.end; ++block) work(block, thread, sums);
  });
  for (Index part = 1; part < parts; ++part) {
    for (Index i = 0; i < size; ++i)
      all[static_cast<std::size_t>(i)] += all[static_cast<std::size_t>(part * size + i)];
  }
  return all.first(static_cast<std::size_t>(size));
}

/// Adds sums to the gradient of a parameter, where there is one that wants it.
inline void add_to_gradient(Tensor parameter, std::span<const float> sums) {
  if (!parameter || !parameter.wants_gradient()) return;
  const std::span<float> gradient = parameter.gradient();
  for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] += sums[i];
}

}  // namespace rppg::ops
