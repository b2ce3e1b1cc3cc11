/// SHA-256 of texts and files.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace rppg::io {

/// Lower-case hexadecimal digest (64 characters).
std::string sha256(std::string_view bytes);

/// Digest of a file's content, read in blocks. Throws Error(missing) when it cannot be read.
std::string sha256_file(const std::filesystem::path& file);

/// Digest of a file's size and of at most 16 blocks of 4 KiB spread evenly over it, first and last
/// included: tells versions of a large file apart without reading all of it. Throws as sha256_file.
std::string fingerprint(const std::filesystem::path& file);

/// The same of a sequence of files: names and sizes of all, and fingerprints of at most 16 spread
/// evenly over it, first and last included. Throws as sha256_file.
std::string fingerprint(const std::vector<std::filesystem::path>& files);

}  // namespace rppg::io
