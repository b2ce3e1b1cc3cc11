/// Does a container file end before its outermost structures do?
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace rppg::video {

/// Reads bytes at an offset; gives the number read, less than asked for only at the end.
using ReadAt = std::function<std::size_t(std::int64_t offset, std::span<std::uint8_t> bytes)>;

/// "avi", "mov" (also MP4) or "matroska" (also WebM), by the first bytes; empty for anything else.
std::string_view container_format(std::span<const std::uint8_t> head);

/// True when a RIFF chunk, MP4 box or Matroska segment at the top level claims bytes beyond
/// file_size. Claims of unknown length (live recordings) are not held against the file.
bool ends_before_its_claims(std::string_view format, std::int64_t file_size, const ReadAt& read);

}  // namespace rppg::video
