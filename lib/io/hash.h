/// SHA-256 of texts and files.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace rppg::io {

/// Lower-case hexadecimal digest (64 characters).
std::string sha256(std::string_view bytes);

/// Digest of a file's content, read in blocks. Throws Error(missing) when it cannot be read.
std::string sha256_file(const std::filesystem::path& file);

/// Digest of a file's size and of at most 16 blocks of 4 KiB spread evenly over it, first and last
/// included: tells versions of a large file apart without reading all of it. Throws as sha256_file.
std::string fingerprint(const std::filesystem::path& file);

}  // namespace rppg::io
