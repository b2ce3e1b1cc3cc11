/// HDF5 files: written as an image in memory, read as if they were hostile. The only HDF5 user.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rppg::io {

/// Builds a file in memory (core driver, no backing store); equal calls give equal bytes.
///
/// Names are paths ("/recordings/a/time"); missing groups are created. Data sets of at least
/// 64 KiB are chunked and deflated (with shuffle and a Fletcher-32 checksum), smaller ones are
/// contiguous. Object times are not stored; links and attributes keep their order of creation.
/// Every call throws Error(internal) with the library's reason when it fails, for instance when a
/// name is used twice. Objects of different threads do not disturb each other.
class Hdf5Writer {
 public:
  Hdf5Writer();
  ~Hdf5Writer();
  Hdf5Writer(Hdf5Writer&&) noexcept;
  Hdf5Writer& operator=(Hdf5Writer&&) noexcept;
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;

  void group(std::string_view path);
  /// Throws std::logic_error when the product of extents is not values.size(). Empty extents
  /// stand for {values.size()}.
  void dataset(std::string_view path, std::span<const double> values,
               std::vector<std::uint64_t> extents = {});
  void dataset(std::string_view path, std::span<const float> values,
               std::vector<std::uint64_t> extents = {});
  void dataset(std::string_view path, std::span<const std::int64_t> values,
               std::vector<std::uint64_t> extents = {});
  void dataset(std::string_view path, std::span<const std::uint8_t> values,
               std::vector<std::uint64_t> extents = {});
  /// One-dimensional data set of UTF-8 strings (fixed length, the longest one's).
  void dataset(std::string_view path, std::span<const std::string> values);

  /// Attributes of a group or data set; "/" is the file itself.
  void attribute(std::string_view path, std::string_view name, std::string_view value);
  void attribute(std::string_view path, std::string_view name, double value);
  void attribute(std::string_view path, std::string_view name, std::int64_t value);
  void attribute(std::string_view path, std::string_view name, std::span<const double> values);
  void attribute(std::string_view path, std::string_view name,
                 std::span<const std::uint8_t> values);

  /// Marks `scale` as the dimension scale of axis 0 of `dataset` (netCDF, xarray).
  void attach_scale(std::string_view dataset, std::string_view scale);

  /// The finished file; the writer is empty afterwards.
  std::vector<std::byte> finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Reads a file that may come from anyone: only hard links, only plain numbers and strings, only
/// deflate, shuffle and Fletcher-32; no external storage, links or virtual data sets; at most
/// 100 000 objects, 8 levels and 1 GiB per data set, and no more bytes than the file can hold.
/// Everything else is Error(malformed) naming file and object: links, storage and sizes when the
/// file is opened, types when a value is read. Paths are those of the writer; a missing object or
/// attribute is Error(malformed), too.
class Hdf5Reader {
 public:
  /// Reads the whole file into memory. Throws as base's read_file() does (missing, unavailable),
  /// and Error(malformed) when it is no HDF5 file or holds what is not read.
  explicit Hdf5Reader(const std::filesystem::path& file);
  ~Hdf5Reader();
  Hdf5Reader(Hdf5Reader&&) noexcept;
  Hdf5Reader& operator=(Hdf5Reader&&) noexcept;
  Hdf5Reader(const Hdf5Reader&) = delete;
  Hdf5Reader& operator=(const Hdf5Reader&) = delete;

  /// Names of the links in a group, sorted.
  std::vector<std::string> list(std::string_view group) const;
  bool exists(std::string_view path) const;
  bool is_group(std::string_view path) const;
  std::vector<std::uint64_t> extents(std::string_view dataset) const;
  /// Whether its values are stored as integers.
  bool holds_integers(std::string_view dataset) const;

  /// Values in row-major order, converted from any integer (8 to 64 bits) or floating-point type
  /// (16 to 64 bits), or h5py's booleans. Floating-point values are rounded, and are infinite
  /// beyond the range; integers() and bytes() throw Error(malformed) when a value is no such
  /// integer.
  std::vector<double> doubles(std::string_view dataset) const;
  std::vector<float> floats(std::string_view dataset) const;
  std::vector<std::int64_t> integers(std::string_view dataset) const;
  std::vector<std::uint8_t> bytes(std::string_view dataset) const;
  /// Text of fixed or variable length, without padding.
  std::vector<std::string> strings(std::string_view dataset) const;

  bool has_attribute(std::string_view path, std::string_view name) const;
  /// One text, of fixed or variable length.
  std::string text_attribute(std::string_view path, std::string_view name) const;
  /// A scalar or one-element number of any type.
  double number_attribute(std::string_view path, std::string_view name) const;
  /// All values of an attribute, in row-major order.
  std::vector<double> numbers_attribute(std::string_view path, std::string_view name) const;
  /// Sorted.
  std::vector<std::string> attribute_names(std::string_view path) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rppg::io
