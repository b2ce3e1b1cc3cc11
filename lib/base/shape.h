/// Extents of arrays.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string>

namespace rppg {

using Index = std::ptrdiff_t;

/// Up to six extents, row-major; no extents stand for a single number.
class Shape {
 public:
  static constexpr int max_rank = 6;

  constexpr Shape() = default;
  /// Throws std::logic_error for more than six extents or a negative one.
  Shape(std::initializer_list<Index> extents);

  int rank() const { return rank_; }
  /// Negative axes count from the last one.
  Index operator[](int axis) const;
  /// Product of all extents; 1 without any.
  Index count() const;
  /// The same shape with one extent changed.
  Shape with(int axis, Index extent) const;
  const Index* begin() const { return extents_.data(); }
  const Index* end() const { return extents_.data() + rank_; }

  bool operator==(const Shape&) const = default;

 private:
  int axis_of(int axis) const;

  std::array<Index, max_rank> extents_{};
  int rank_ = 0;
};

/// "(2, 160, 64)".
std::string to_string(const Shape& shape);

}  // namespace rppg
