/// Weights in the safetensors format (https://github.com/huggingface/safetensors).
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "io/named_array.h"

namespace rppg::io {

/// Writes arrays as I64 and F32. The same input gives the same bytes: the integers come first, so
/// that every element is aligned, else the order is kept; metadata stands first in the header.
/// Throws as base/atomic_file's write_file; Error(internal) when an array's elements do not fill
/// its extents, or a name occurs twice.
void write_safetensors(const std::filesystem::path& file, std::span<const NamedArray> arrays,
                       const std::map<std::string, std::string>& metadata);

/// All tensors of a file, in the order of their data. F64, F32, F16 and BF16 become float, I64 and
/// I32 64-bit integers; other types are refused. Throws Error: missing; unavailable for files
/// beyond 2 GiB; malformed when the header is longer than 16 MiB or not exactly as the format has
/// it, or the tensors do not fill the rest of the file without gap and overlap.
std::vector<NamedArray> read_safetensors(const std::filesystem::path& file);

}  // namespace rppg::io
