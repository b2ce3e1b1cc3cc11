/// The folder of a command that writes a fixed set of files.
#pragma once

#include <filesystem>
#include <span>

#include "results/folder_lock.h"
#include "results/run_folder.h"

namespace rppg::cli {

/// The output folder, made ready for a run and locked against others while this lives.
class OutputFolder {
 public:
  /// files: all names the command may leave in it, run.json among them, which is removed until the
  /// run ends. Throws Error(cannot_create) when one of them is there in mode `fresh`; `force`
  /// removes them.
  OutputFolder(const std::filesystem::path& path, std::span<const char* const> files,
               results::OpenMode mode);

 private:
  results::FolderLock lock_;
};

}  // namespace rppg::cli
