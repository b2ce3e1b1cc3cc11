/// Bytes that are too many for memory, on disk for as long as the process lives.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <span>

namespace rppg::data {

/// A file without a name: however the process ends, nothing is left of it. What fits into the
/// system's page cache is read at the speed of memory.
class ScratchFile {
 public:
  /// In that folder, which must exist. Throws Error(cannot_create).
  explicit ScratchFile(const std::filesystem::path& folder);
  ~ScratchFile();
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  /// Appends bytes and returns their offset. Safe from several threads. Throws Error(write_failed).
  std::uint64_t append(std::span<const std::uint8_t> bytes);
  /// Fills `bytes` from that offset. Safe from several threads, without allocation. Throws
  /// Error(malformed) when the file cannot be read or ends before.
  void read(std::uint64_t offset, std::span<std::uint8_t> bytes) const;

 private:
  std::filesystem::path folder_;
  int descriptor_;
  std::mutex mutex_;
  std::uint64_t size_ = 0;
};

}  // namespace rppg::data
