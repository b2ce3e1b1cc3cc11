/// Waveforms in a few equal steps: what a learned quantiser has to be better than.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace rppg::signal {

/// The range from the smallest to the largest sample in `levels` > 0 equal cells.
struct UniformlyQuantized {
  std::vector<double> values;         ///< the middle of each sample's cell
  std::vector<std::int32_t> indices;  ///< of the cells, from below
};
UniformlyQuantized quantize_uniformly(std::span<const double> samples, std::size_t levels);

/// Bits per symbol that an ideal code needs: -sum p_i log2 p_i over the `codes` symbols. 0 without
/// symbols.
double entropy_bits(std::span<const std::int32_t> symbols, std::size_t codes);

}  // namespace rppg::signal
