/// Pickles and checkpoints written opcode by opcode, sound or not.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "support/zip_builder.h"

namespace rppg::test {

inline std::string pickle_text(std::string_view text) {
  return concat('X', little_endian(text.size(), 4), text);
}

inline std::string pickle_integer(std::int64_t value) {
  return concat('\x8A', '\x08', little_endian(static_cast<std::uint64_t>(value), 8));
}

inline std::string pickle_tuple(const std::vector<std::int64_t>& values) {
  std::string pickle = "(";
  for (const std::int64_t value : values) pickle += pickle_integer(value);
  return pickle + "t";
}

inline constexpr std::string_view ordered_dictionary = "ccollections\nOrderedDict\n)R";

/// torch's description of a tensor that views a storage.
struct PickledTensor {
  std::int64_t offset = 0;
  std::vector<std::int64_t> extents = {4};
  std::vector<std::int64_t> strides = {1};
  std::int64_t storage_count = 4;
  std::string storage = "0";
  std::string type = "ctorch\nFloatStorage\n";

  std::string text() const {
    return concat("ctorch._utils\n_rebuild_tensor_v2\n((", pickle_text("storage"), type,
                  pickle_text(storage), pickle_text("cpu"), pickle_integer(storage_count), "tQ",
                  pickle_integer(offset), pickle_tuple(extents), pickle_tuple(strides), '\x89',
                  ordered_dictionary, "tR");
  }
};

/// A pickle that leaves one value: protocol, body, stop.
inline std::string pickle(std::string_view body) { return concat("\x80\x02", body, "."); }

/// {"a": value}
inline std::string pickle_of(std::string_view value) {
  return pickle(concat("}", pickle_text("a"), value, "s"));
}

/// The archive of a checkpoint with the storage "0": 16 bytes, the floats 1, 2, 3, 4.
inline ZipBuilder checkpoint_of(const std::string& pickle) {
  std::string storage;
  for (const std::uint32_t bits : {0x3F800000, 0x40000000, 0x40400000, 0x40800000}) {
    storage += little_endian(bits, 4);
  }
  return ZipBuilder()
      .add({.name = "x/data.pkl", .content = pickle})
      .add({.name = "x/data/0", .content = storage});
}

}  // namespace rppg::test
