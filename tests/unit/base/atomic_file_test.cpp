#include "base/atomic_file.h"

#include <csignal>
#include <fstream>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>

#include <doctest/doctest.h>

#include "base/error.h"
#include "support/resources.h"

using namespace rppg;
namespace fs = std::filesystem;

namespace {

Status status_of(const auto& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.status();
  }
  return Status::ok;
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

/// Files of this process may not grow beyond a limit, as on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("a written file is whole, and replaces an older one") {
  const test::TemporaryFolder folder;
  const fs::path file = folder.path() / "a.txt";
  write_file(file, "one");
  write_file(file, "second");
  CHECK(read_file(file) == "second");
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("many files can be written before one wait for the disk") {
  const test::TemporaryFolder folder;
  for (const char* name : {"a", "b"}) write_file_unsynced(folder.path() / name, name);
  sync_file_system(folder.path());
  CHECK(read_file(folder.path() / "b") == "b");
  CHECK(entries(folder.path()) == 2);
  CHECK(status_of([&] { sync_file_system(folder.path() / "none"); }) == Status::write_failed);
}

TEST_CASE("a write that fails leaves the old file and nothing else") {
  const test::TemporaryFolder folder;
  const fs::path file = folder.path() / "a.txt";
  write_file(file, "old");
  {
    const FileSizeLimit limit(1000);
    CHECK(status_of([&] { write_file(file, std::string(5000, 'x')); }) == Status::write_failed);
  }
  CHECK(read_file(file) == "old");
  CHECK(entries(folder.path()) == 1);
}

TEST_CASE("outputs that cannot be created") {
  const test::TemporaryFolder folder;
  CHECK(status_of([&] { write_file(folder.path() / "none" / "a", "x"); }) == Status::cannot_create);
  write_file(folder.path() / "file", "x");
  CHECK(status_of([&] { create_writable_folder(folder.path() / "file"); }) ==
        Status::cannot_create);
  CHECK(status_of([&] { create_writable_folder(folder.path() / "file" / "below"); }) ==
        Status::cannot_create);
  create_writable_folder(folder.path() / "new" / "folder");
  CHECK(fs::is_empty(folder.path() / "new" / "folder"));
}

TEST_CASE("lines are appended whole") {
  const test::TemporaryFolder folder;
  append_line(folder.path() / "log", "one");
  append_line(folder.path() / "log", "two");
  CHECK(read_file(folder.path() / "log") == "one\ntwo\n");
}

TEST_CASE("only regular files are read, and only up to the limit") {
  const test::TemporaryFolder folder;
  CHECK(status_of([&] { read_file(folder.path() / "none"); }) == Status::missing);
  CHECK(status_of([&] { read_file(folder.path()); }) == Status::missing);
  const fs::path fifo = folder.path() / "fifo";
  REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
  CHECK(status_of([&] { read_file(fifo); }) == Status::missing);
  write_file(folder.path() / "big", std::string(100, 'x'));
  CHECK(status_of([&] { read_file(folder.path() / "big", 99); }) == Status::unavailable);
}

TEST_CASE("temporaries of a killed run are removed, other files are not") {
  const test::TemporaryFolder folder;
  std::ofstream(folder.path() / ".a.h5.tmp.123.0") << "half";
  std::ofstream(folder.path() / ".hidden") << "kept";
  remove_stale_temporaries(folder.path());
  CHECK(entries(folder.path()) == 1);
}
