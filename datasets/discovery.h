/// Steps that finding the recordings of a layout has in common.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/recording.h"

namespace rppg::datasets {

/// Entries of a folder (without hidden ones), sorted by name. Throws Error(missing) when it is no
/// folder or cannot be listed.
std::vector<std::filesystem::path> sorted_entries(const std::filesystem::path& folder);

/// False, too, where it cannot be found out (links in a circle, no permission).
bool is_there(const std::filesystem::path& path);
bool is_folder(const std::filesystem::path& path);

/// Why a file cannot be used: "FILE: no such file", "FILE: empty", ...; "" when nothing is known.
std::string file_problem(const std::filesystem::path& file);

/// Adds to recording.problem.
void add_problem(data::Recording& recording, std::string_view problem);

/// By subject (numbers by value), then id.
void sort_by_subject(std::vector<data::Recording>& recordings);

/// The PNG and JPEG files of a folder as frames. Where all are called like Image<ns>.png they are
/// in order of, and timed by, their stamps; else they are in order of name at rate_hz. Without
/// images when there are none.
video::VideoSource image_folder(const std::filesystem::path& folder, double rate_hz);

/// Stamp of the first image, in ns; none when images do not carry stamps in their names.
std::optional<std::int64_t> first_stamp_ns(const video::VideoSource& source);

/// Difference of two stamps (neither negative) in seconds, without loss by their size.
double seconds_between(std::int64_t begin_ns, std::int64_t end_ns);

}  // namespace rppg::datasets
