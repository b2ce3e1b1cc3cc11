#include "video/output_file.h"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <new>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

extern "C" {
#include <libavformat/avio.h>
#include <libavutil/error.h>
#include <libavutil/mem.h>
}

#include "base/error.h"
#include "base/text.h"

namespace rppg::video {
namespace {

namespace fs = std::filesystem;

std::string reason(int error) { return std::generic_category().message(error); }

/// The name pattern of base/atomic_file, so that its clean-up finds what a killed run left.
fs::path temporary_beside(const fs::path& file) {
  static std::atomic<unsigned> counter{0};
  return file.parent_path() /
         concat(".", file.filename().string(), ".tmp.", ::getpid(), ".v", counter++);
}

bool sync_folder(const fs::path& folder) {
  const int descriptor =
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool synced = ::fsync(descriptor) == 0 || errno == EINVAL;
  const int error = errno;
  ::close(descriptor);
  errno = error;
  return synced;
}

}  // namespace

OutputFile::OutputFile(const fs::path& file) : file_(file), temporary_(temporary_beside(file)) {
  constexpr int buffer_size = 1 << 16;
  descriptor_ =
      ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (descriptor_ < 0) {
    throw Error(Status::cannot_create, file, concat("cannot create: ", reason(errno)));
  }
  auto* buffer = static_cast<unsigned char*>(av_malloc(buffer_size));
  io_ = avio_alloc_context(buffer, buffer_size, 1, this, nullptr, write, seek);
  if (io_ == nullptr) {
    av_free(buffer);
    ::close(descriptor_);
    ::unlink(temporary_.c_str());
    throw std::bad_alloc();
  }
}

OutputFile::~OutputFile() {
  av_freep(static_cast<void*>(&io_->buffer));
  avio_context_free(&io_);
  if (descriptor_ >= 0) {
    ::close(descriptor_);
    ::unlink(temporary_.c_str());
  }
}

int OutputFile::write(void* self, std::uint8_t* bytes, int size) {
  auto& output = *static_cast<OutputFile*>(self);
  for (int done = 0; done < size;) {
    const ssize_t n =
        ::write(output.descriptor_, bytes + done, static_cast<std::size_t>(size - done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      if (output.error_ == 0) output.error_ = n == 0 ? EIO : errno;
      return AVERROR(output.error_);
    }
    done += static_cast<int>(n);
  }
  return size;
}

std::int64_t OutputFile::seek(void* self, std::int64_t offset, int whence) {
  if ((whence & AVSEEK_SIZE) != 0) return AVERROR(ENOSYS);
  const std::int64_t position =
      ::lseek(static_cast<OutputFile*>(self)->descriptor_, offset, whence);
  return position < 0 ? AVERROR(errno) : position;
}

void OutputFile::check() const {
  if (error_ == 0) return;
  throw Error(Status::write_failed, file_, concat("cannot write: ", reason(error_)));
}

void OutputFile::commit() {
  avio_flush(io_);
  check();
  const bool synced = ::fsync(descriptor_) == 0 || errno == EINVAL;
  if (!synced) error_ = errno;
  if (::close(std::exchange(descriptor_, -1)) != 0 && error_ == 0) error_ = errno;
  if (error_ == 0 && ::rename(temporary_.c_str(), file_.c_str()) != 0) error_ = errno;
  if (error_ != 0) {
    ::unlink(temporary_.c_str());
    check();
  }
  if (!sync_folder(file_.parent_path())) error_ = errno;
  check();
}

}  // namespace rppg::video
