/// How far vectors lie apart.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace rppg::test {

/// Largest |a - b|; infinite when the lengths differ or a value is not finite.
inline double largest_difference(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(a[i] - b[i]);
    if (!std::isfinite(difference)) return std::numeric_limits<double>::infinity();
    largest = std::max(largest, difference);
  }
  return largest;
}

/// Largest |a - b| in units of the largest |b|.
inline double relative_difference(std::span<const double> a, std::span<const double> b) {
  double scale = 0;
  for (const double value : b) scale = std::max(scale, std::abs(value));
  return largest_difference(a, b) / (scale > 0 ? scale : 1);
}

/// Euclidean norm.
inline double norm(std::span<const float> a) {
  double square = 0;
  for (const float value : a) square += static_cast<double>(value) * static_cast<double>(value);
  return std::sqrt(square);
}

}  // namespace rppg::test
