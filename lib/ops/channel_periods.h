/// Channels of channels-last arrays, repeated until they fill whole vectors.
///
/// With 3 channels, 16 pixels are 48 numbers, whose channels come again and again in the same
/// order: kernels take such a period for a row, and need not know how many channels there are.
#pragma once

#include <numeric>
#include <span>

#include "tensor/parallel.h"
#include "tensor/tape.h"

namespace rppg::ops {

/// n numbers of `channels` channels in turn, cut into periods and fixed blocks of them.
struct ChannelPeriods {
  Index channels;
  Index n;
  Index length;  ///< of a period, a multiple of `channels`
  Index blocks;

  ChannelPeriods(Index channel_count, Index number_count)
      : channels(channel_count),
        n(number_count),
        length(channels < 256 ? std::lcm(channels, Index{16}) : channels),
        blocks(block_count(n / length, (Index{1} << 14) / length)) {}

  /// Numbers of a block: begins with a period.
  Range block(Index index) const {
    const Range periods = part_of((n + length - 1) / length, blocks, index);
    const Index end = periods.end * length;
    return {periods.begin * length, end < n ? end : n};
  }

  /// One number per channel, repeated to a period; from the tape's scratch.
  template <class Value>
  std::span<float> repeat(Tape& tape, const Value& value) const {
    const std::span<float> period = tape.scratch(length);
    for (Index p = 0; p < length; ++p) {
      const auto at = static_cast<std::size_t>(p);
      period[at] = p < channels ? static_cast<float>(value(p))
                                : period[static_cast<std::size_t>(p - channels)];
    }
    return period;
  }

  /// `kinds` sums per channel, kind after kind: kernel(begin, end, sums) adds to `kinds` sums for
  /// each place of a period. The result does not depend on the number of threads.
  template <class Kernel>
  std::span<double> sum(Tape& tape, Index kinds, const Kernel& kernel) const {
    const Index size = kinds * length;
    const std::span<double> partial = tape.scratch<double>(blocks * size);
    for_blocks(tape.threads(), blocks, [&](Index index, int) {
      double* sums = partial.data() + index * size;
      for (Index i = 0; i < size; ++i) sums[i] = 0;
      const Range range = block(index);
      kernel(range.begin, range.end, sums);
    });
    const std::span<double> total = tape.scratch<double>(kinds * channels);
    for (double& sum : total) sum = 0;
    for (Index i = 0; i < blocks * size; ++i) {
      const Index place = i % size;
      const Index to = place / length * channels + place % length % channels;
      total[static_cast<std::size_t>(to)] += partial[static_cast<std::size_t>(i)];
    }
    return total;
  }
};

}  // namespace rppg::ops
