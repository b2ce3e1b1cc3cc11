/// Output folders for tests: made of sample results, and compared byte by byte.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "results/run_folder.h"

namespace rppg::results {

RunFacts sample_facts(const std::string& shard = "0/1");

/// Recording i of the sample data set: reused, failed (the fourth of each ten) or made.
void work_on_sample(RunFolder& folder, int i);

/// A finished run of recordings [begin, end).
void finished_run(const std::filesystem::path& path, int begin, int end);

/// Bytes of all files by relative path, but for run.json and .lock.
using FileMap = std::map<std::string, std::string>;
FileMap files_of(const std::filesystem::path& folder);

/// Names the files that differ instead of printing them.
void check_equal(const FileMap& a, const FileMap& b);

}  // namespace rppg::results
