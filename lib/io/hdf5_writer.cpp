/// Hdf5Writer: groups, data sets and attributes into an image in memory.
#include <algorithm>
#include <functional>
#include <numeric>
#include <stdexcept>

#include <hdf5.h>
#include <hdf5_hl.h>

#include "base/error.h"
#include "base/text.h"
#include "io/hdf5.h"
#include "io/hdf5_handle.h"

namespace rppg::io {
namespace {

using hdf5::Handle;
using Extents = std::vector<std::uint64_t>;

constexpr std::size_t memory_increment_bytes = std::size_t{1} << 20;
constexpr std::size_t chunked_from_bytes = std::size_t{64} << 10;
constexpr std::size_t largest_chunk_bytes = std::size_t{256} << 10;
constexpr unsigned deflate_level = 4;
constexpr unsigned creation_order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;

[[noreturn]] void fail(std::string_view what) {
  throw Error(Status::internal, concat("HDF5: cannot ", what, ": ", hdf5::reason()));
}

void check(herr_t status, std::string_view what) {
  if (status < 0) fail(what);
}

Handle checked(hid_t id, Handle::Close close, std::string_view what) {
  if (id < 0) fail(what);
  return {id, close};
}

Handle property_list(hid_t kind) {
  return checked(H5Pcreate(kind), H5Pclose, "create a property list");
}

/// Properties of links or attributes: names are UTF-8.
Handle utf8_names(hid_t kind) {
  Handle properties = property_list(kind);
  check(H5Pset_char_encoding(properties.get(), H5T_CSET_UTF8), "set the encoding of names");
  return properties;
}

/// Creation properties of a group, data set or file: no times, attributes in order.
Handle object_properties(hid_t kind) {
  Handle properties = property_list(kind);
  check(H5Pset_obj_track_times(properties.get(), false), "turn object times off");
  check(H5Pset_attr_creation_order(properties.get(), creation_order), "order attributes");
  return properties;
}

/// The same for what holds links.
Handle group_properties(hid_t kind) {
  Handle properties = object_properties(kind);
  check(H5Pset_link_creation_order(properties.get(), creation_order), "order links");
  return properties;
}

/// The library tells open files apart by name, although these have none outside of memory.
std::string unused_name() {
  static std::uint64_t count = 0;
  return concat("memory ", ++count);
}

Handle create_file() {
  const Handle access = property_list(H5P_FILE_ACCESS);
  check(H5Pset_fapl_core(access.get(), memory_increment_bytes, false), "write in memory");
  check(H5Pset_libver_bounds(access.get(), H5F_LIBVER_EARLIEST, H5F_LIBVER_V110),
        "set the format version");
  const Handle creation = group_properties(H5P_FILE_CREATE);
  return checked(H5Fcreate(unused_name().c_str(), H5F_ACC_TRUNC, creation.get(), access.get()),
                 H5Fclose, "create a file");
}

std::size_t product(const Extents& extents) {
  return std::accumulate(extents.begin(), extents.end(), std::size_t{1}, std::multiplies<>());
}

/// Whole rows of the last axes, as many as fit into the largest chunk, in equal parts.
Extents chunk_extents(const Extents& extents, std::size_t value_bytes) {
  Extents chunk(extents.size(), 1);
  std::size_t bytes = value_bytes;
  for (std::size_t axis = extents.size(); axis-- > 0;) {
    const std::size_t most = std::max<std::size_t>(largest_chunk_bytes / bytes, 1);
    const std::size_t parts = (extents[axis] + most - 1) / most;
    chunk[axis] = (extents[axis] + parts - 1) / parts;
    if (parts > 1) break;
    bytes *= chunk[axis];
  }
  return chunk;
}

void compress(const Handle& properties, const Extents& chunk) {
  check(H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()),
                     std::vector<hsize_t>(chunk.begin(), chunk.end()).data()),
        "set chunks");
  check(H5Pset_shuffle(properties.get()), "set shuffle");
  check(H5Pset_deflate(properties.get(), deflate_level), "set deflate");
  check(H5Pset_fletcher32(properties.get()), "set checksums");
}

Handle simple_space(const Extents& extents) {
  const std::vector<hsize_t> dimensions(extents.begin(), extents.end());
  return checked(H5Screate_simple(static_cast<int>(dimensions.size()), dimensions.data(), nullptr),
                 H5Sclose, "create a data space");
}

Handle scalar_space() { return checked(H5Screate(H5S_SCALAR), H5Sclose, "create a data space"); }

/// UTF-8 text of a fixed number of bytes, padded with zeros.
Handle text_type(std::size_t bytes) {
  Handle type = checked(H5Tcopy(H5T_C_S1), H5Tclose, "create a text type");
  check(H5Tset_size(type.get(), std::max<std::size_t>(bytes, 1)), "size a text type");
  check(H5Tset_strpad(type.get(), H5T_STR_NULLPAD), "pad a text type");
  check(H5Tset_cset(type.get(), H5T_CSET_UTF8), "set the encoding of a text type");
  return type;
}

/// How numbers are given and how they are stored.
struct NumberType {
  hid_t memory;
  hid_t file;
};
NumberType number_type(double) { return {H5T_NATIVE_DOUBLE, H5T_IEEE_F64LE}; }
NumberType number_type(float) { return {H5T_NATIVE_FLOAT, H5T_IEEE_F32LE}; }
NumberType number_type(std::int64_t) { return {H5T_NATIVE_INT64, H5T_STD_I64LE}; }
NumberType number_type(std::uint8_t) { return {H5T_NATIVE_UINT8, H5T_STD_U8LE}; }

}  // namespace

struct Hdf5Writer::Impl {
  Handle file = create_file();

  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    const auto guard = hdf5::lock();
    const Handle closed_under_lock = std::move(file);
  }

  Handle open_or_create(const std::vector<std::string>& names) const;
  void write_dataset(std::string_view path, NumberType type, const void* values,
                     const Extents& extents) const;
  void write_attribute(std::string_view path, std::string_view name, NumberType type,
                       const Handle& space, const void* values) const;

  template <typename T>
  void numbers(std::string_view path, std::span<const T> values, Extents extents) const {
    if (extents.empty()) extents = {values.size()};
    if (product(extents) != values.size()) {
      throw std::logic_error(concat("data set ", path, ": extents do not match the values"));
    }
    write_dataset(path, number_type(T{}), values.data(), extents);
  }
};

/// The object of that path; what is missing on the way to it becomes a group.
Handle Hdf5Writer::Impl::open_or_create(const std::vector<std::string>& names) const {
  const Handle links = utf8_names(H5P_LINK_CREATE);
  const Handle properties = group_properties(H5P_GROUP_CREATE);
  Handle object = checked(H5Oopen(file.get(), "/", H5P_DEFAULT), H5Oclose, "open /");
  for (const std::string& name : names) {
    const htri_t exists = H5Lexists(object.get(), name.c_str(), H5P_DEFAULT);
    check(exists, concat("look for ", name));
    const hid_t next = exists > 0 ? H5Oopen(object.get(), name.c_str(), H5P_DEFAULT)
                                  : H5Gcreate2(object.get(), name.c_str(), links.get(),
                                               properties.get(), H5P_DEFAULT);
    object = checked(next, H5Oclose, concat("open or create ", name));
  }
  return object;
}

void Hdf5Writer::Impl::write_dataset(std::string_view path, NumberType type, const void* values,
                                     const Extents& extents) const {
  std::vector<std::string> names = hdf5::components(path);
  if (names.empty()) throw std::logic_error("a data set needs a name");
  const std::string name = std::move(names.back());
  names.pop_back();

  const std::size_t value_bytes = H5Tget_size(type.file);
  const Handle properties = object_properties(H5P_DATASET_CREATE);
  if (product(extents) * value_bytes >= chunked_from_bytes) {
    compress(properties, chunk_extents(extents, value_bytes));
  }
  const Handle group = open_or_create(names);
  const Handle links = utf8_names(H5P_LINK_CREATE);
  const Handle space = simple_space(extents);
  const Handle dataset = checked(H5Dcreate2(group.get(), name.c_str(), type.file, space.get(),
                                            links.get(), properties.get(), H5P_DEFAULT),
                                 H5Dclose, concat("create data set ", path));
  if (product(extents) == 0) return;
  check(H5Dwrite(dataset.get(), type.memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values),
        concat("write data set ", path));
}

void Hdf5Writer::Impl::write_attribute(std::string_view path, std::string_view name,
                                       NumberType type, const Handle& space,
                                       const void* values) const {
  const Handle object = open_or_create(hdf5::components(path));
  const Handle properties = utf8_names(H5P_ATTRIBUTE_CREATE);
  const std::string what = concat("attribute ", name, " of ", path);
  const Handle attribute = checked(H5Acreate2(object.get(), std::string(name).c_str(), type.file,
                                              space.get(), properties.get(), H5P_DEFAULT),
                                   H5Aclose, concat("create ", what));
  check(H5Awrite(attribute.get(), type.memory, values), concat("write ", what));
}

Hdf5Writer::Hdf5Writer() {
  const auto guard = hdf5::lock();
  impl_ = std::make_unique<Impl>();
}
Hdf5Writer::~Hdf5Writer() = default;
Hdf5Writer::Hdf5Writer(Hdf5Writer&&) noexcept = default;
Hdf5Writer& Hdf5Writer::operator=(Hdf5Writer&&) noexcept = default;

void Hdf5Writer::group(std::string_view path) {
  const auto guard = hdf5::lock();
  impl_->open_or_create(hdf5::components(path));
}

void Hdf5Writer::dataset(std::string_view path, std::span<const double> values, Extents extents) {
  const auto guard = hdf5::lock();
  impl_->numbers(path, values, std::move(extents));
}

void Hdf5Writer::dataset(std::string_view path, std::span<const float> values, Extents extents) {
  const auto guard = hdf5::lock();
  impl_->numbers(path, values, std::move(extents));
}

void Hdf5Writer::dataset(std::string_view path, std::span<const std::int64_t> values,
                         Extents extents) {
  const auto guard = hdf5::lock();
  impl_->numbers(path, values, std::move(extents));
}

void Hdf5Writer::dataset(std::string_view path, std::span<const std::uint8_t> values,
                         Extents extents) {
  const auto guard = hdf5::lock();
  impl_->numbers(path, values, std::move(extents));
}

void Hdf5Writer::dataset(std::string_view path, std::span<const std::string> values) {
  const auto guard = hdf5::lock();
  std::size_t width = 1;
  for (const std::string& value : values) width = std::max(width, value.size());
  std::string cells(values.size() * width, '\0');
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::copy(values[i].begin(), values[i].end(), cells.data() + i * width);
  }
  const Handle type = text_type(width);
  impl_->write_dataset(path, {type.get(), type.get()}, cells.data(), {values.size()});
}

void Hdf5Writer::attribute(std::string_view path, std::string_view name, std::string_view value) {
  const auto guard = hdf5::lock();
  const Handle type = text_type(value.size());
  impl_->write_attribute(path, name, {type.get(), type.get()}, scalar_space(),
                         std::string(value).c_str());
}

void Hdf5Writer::attribute(std::string_view path, std::string_view name, double value) {
  const auto guard = hdf5::lock();
  impl_->write_attribute(path, name, number_type(value), scalar_space(), &value);
}

void Hdf5Writer::attribute(std::string_view path, std::string_view name, std::int64_t value) {
  const auto guard = hdf5::lock();
  impl_->write_attribute(path, name, number_type(value), scalar_space(), &value);
}

void Hdf5Writer::attribute(std::string_view path, std::string_view name,
                           std::span<const double> values) {
  const auto guard = hdf5::lock();
  impl_->write_attribute(path, name, number_type(double{}), simple_space({values.size()}),
                         values.data());
}

void Hdf5Writer::attribute(std::string_view path, std::string_view name,
                           std::span<const std::uint8_t> values) {
  const auto guard = hdf5::lock();
  impl_->write_attribute(path, name, number_type(std::uint8_t{}), simple_space({values.size()}),
                         values.data());
}

void Hdf5Writer::attach_scale(std::string_view dataset, std::string_view scale) {
  const auto guard = hdf5::lock();
  const Handle dataset_object = impl_->open_or_create(hdf5::components(dataset));
  const Handle scale_object = impl_->open_or_create(hdf5::components(scale));
  const std::string what = concat("make ", scale, " a dimension scale of ", dataset);
  const htri_t is_scale = H5DSis_scale(scale_object.get());
  check(is_scale, what);
  if (is_scale == 0) check(H5DSset_scale(scale_object.get(), nullptr), what);
  check(H5DSattach_scale(dataset_object.get(), scale_object.get(), 0), what);
}

std::vector<std::byte> Hdf5Writer::finish() {
  const auto guard = hdf5::lock();
  const hid_t file = impl_->file.get();
  check(H5Fflush(file, H5F_SCOPE_LOCAL), "complete the file");
  const ssize_t size = H5Fget_file_image(file, nullptr, 0);
  if (size < 0) fail("measure the file");
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  if (H5Fget_file_image(file, bytes.data(), bytes.size()) != size) fail("copy the file");
  impl_ = std::make_unique<Impl>();
  return bytes;
}

}  // namespace rppg::io
