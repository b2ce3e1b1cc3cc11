/// One process at a time writes to an output folder.
#pragma once

#include <filesystem>

namespace rppg::results {

/// Holds the lock of a folder (flock on its file `.lock`, which names the holder) until destroyed.
/// A process that dies loses the lock with it; the file stays and means nothing by itself.
class FolderLock {
 public:
  /// Throws Error(cannot_create), naming the holder, when another one has it. Where the file system
  /// knows no locks, a warning is logged and the folder is used without.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

}  // namespace rppg::results
