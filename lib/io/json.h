/// JSON with strict reading and deterministic writing. The only header that includes nlohmann/json;
/// it is included from .cpp files only.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace rppg::io {

using Json = nlohmann::json;                 ///< keys sorted
using OrderedJson = nlohmann::ordered_json;  ///< keys in order of insertion

/// Parses a whole document. Throws Error(malformed) that names file, line and column: for syntax
/// errors, duplicate keys, more than 64 levels, numbers out of range, invalid UTF-8, a byte order
/// mark is skipped.
Json parse_json(std::string_view text, const std::filesystem::path& file);
Json read_json(const std::filesystem::path& file, std::size_t limit_bytes = std::size_t{1} << 30);

/// Text of a document: two spaces per level (or one line), numbers as the shortest text that reads
/// back the same, NaN and infinities as null, invalid UTF-8 replaced; ends with a newline when
/// indented.
std::string to_text(const Json& document, bool one_line = false);
std::string to_text(const OrderedJson& document, bool one_line = false);

}  // namespace rppg::io
