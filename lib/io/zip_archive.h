/// Private to the checkpoint reader: a zip archive in memory, its entries bounded and verified.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

struct zip;  // of libzip

namespace rppg::io {

/// The entries of an archive, all of them in one folder, which is left out of their names.
///
/// What an entry may be is settled when the archive is opened: stored or deflated, not encrypted,
/// a plain relative name that occurs once. The entries cannot lie over each other and together
/// expand to at most 100 times the size of the file plus 1 MiB.
class ZipArchive {
 public:
  /// bytes: the whole file; file: for messages. Throws Error: malformed when the archive is damaged
  /// or an entry breaks the rules above, unavailable when there are too many or too large entries.
  ZipArchive(std::filesystem::path file, std::string bytes);

  bool contains(std::string_view name) const;
  /// Of all entries, expanded.
  std::uint64_t total_bytes() const { return total_bytes_; }
  /// Size of an entry. Throws Error(malformed) when there is none of that name.
  std::uint64_t size(std::string_view name) const;
  /// The entry to its end, where its checksum is verified. Throws Error(malformed).
  std::string read(std::string_view name) const;

 private:
  struct Entry {
    std::uint64_t index;
    std::uint64_t size;
  };
  struct Discard {
    void operator()(struct zip* archive) const noexcept;
  };

  void open();
  void list();
  const Entry& find(std::string_view name) const;

  std::filesystem::path file_;
  std::string bytes_;
  std::unique_ptr<struct zip, Discard> archive_;  // reads from bytes_
  std::map<std::string, Entry, std::less<>> entries_;
  std::uint64_t total_bytes_ = 0;
};

}  // namespace rppg::io
