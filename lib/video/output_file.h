/// A file that FFmpeg writes through our own descriptor and that appears only when complete.
#pragma once

#include <cstdint>
#include <filesystem>

struct AVIOContext;

namespace rppg::video {

/// Writes to a temporary file beside `file`; commit() syncs and renames it. Without commit()
/// nothing is left behind.
class OutputFile {
 public:
  /// Throws Error(cannot_create).
  explicit OutputFile(const std::filesystem::path& file);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// For AVFormatContext::pb; owned by this object.
  AVIOContext* io() { return io_; }
  /// Throws Error(write_failed) with the system's reason when any write failed.
  void check() const;
  /// Throws Error(write_failed).
  void commit();

 private:
  static int write(void* self, std::uint8_t* bytes, int size);
  static std::int64_t seek(void* self, std::int64_t offset, int whence);

  std::filesystem::path file_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
  int error_ = 0;  ///< errno of the first failed write
  AVIOContext* io_ = nullptr;
};

}  // namespace rppg::video
