#include "base/atomic_file.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "base/error.h"
#include "base/text.h"

namespace rppg {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view temporary_mark = ".tmp.";

std::string reason(int error) { return std::generic_category().message(error); }

/// An open file descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  bool valid() const { return fd_ >= 0; }
  int get() const { return fd_; }
  /// Closes now; false when the system reports a late write error.
  bool close() { return ::close(std::exchange(fd_, -1)) == 0; }

 private:
  int fd_;
};

bool write_all(int fd, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t n = ::write(fd, data, size);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      if (n == 0) errno = EIO;
      return false;
    }
    data += n;
    size -= static_cast<std::size_t>(n);
  }
  return true;
}

/// fsync, where the file system has it.
bool sync(int fd) {
  int result = 0;
  do {
    result = ::fsync(fd);
  } while (result != 0 && errno == EINTR);
  return result == 0 || errno == EINVAL || errno == ENOTSUP;
}

/// Calls sync_it(descriptor of folder).
template <class Sync>
void sync_by_folder(const fs::path& folder, Sync sync_it) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.valid() || !sync_it(descriptor.get())) {
    throw Error(Status::write_failed, folder, concat("cannot sync folder: ", reason(errno)));
  }
}

fs::path temporary_beside(const fs::path& path) {
  static std::atomic<unsigned> counter{0};
  return path.parent_path() /
         concat(".", path.filename().string(), temporary_mark, ::getpid(), ".", counter++);
}

[[noreturn]] void fail_write(const fs::path& path, std::size_t bytes, int error) {
  throw Error(Status::write_failed, path,
              concat("cannot write ", bytes, " bytes: ", reason(error)));
}

/// Temporary file beside path, made durable if `durable`, then renamed.
void put_file(const fs::path& path, std::string_view bytes, bool durable) {
  const fs::path temporary = temporary_beside(path);
  Descriptor descriptor(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!descriptor.valid()) {
    throw Error(Status::cannot_create, path, concat("cannot create: ", reason(errno)));
  }
  const bool written = write_all(descriptor.get(), bytes.data(), bytes.size()) &&
                       (!durable || sync(descriptor.get())) && descriptor.close() &&
                       ::rename(temporary.c_str(), path.c_str()) == 0;
  if (!written) {
    const int error = errno;
    ::unlink(temporary.c_str());
    fail_write(path, bytes.size(), error);
  }
}

}  // namespace

void write_file(const fs::path& path, std::string_view bytes) {
  put_file(path, bytes, true);
  sync_by_folder(path.has_parent_path() ? path.parent_path() : fs::path("."), sync);
}

void write_file_unsynced(const fs::path& path, std::string_view bytes) {
  put_file(path, bytes, false);
}

void sync_file_system(const fs::path& folder) {
  sync_by_folder(folder, [](int fd) { return ::syncfs(fd) == 0; });
}

void write_file(const fs::path& path, std::span<const std::byte> bytes) {
  write_file(path, std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

void append_line(const fs::path& path, std::string_view line) {
  Descriptor descriptor(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (!descriptor.valid()) {
    throw Error(Status::cannot_create, path, concat("cannot create: ", reason(errno)));
  }
  const std::string whole = concat(line, "\n");
  if (!write_all(descriptor.get(), whole.data(), whole.size()) || !sync(descriptor.get()) ||
      !descriptor.close()) {
    fail_write(path, whole.size(), errno);
  }
}

std::string read_file(const fs::path& path, std::size_t limit_bytes) {
  // O_NONBLOCK: opening a FIFO must not wait for a writer.
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!descriptor.valid()) {
    throw Error(Status::missing, path, concat("cannot open: ", reason(errno)));
  }
  struct stat status {};
  if (::fstat(descriptor.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    throw Error(Status::missing, path, "cannot open: not a regular file");
  }
  if (std::cmp_greater(status.st_size, limit_bytes)) {
    throw Error(Status::unavailable, path,
                concat(status.st_size, " bytes exceed the limit of ", limit_bytes));
  }
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::read(descriptor.get(), bytes.data() + done, bytes.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw Error(Status::malformed, path, concat("cannot read: ", reason(errno)));
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  bytes.resize(done);
  return bytes;
}

void create_writable_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) {
    throw Error(Status::cannot_create, folder, concat("cannot create folder: ", error.message()));
  }
  if (!fs::is_directory(folder, error)) {
    throw Error(Status::cannot_create, folder, "cannot create folder: a file of that name exists");
  }
  const fs::path probe = temporary_beside(folder / "probe");
  const Descriptor descriptor(::open(probe.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
  if (!descriptor.valid()) {
    throw Error(Status::cannot_create, folder, concat("cannot create files: ", reason(errno)));
  }
  ::unlink(probe.c_str());
}

void remove_stale_temporaries(const fs::path& folder) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with('.') && name.find(temporary_mark) != std::string::npos) {
      fs::remove(entry.path(), error);
    }
  }
}

}  // namespace rppg
