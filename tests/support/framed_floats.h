/// An array with marked numbers on both sides, to see that nothing beyond it is written.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/shape.h"

namespace rppg::test {

/// n numbers, not aligned.
class FramedFloats {
 public:
  explicit FramedFloats(Index n, float value = 0)
      : values_(static_cast<std::size_t>(n + 2 * margin), mark), n_(n) {
    std::fill_n(begin(), n, value);
  }
  /// Uniform in [low, high).
  FramedFloats(Index n, std::string_view stream, double low, double high) : FramedFloats(n) {
    const Random random(7, stream);
    for (Index i = 0; i < n; ++i) {
      begin()[i] = static_cast<float>(random.uniform(static_cast<std::uint64_t>(i), low, high));
    }
  }

  float* begin() { return values_.data() + margin; }
  float* end() { return begin() + n_; }
  float& operator[](Index i) { return begin()[i]; }
  Index size() const { return n_; }

  bool frame_is_whole() const {
    const auto marked = [](float v) { return v == mark; };
    return std::all_of(values_.begin(), values_.begin() + margin, marked) &&
           std::all_of(values_.end() - margin, values_.end(), marked);
  }

 private:
  static constexpr Index margin = 17;
  static constexpr float mark = 12345;
  std::vector<float> values_;
  Index n_;
};

}  // namespace rppg::test
