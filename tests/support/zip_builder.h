/// Zip archives built byte by byte, sound or not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"

namespace rppg::test {

inline std::string little_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i, value >>= 8) text += static_cast<char>(value & 0xFF);
  return text;
}

inline std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t remainder = 0xFFFFFFFF;
  for (const char byte : bytes) {
    remainder ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      remainder = remainder >> 1 ^ ((remainder & 1) != 0 ? 0xEDB88320 : 0);
    }
  }
  return ~remainder;
}

/// content as a deflate stream of one block that is not compressed; less than 64 KiB.
inline std::string deflate_stored(std::string_view content) {
  return concat('\1', little_endian(content.size(), 2), little_endian(~content.size(), 2), content);
}

/// An entry; what is not set is as it should be.
struct ZipEntry {
  std::string name;
  std::string content;
  bool deflated = false;
  std::optional<std::uint64_t> method = {};
  std::optional<std::uint64_t> size = {};         ///< expanded, as both headers declare it
  std::optional<std::uint64_t> packed_size = {};  ///< as both headers declare it
  std::optional<std::uint32_t> checksum = {};
  std::uint64_t flags = 0;
  std::optional<std::uint64_t> offset = {};  ///< of the local header, as the directory has it
};

class ZipBuilder {
 public:
  ZipBuilder& add(const ZipEntry& entry) {
    const std::string packed = entry.deflated ? deflate_stored(entry.content) : entry.content;
    const std::string common =
        concat(little_endian(20, 2), little_endian(entry.flags, 2),
               little_endian(entry.method.value_or(entry.deflated ? 8 : 0), 2),
               little_endian(0x21 << 16, 4),
               little_endian(entry.checksum.value_or(crc32(entry.content)), 4),
               little_endian(entry.packed_size.value_or(packed.size()), 4),
               little_endian(entry.size.value_or(entry.content.size()), 4),
               little_endian(entry.name.size(), 2), little_endian(0, 2));
    directory_ += concat("PK\1\2", little_endian(20, 2), common, little_endian(0, 10),
                         little_endian(entry.offset.value_or(bytes_.size()), 4), entry.name);
    bytes_ += concat("PK\3\4", common, entry.name, packed);
    ++entries_;
    return *this;
  }

  std::string finish() const {
    return concat(bytes_, directory_, "PK\5\6", little_endian(0, 4), little_endian(entries_, 2),
                  little_endian(entries_, 2), little_endian(directory_.size(), 4),
                  little_endian(bytes_.size(), 4), little_endian(0, 2));
  }

 private:
  std::string bytes_;
  std::string directory_;
  std::uint64_t entries_ = 0;
};

}  // namespace rppg::test
