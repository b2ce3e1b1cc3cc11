#include "video/extent.h"

#include <algorithm>
#include <array>
#include <bit>
#include <optional>

namespace rppg::video {
namespace {

std::uint64_t big_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : bytes) value = value << 8 | byte;
  return value;
}

std::uint64_t little_endian(std::span<const std::uint8_t> bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
  return value;
}

bool is_tag(std::span<const std::uint8_t> bytes, std::string_view tag) {
  return std::equal(tag.begin(), tag.end(), bytes.begin(), bytes.begin() + 4,
                    [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

/// A length that a structure claims, counted from its own first byte.
struct Claim {
  std::uint64_t length;
};

/// Size of the header that is read of each structure.
constexpr std::size_t header_size = 16;
using Header = std::array<std::uint8_t, header_size>;

std::optional<Claim> riff_claim(const Header& header) {
  const std::span bytes(header);
  const std::uint64_t size = little_endian(bytes.subspan(4, 4));
  const bool known = is_tag(bytes, "RIFF") && size != 0 && size != 0xffffffff;
  if (!known) return std::nullopt;
  return Claim{8 + size};
}

std::optional<Claim> box_claim(const Header& header) {
  const std::span bytes(header);
  std::uint64_t size = big_endian(bytes.first(4));
  if (size == 1) size = big_endian(bytes.subspan(8, 8));
  if (size < 8) return std::nullopt;
  return Claim{size};
}

/// Length in bytes of the EBML number that begins with this byte; 9 for an invalid one.
std::size_t ebml_length(std::uint8_t first) {
  return static_cast<std::size_t>(std::countl_zero(first)) + 1;
}

std::optional<Claim> ebml_claim(const Header& header) {
  const std::span bytes(header);
  const std::size_t id_length = ebml_length(bytes[0]);
  if (id_length > 4) return std::nullopt;
  const std::size_t size_length = ebml_length(bytes[id_length]);
  if (size_length > 8) return std::nullopt;
  const std::uint64_t unknown = (std::uint64_t{1} << (7 * size_length)) - 1;
  const std::uint64_t size = big_endian(bytes.subspan(id_length, size_length)) & unknown;
  if (size == unknown) return std::nullopt;
  return Claim{id_length + size_length + size};
}

}  // namespace

std::string_view container_format(std::span<const std::uint8_t> head) {
  if (head.size() < 12) return {};
  if (is_tag(head, "RIFF") && is_tag(head.subspan(8), "AVI ")) return "avi";
  if (big_endian(head.first(4)) == 0x1a45dfa3) return "matroska";
  for (const std::string_view tag : {"ftyp", "moov", "mdat", "wide", "free", "skip"}) {
    if (is_tag(head.subspan(4), tag)) return "mov";
  }
  return {};
}

bool ends_before_its_claims(std::string_view format, std::int64_t file_size, const ReadAt& read) {
  const auto claim_of = format == "avi" ? riff_claim : format == "mov" ? box_claim : ebml_claim;
  std::uint64_t position = 0;
  const auto size = static_cast<std::uint64_t>(file_size);
  while (position + 8 <= size) {
    Header header{};
    read(static_cast<std::int64_t>(position), header);
    const std::optional<Claim> claim = claim_of(header);
    if (!claim) return false;
    if (claim->length > size - position) return true;
    position += claim->length;
    if (format == "avi") position += position % 2;
  }
  return false;
}

}  // namespace rppg::video
