#include "signal/uniform_quantizer.h"

#include <algorithm>
#include <cmath>

namespace rppg::signal {

UniformlyQuantized quantize_uniformly(std::span<const double> samples, std::size_t levels) {
  UniformlyQuantized result;
  if (samples.empty()) return result;
  const auto [low, high] = std::minmax_element(samples.begin(), samples.end());
  const double cell = (*high - *low) / static_cast<double>(levels);
  for (const double sample : samples) {
    const double place = cell > 0 ? std::floor((sample - *low) / cell) : 0;
    const double index = std::min(place, static_cast<double>(levels) - 1);
    result.indices.push_back(static_cast<std::int32_t>(index));
    result.values.push_back(*low + (index + 0.5) * cell);
  }
  return result;
}

double entropy_bits(std::span<const std::int32_t> symbols, std::size_t codes) {
  std::vector<double> counts(codes);
  for (const std::int32_t symbol : symbols) ++counts[static_cast<std::size_t>(symbol)];
  double bits = 0;
  for (const double count : counts) {
    const double share = count / static_cast<double>(symbols.size());
    if (count > 0) bits -= share * std::log2(share);
  }
  return bits;
}

}  // namespace rppg::signal
