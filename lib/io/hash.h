/// SHA-256.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace rppg::io {

/// Lower-case hexadecimal digest (64 characters).
std::string sha256(std::string_view bytes);

/// Digest of a file's content, read in blocks. Throws Error(missing) when it cannot be read.
std::string sha256_file(const std::filesystem::path& file);

}  // namespace rppg::io
