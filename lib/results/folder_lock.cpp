#include "results/folder_lock.h"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/log.h"
#include "base/text.h"

namespace rppg::results {
namespace {

constexpr std::size_t longest_holder = 512;

std::string reason(int error) { return std::generic_category().message(error); }

/// "process 123 on host", as written by the holder; "another process" when that cannot be read.
std::string holder(const std::filesystem::path& file) {
  try {
    std::string text(trim(read_file(file, longest_holder)));
    if (!text.empty()) return text;
  } catch (const Error&) {
    // The holder is only a hint.
  }
  return "another process";
}

std::string own_name() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return concat("process ", ::getpid(), " on ", static_cast<const char*>(host.data()), "\n");
}

int take_lock(int descriptor) {
  int result = 0;
  do {
    result = ::flock(descriptor, LOCK_EX | LOCK_NB);
  } while (result != 0 && errno == EINTR);
  return result == 0 ? 0 : errno;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / ".lock";
  descriptor_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
  if (descriptor_ < 0) {
    throw Error(Status::cannot_create, file, concat("cannot create: ", reason(errno)));
  }
  const int error = take_lock(descriptor_);
  if (error == EWOULDBLOCK) {
    ::close(descriptor_);
    throw Error(Status::cannot_create, folder, concat("in use by ", holder(file)));
  }
  if (error != 0) {
    log::warning(concat(folder.string(), ": cannot be locked: ", reason(error)));
    return;
  }
  const std::string name = own_name();
  if (::ftruncate(descriptor_, 0) != 0 ||
      ::pwrite(descriptor_, name.data(), name.size(), 0) != static_cast<ssize_t>(name.size())) {
    log::debug(concat(file.string(), ": cannot name its holder: ", reason(errno)));
  }
}

FolderLock::~FolderLock() { ::close(descriptor_); }

}  // namespace rppg::results
