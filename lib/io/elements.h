/// Private to the readers of weights: little-endian elements of every width, as floats or integers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

#include "io/named_array.h"

namespace rppg::io {

enum class ElementType {
  float64,
  float32,
  float16,   ///< IEEE 754 binary16
  bfloat16,  ///< the upper half of a float32
  int64,
  int32,
  int16,
  int8,
  uint8,
  boolean,
};

std::size_t element_bytes(ElementType type);

/// Elements of a tensor of these extents: 1 without extents, 0 when one is 0. None when the
/// extents that are not 0 have a product beyond 2^40, which no file can hold.
std::optional<std::uint64_t> element_count(std::span<const std::uint64_t> extents);

/// Appends the elements in bytes, a whole number of them, to array.values (floating point) or
/// array.integers. Throws Error(malformed) when a finite float64 is beyond the range of float.
void append_elements(ElementType type, std::string_view bytes, NamedArray& array,
                     const std::filesystem::path& file);

}  // namespace rppg::io
