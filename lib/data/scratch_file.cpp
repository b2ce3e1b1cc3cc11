#include "data/scratch_file.h"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>

#include "base/error.h"
#include "base/text.h"

namespace rppg::data {
namespace {

std::string reason(int error) { return std::generic_category().message(error); }

/// Opens a new file and takes its name away.
int open_unnamed(const std::filesystem::path& folder) {
  std::string name = (folder / ".frames.tmp.XXXXXX").string();
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) {
    throw Error(Status::cannot_create, folder, concat("cannot create a file: ", reason(errno)));
  }
  ::unlink(name.c_str());
  return descriptor;
}

}  // namespace

ScratchFile::ScratchFile(const std::filesystem::path& folder)
    : folder_(folder), descriptor_(open_unnamed(folder)) {}

ScratchFile::~ScratchFile() { ::close(descriptor_); }

std::uint64_t ScratchFile::append(std::span<const std::uint8_t> bytes) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t begin = size_;
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      throw Error(
          Status::write_failed, folder_,
          concat("cannot keep ", bytes.size(), " bytes of frames: ", reason(n == 0 ? EIO : errno)));
    }
    size_ += static_cast<std::uint64_t>(n);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return begin;
}

void ScratchFile::read(std::uint64_t offset, std::span<std::uint8_t> bytes) const {
  while (!bytes.empty()) {
    const ssize_t n = ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      throw Error(Status::malformed, folder_,
                  concat("cannot read the kept frames: ", n == 0 ? "file ends" : reason(errno)));
    }
    offset += static_cast<std::uint64_t>(n);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

}  // namespace rppg::data
