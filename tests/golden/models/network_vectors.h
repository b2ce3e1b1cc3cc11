/// What the comparisons of networks with PyTorch share.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "io/hdf5.h"
#include "nn/parameters.h"
#include "tensor/tensor.h"

namespace rppg::test {

/// Values of all parameters of a store from a group of data sets under their PyTorch names.
inline void load_weights(nn::ParameterStore& store, const io::Hdf5Reader& file,
                         const std::string& group) {
  for (const nn::Parameter& parameter : store.parameters()) {
    const std::vector<float> values = file.floats(group + "/" + parameter.name);
    REQUIRE(static_cast<Index>(values.size()) == parameter.tensor.count());
    std::copy(values.begin(), values.end(), parameter.tensor.mutable_values().begin());
  }
}

/// (T, C, H, W) -> (T, H, W, C), for any leading extents.
inline std::vector<float> channels_last(const std::vector<float>& x, Index channels, Index pixels) {
  std::vector<float> y(x.size());
  const Index frames = static_cast<Index>(x.size()) / (channels * pixels);
  for (Index f = 0; f < frames; ++f) {
    for (Index c = 0; c < channels; ++c) {
      for (Index i = 0; i < pixels; ++i) {
        y[static_cast<std::size_t>((f * pixels + i) * channels + c)] =
            x[static_cast<std::size_t>((f * channels + c) * pixels + i)];
      }
    }
  }
  return y;
}

/// (x - mean) / standard deviation over all numbers, in double.
inline std::vector<float> standardized(const std::vector<std::uint8_t>& x) {
  double mean = 0, square = 0;
  for (const std::uint8_t v : x) mean += v;
  mean /= static_cast<double>(x.size());
  for (const std::uint8_t v : x) square += (v - mean) * (v - mean);
  const double deviation = std::sqrt(square / static_cast<double>(x.size()));
  std::vector<float> y;
  for (const std::uint8_t v : x) y.push_back(static_cast<float>((v - mean) / deviation));
  return y;
}

inline double largest(std::span<const float> values) {
  double most = 0;
  for (const float v : values) most = std::max(most, std::abs(static_cast<double>(v)));
  return most;
}

inline double largest_difference(std::span<const float> a, std::span<const float> b) {
  REQUIRE(a.size() == b.size());
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    most = std::max(most, std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
  }
  return most;
}

}  // namespace rppg::test
