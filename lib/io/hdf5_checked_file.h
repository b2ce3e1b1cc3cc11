/// Private to the HDF5 reader: a file held in memory that cannot lead out of itself.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "io/hdf5_handle.h"

namespace rppg::io::hdf5 {

using Extents = std::vector<std::uint64_t>;

/// Bytes that one data set may have, and one chunk may expand to.
inline constexpr std::uint64_t most_bytes = std::uint64_t{1} << 30;

/// The product of extents, or the largest number if it is larger than that.
std::uint64_t saturating_product(const Extents& extents);

/// The whole file is read once, so that nothing changes under the checks. All its objects have
/// been visited: hard links only, groups and data sets only, values within the file, known
/// filters, limits on number, depth and declared bytes. Callers hold the lock.
class CheckedFile {
 public:
  explicit CheckedFile(const std::filesystem::path& path);
  ~CheckedFile();
  CheckedFile(const CheckedFile&) = delete;
  CheckedFile& operator=(const CheckedFile&) = delete;

  Handle root() const;

  /// Throws Error(malformed) "FILE: object: why".
  [[noreturn]] void fail(std::string_view object, std::string_view why) const;
  /// The same, with the library's reason. HDF5 1.10 can crash when it frees what it could read in
  /// part only, so the file is abandoned in the end instead of closed.
  [[noreturn]] void fail_because(std::string_view object, std::string_view what) const;
  /// Takes an identifier from the library; fail_because() if it is none.
  Handle checked(Handle::Id id, Handle::Close close, std::string_view object,
                 std::string_view what) const;

  Extents dataset_extents(Handle::Id dataset, std::string_view name) const;
  /// Attributes are stored as they are, so that they cannot be larger than the file.
  Extents attribute_extents(Handle::Id attribute, std::string_view name) const;

  /// Before values are read: the library inflates a chunk to its end, however few values it should
  /// hold, so none may be able to expand beyond most_bytes.
  void check_chunks(Handle::Id dataset, std::string_view name) const;

 private:
  CheckedFile(const std::filesystem::path& path, std::string bytes);

  std::vector<std::string> links(Handle::Id group, const std::string& path) const;
  void check_tree(Handle::Id group, const std::string& path, std::size_t depth,
                  std::size_t& objects) const;
  void check_storage(Handle::Id dataset, std::string_view name) const;
  /// Whether the filters, which must be known ones, inflate.
  bool check_filters(Handle::Id properties, std::string_view name) const;
  Extents space_extents(const Handle& space, std::string_view name) const;
  /// Empty when the data set is not chunked.
  Extents chunk_extents(Handle::Id properties, std::size_t rank, std::string_view name) const;

  std::filesystem::path path_;
  std::string bytes_;
  Handle file_;
  mutable bool damaged_ = false;
};

}  // namespace rppg::io::hdf5
