/// A tensor as weights files hold it: a name, its extents and its elements.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace rppg::io {

/// One tensor of a file, row-major. A scalar has no extents and one element.
struct NamedArray {
  std::string name;
  std::vector<std::uint64_t> extents;
  /// Exactly one of the two is filled, by the type of the elements in the file; neither is when an
  /// extent is 0.
  std::vector<float> values;
  std::vector<std::int64_t> integers;  ///< of integers and booleans
};

}  // namespace rppg::io
