#include "io/elements.h"

#include <bit>
#include <cmath>
#include <cstring>

#include "base/error.h"
#include "base/text.h"

namespace rppg::io {
namespace {

static_assert(std::endian::native == std::endian::little, "elements are copied as they are");

constexpr std::uint64_t most_elements = std::uint64_t{1} << 40;

/// Calls use(element) for each element of type T.
template <typename T, typename Use>
void for_each(std::string_view bytes, Use use) {
  for (std::size_t at = 0; at + sizeof(T) <= bytes.size(); at += sizeof(T)) {
    T element;
    std::memcpy(&element, bytes.data() + at, sizeof(T));
    use(element);
  }
}

template <typename T>
void append_integers(std::string_view bytes, NamedArray& array) {
  for_each<T>(bytes, [&array](T element) { array.integers.push_back(element); });
}

float from_float16(std::uint16_t half) {
  const int exponent = (half >> 10) & 0x1F;
  const int fraction = half & 0x3FF;
  float magnitude = 0;
  if (exponent == 0x1F) {
    magnitude = fraction == 0 ? HUGE_VALF : std::nanf("");
  } else if (exponent == 0) {
    magnitude = std::ldexp(static_cast<float>(fraction), -24);
  } else {
    magnitude = std::ldexp(static_cast<float>(fraction | 0x400), exponent - 25);
  }
  return std::copysign(magnitude, (half & 0x8000) != 0 ? -1.0F : 1.0F);
}

float from_bfloat16(std::uint16_t upper_half) {
  return std::bit_cast<float>(static_cast<std::uint32_t>(upper_half) << 16);
}

}  // namespace

std::size_t element_bytes(ElementType type) {
  switch (type) {
    case ElementType::float64:
    case ElementType::int64:
      return 8;
    case ElementType::float32:
    case ElementType::int32:
      return 4;
    case ElementType::float16:
    case ElementType::bfloat16:
    case ElementType::int16:
      return 2;
    case ElementType::int8:
    case ElementType::uint8:
    case ElementType::boolean:
      return 1;
  }
  throw Error(Status::internal, "element_bytes: unknown type");
}

std::optional<std::uint64_t> element_count(std::span<const std::uint64_t> extents) {
  std::uint64_t product = 1;
  bool empty = false;
  for (const std::uint64_t extent : extents) {
    if (extent == 0) {
      empty = true;
    } else if (extent > most_elements / product) {
      return std::nullopt;
    } else {
      product *= extent;
    }
  }
  return empty ? 0 : product;
}

void append_elements(ElementType type, std::string_view bytes, NamedArray& array,
                     const std::filesystem::path& file) {
  const std::size_t count = bytes.size() / element_bytes(type);
  const bool floating = type == ElementType::float64 || type == ElementType::float32 ||
                        type == ElementType::float16 || type == ElementType::bfloat16;
  if (floating) {
    array.values.reserve(array.values.size() + count);
  } else {
    array.integers.reserve(array.integers.size() + count);
  }
  switch (type) {
    case ElementType::float64:
      for_each<double>(bytes, [&](double element) {
        const auto narrowed = static_cast<float>(element);
        if (std::isinf(narrowed) && std::isfinite(element)) {
          throw Error(Status::malformed, file,
                      concat(array.name, ": ", element, " is beyond single precision"));
        }
        array.values.push_back(narrowed);
      });
      break;
    case ElementType::float32:
      for_each<float>(bytes, [&](float element) { array.values.push_back(element); });
      break;
    case ElementType::float16:
      for_each<std::uint16_t>(
          bytes, [&](std::uint16_t element) { array.values.push_back(from_float16(element)); });
      break;
    case ElementType::bfloat16:
      for_each<std::uint16_t>(
          bytes, [&](std::uint16_t element) { array.values.push_back(from_bfloat16(element)); });
      break;
    case ElementType::int64:
      return append_integers<std::int64_t>(bytes, array);
    case ElementType::int32:
      return append_integers<std::int32_t>(bytes, array);
    case ElementType::int16:
      return append_integers<std::int16_t>(bytes, array);
    case ElementType::int8:
      return append_integers<std::int8_t>(bytes, array);
    case ElementType::uint8:
      return append_integers<std::uint8_t>(bytes, array);
    case ElementType::boolean:
      for_each<std::uint8_t>(
          bytes, [&](std::uint8_t element) { array.integers.push_back(element != 0 ? 1 : 0); });
      break;
  }
}

}  // namespace rppg::io
