/// Hdf5Reader: finds objects of a checked file and converts their values.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include <hdf5.h>

#include "base/text.h"
#include "io/hdf5.h"
#include "io/hdf5_checked_file.h"
#include "io/hdf5_handle.h"

namespace rppg::io {
namespace {

using hdf5::Extents;
using hdf5::Handle;

/// IEEE 754 half precision in the byte order of `single`; HDF5 1.10 has no name for it.
Handle half_type(hid_t single) {
  Handle type(H5Tcopy(single), H5Tclose);
  H5Tset_fields(type.get(), 15, 10, 5, 0, 10);
  H5Tset_size(type.get(), 2);
  H5Tset_ebias(type.get(), 15);
  return type;
}

/// Integers of 8 to 64 bits and IEEE 754 numbers of 16 to 64 bits, in either byte order.
bool is_plain_number(hid_t type) {
  const std::array named = {
      H5T_STD_U8LE,  H5T_STD_I8LE,   H5T_STD_U16LE,  H5T_STD_I16LE,  H5T_STD_U32LE,
      H5T_STD_I32LE, H5T_STD_U64LE,  H5T_STD_I64LE,  H5T_STD_U8BE,   H5T_STD_I8BE,
      H5T_STD_U16BE, H5T_STD_I16BE,  H5T_STD_U32BE,  H5T_STD_I32BE,  H5T_STD_U64BE,
      H5T_STD_I64BE, H5T_IEEE_F32LE, H5T_IEEE_F64LE, H5T_IEEE_F32BE, H5T_IEEE_F64BE,
  };
  const auto equals = [type](hid_t other) { return H5Tequal(type, other) > 0; };
  return std::any_of(named.begin(), named.end(), equals) ||
         equals(half_type(H5T_IEEE_F32LE).get()) || equals(half_type(H5T_IEEE_F32BE).get());
}

/// The type of the numbers behind an enumeration (h5py writes bool as one), else the type itself.
Handle underlying_type(const Handle& type) {
  const bool named = H5Tget_class(type.get()) == H5T_ENUM;
  return {named ? H5Tget_super(type.get()) : H5Tcopy(type.get()), H5Tclose};
}

/// Where numbers of type T stand in memory.
hid_t memory_type(double) { return H5T_NATIVE_DOUBLE; }
hid_t memory_type(float) { return H5T_NATIVE_FLOAT; }
hid_t memory_type(std::int64_t) { return H5T_NATIVE_INT64; }
hid_t memory_type(std::uint8_t) { return H5T_NATIVE_UINT8; }

/// A conversion to integers must be exact.
H5T_conv_ret_t refuse_inexact(H5T_conv_except_t, hid_t, hid_t, void*, void*, void*) {
  return H5T_CONV_ABORT;
}

/// Where the library puts variable-length text, up to a limit.
class TextMemory {
 public:
  static void* allocate(std::size_t bytes, void* self) noexcept try {
    TextMemory& memory = *static_cast<TextMemory*>(self);
    if (bytes > memory.left_bytes_) return nullptr;
    memory.left_bytes_ -= bytes;
    return memory.blocks_.emplace_back(new char[bytes]).get();
  } catch (...) {
    return nullptr;
  }
  static void keep(void*, void*) {}

 private:
  std::uint64_t left_bytes_ = hdf5::most_bytes;
  std::vector<std::unique_ptr<char[]>> blocks_;
};

/// A cell of fixed-length text without its padding.
std::string unpadded(std::string_view cell, H5T_str_t padding) {
  if (padding == H5T_STR_NULLTERM) return std::string(cell.substr(0, cell.find('\0')));
  const char pad = padding == H5T_STR_SPACEPAD ? ' ' : '\0';
  return std::string(cell.substr(0, cell.find_last_not_of(pad) + 1));
}

herr_t collect_name(hid_t, const char* name, const H5A_info_t*, void* out) noexcept try {
  static_cast<std::vector<std::string>*>(out)->emplace_back(name);
  return 0;
} catch (...) {
  return -1;
}

herr_t collect_link_name(hid_t group, const char* name, const H5L_info_t*, void* out) noexcept {
  return collect_name(group, name, nullptr, out);
}

}  // namespace

/// Finds and reads objects of a file that has been checked; callers hold the lock.
struct Hdf5Reader::Impl {
  explicit Impl(const std::filesystem::path& path) : file(path) {}

  std::optional<Handle> find(std::string_view object) const;
  Handle open(std::string_view object) const;
  Handle open_dataset(std::string_view name) const;
  bool has_attribute(const Handle& owner, std::string_view object, std::string_view name) const;
  Handle open_attribute(std::string_view object, std::string_view name) const;
  Handle transfer_properties(std::string_view name) const;

  template <typename T>
  std::vector<T> numbers(std::string_view name) const;
  std::vector<std::string> fixed_text(const Handle& dataset, const Handle& type,
                                      std::uint64_t count, std::string_view name) const;
  std::vector<std::string> variable_text(const Handle& dataset, const Handle& type,
                                         std::uint64_t count, std::string_view name) const;
  std::string fixed_text(const Handle& attribute, const Handle& type, std::string_view name) const;
  std::string variable_text(const Handle& attribute, const Handle& type,
                            std::string_view name) const;

  hdf5::CheckedFile file;
};

std::optional<Handle> Hdf5Reader::Impl::find(std::string_view object) const {
  Handle found = file.root();
  for (const std::string& name : hdf5::components(object)) {
    if (H5Iget_type(found.get()) != H5I_GROUP) return std::nullopt;
    const htri_t exists = H5Lexists(found.get(), name.c_str(), H5P_DEFAULT);
    if (exists < 0) file.fail_because(object, "cannot look for it");
    if (exists == 0) return std::nullopt;
    found = file.checked(H5Oopen(found.get(), name.c_str(), H5P_DEFAULT), H5Oclose, object,
                         "cannot open");
  }
  return found;
}

Handle Hdf5Reader::Impl::open(std::string_view object) const {
  std::optional<Handle> found = find(object);
  if (!found) file.fail(object, "there is no such object");
  return std::move(*found);
}

Handle Hdf5Reader::Impl::open_dataset(std::string_view name) const {
  Handle dataset = open(name);
  if (H5Iget_type(dataset.get()) != H5I_DATASET) file.fail(name, "not a data set");
  return dataset;
}

bool Hdf5Reader::Impl::has_attribute(const Handle& owner, std::string_view object,
                                     std::string_view name) const {
  const htri_t exists = H5Aexists(owner.get(), std::string(name).c_str());
  if (exists < 0) file.fail_because(object, concat("cannot look for attribute ", name));
  return exists > 0;
}

Handle Hdf5Reader::Impl::open_attribute(std::string_view object, std::string_view name) const {
  const Handle owner = open(object);
  const std::string what = concat(object, ": attribute ", name);
  if (!has_attribute(owner, object, name)) file.fail(what, "there is no such attribute");
  return file.checked(H5Aopen(owner.get(), std::string(name).c_str(), H5P_DEFAULT), H5Aclose, what,
                      "cannot open");
}

Handle Hdf5Reader::Impl::transfer_properties(std::string_view name) const {
  return file.checked(H5Pcreate(H5P_DATASET_XFER), H5Pclose, name, "cannot prepare reading");
}

template <typename T>
std::vector<T> Hdf5Reader::Impl::numbers(std::string_view name) const {
  const Handle dataset = open_dataset(name);
  const Handle type =
      file.checked(H5Dget_type(dataset.get()), H5Tclose, name, "cannot read its type");
  if (!is_plain_number(underlying_type(type).get())) file.fail(name, "not plain numbers");
  file.check_chunks(dataset.get(), name);

  const Handle transfer = transfer_properties(name);
  if (std::is_integral_v<T> && H5Pset_type_conv_cb(transfer.get(), refuse_inexact, nullptr) < 0) {
    file.fail_because(name, "cannot prepare reading");
  }
  std::vector<T> values(hdf5::saturating_product(file.dataset_extents(dataset.get(), name)));
  if (values.empty()) return values;
  if (H5Dread(dataset.get(), memory_type(T{}), H5S_ALL, H5S_ALL, transfer.get(), values.data()) <
      0) {
    file.fail_because(name, "cannot read");
  }
  return values;
}

std::vector<std::string> Hdf5Reader::Impl::fixed_text(const Handle& dataset, const Handle& type,
                                                      std::uint64_t count,
                                                      std::string_view name) const {
  const std::size_t width = H5Tget_size(type.get());
  std::string cells(count * width, '\0');
  if (H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, cells.data()) < 0) {
    file.fail_because(name, "cannot read");
  }
  const H5T_str_t padding = H5Tget_strpad(type.get());
  std::vector<std::string> values;
  values.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    values.push_back(unpadded(std::string_view(cells).substr(i * width, width), padding));
  }
  return values;
}

std::vector<std::string> Hdf5Reader::Impl::variable_text(const Handle& dataset, const Handle& type,
                                                         std::uint64_t count,
                                                         std::string_view name) const {
  TextMemory memory;
  const Handle transfer = transfer_properties(name);
  if (H5Pset_vlen_mem_manager(transfer.get(), TextMemory::allocate, &memory, TextMemory::keep,
                              nullptr) < 0) {
    file.fail_because(name, "cannot prepare reading");
  }
  std::vector<const char*> texts(count, nullptr);
  if (H5Dread(dataset.get(), type.get(), H5S_ALL, H5S_ALL, transfer.get(), texts.data()) < 0) {
    file.fail_because(name, "cannot read");
  }
  std::vector<std::string> values;
  values.reserve(count);
  for (const char* text : texts) values.emplace_back(text == nullptr ? "" : text);
  return values;
}

std::string Hdf5Reader::Impl::fixed_text(const Handle& attribute, const Handle& type,
                                         std::string_view name) const {
  std::string cell(H5Tget_size(type.get()), '\0');
  if (H5Aread(attribute.get(), type.get(), cell.data()) < 0) file.fail_because(name, "cannot read");
  return unpadded(cell, H5Tget_strpad(type.get()));
}

std::string Hdf5Reader::Impl::variable_text(const Handle& attribute, const Handle& type,
                                            std::string_view name) const {
  char* text = nullptr;
  if (H5Aread(attribute.get(), type.get(), &text) < 0) file.fail_because(name, "cannot read");
  const std::unique_ptr<char, herr_t (*)(void*)> owned(text, H5free_memory);
  return text == nullptr ? std::string() : std::string(text);
}

Hdf5Reader::Hdf5Reader(const std::filesystem::path& file) {
  const auto guard = hdf5::lock();
  impl_ = std::make_unique<Impl>(file);
}
Hdf5Reader::~Hdf5Reader() = default;
Hdf5Reader::Hdf5Reader(Hdf5Reader&&) noexcept = default;
Hdf5Reader& Hdf5Reader::operator=(Hdf5Reader&&) noexcept = default;

std::vector<std::string> Hdf5Reader::list(std::string_view group) const {
  const auto guard = hdf5::lock();
  const Handle object = impl_->open(group);
  if (H5Iget_type(object.get()) != H5I_GROUP) impl_->file.fail(group, "not a group");
  std::vector<std::string> names;
  if (H5Literate(object.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr, collect_link_name, &names) <
      0) {
    impl_->file.fail_because(group, "cannot list");
  }
  std::sort(names.begin(), names.end());
  return names;
}

bool Hdf5Reader::exists(std::string_view path) const {
  const auto guard = hdf5::lock();
  return impl_->find(path).has_value();
}

bool Hdf5Reader::is_group(std::string_view path) const {
  const auto guard = hdf5::lock();
  const std::optional<Handle> object = impl_->find(path);
  return object && H5Iget_type(object->get()) == H5I_GROUP;
}

std::vector<std::uint64_t> Hdf5Reader::extents(std::string_view dataset) const {
  const auto guard = hdf5::lock();
  return impl_->file.dataset_extents(impl_->open_dataset(dataset).get(), dataset);
}

bool Hdf5Reader::holds_integers(std::string_view name) const {
  const auto guard = hdf5::lock();
  const Handle dataset = impl_->open_dataset(name);
  const Handle type =
      impl_->file.checked(H5Dget_type(dataset.get()), H5Tclose, name, "cannot read its type");
  return H5Tget_class(type.get()) == H5T_INTEGER;
}

std::vector<double> Hdf5Reader::doubles(std::string_view dataset) const {
  const auto guard = hdf5::lock();
  return impl_->numbers<double>(dataset);
}

std::vector<float> Hdf5Reader::floats(std::string_view dataset) const {
  const auto guard = hdf5::lock();
  return impl_->numbers<float>(dataset);
}

std::vector<std::int64_t> Hdf5Reader::integers(std::string_view dataset) const {
  const auto guard = hdf5::lock();
  return impl_->numbers<std::int64_t>(dataset);
}

std::vector<std::uint8_t> Hdf5Reader::bytes(std::string_view dataset) const {
  const auto guard = hdf5::lock();
  return impl_->numbers<std::uint8_t>(dataset);
}

std::vector<std::string> Hdf5Reader::strings(std::string_view name) const {
  const auto guard = hdf5::lock();
  const Handle dataset = impl_->open_dataset(name);
  const Handle type =
      impl_->file.checked(H5Dget_type(dataset.get()), H5Tclose, name, "cannot read its type");
  if (H5Tget_class(type.get()) != H5T_STRING) impl_->file.fail(name, "not text");
  impl_->file.check_chunks(dataset.get(), name);
  const std::uint64_t count =
      hdf5::saturating_product(impl_->file.dataset_extents(dataset.get(), name));
  if (count == 0) return {};
  return H5Tis_variable_str(type.get()) > 0 ? impl_->variable_text(dataset, type, count, name)
                                            : impl_->fixed_text(dataset, type, count, name);
}

bool Hdf5Reader::has_attribute(std::string_view path, std::string_view name) const {
  const auto guard = hdf5::lock();
  return impl_->has_attribute(impl_->open(path), path, name);
}

std::string Hdf5Reader::text_attribute(std::string_view path, std::string_view name) const {
  const auto guard = hdf5::lock();
  const Handle attribute = impl_->open_attribute(path, name);
  const std::string what = concat(path, ": attribute ", name);
  const Handle type =
      impl_->file.checked(H5Aget_type(attribute.get()), H5Tclose, what, "cannot read its type");
  const Extents extents = impl_->file.attribute_extents(attribute.get(), what);
  if (H5Tget_class(type.get()) != H5T_STRING || hdf5::saturating_product(extents) != 1) {
    impl_->file.fail(what, "not one text");
  }
  return H5Tis_variable_str(type.get()) > 0 ? impl_->variable_text(attribute, type, what)
                                            : impl_->fixed_text(attribute, type, what);
}

double Hdf5Reader::number_attribute(std::string_view path, std::string_view name) const {
  const std::vector<double> numbers = numbers_attribute(path, name);
  if (numbers.size() != 1) {
    impl_->file.fail(concat(path, ": attribute ", name), "not one number");
  }
  return numbers.front();
}

std::vector<double> Hdf5Reader::numbers_attribute(std::string_view path,
                                                  std::string_view name) const {
  const auto guard = hdf5::lock();
  const Handle attribute = impl_->open_attribute(path, name);
  const std::string what = concat(path, ": attribute ", name);
  const Handle type =
      impl_->file.checked(H5Aget_type(attribute.get()), H5Tclose, what, "cannot read its type");
  const Extents extents = impl_->file.attribute_extents(attribute.get(), what);
  if (!is_plain_number(underlying_type(type).get())) {
    impl_->file.fail(what, "not plain numbers");
  }
  std::vector<double> values(hdf5::saturating_product(extents));
  if (values.empty()) return values;
  if (H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, values.data()) < 0) {
    impl_->file.fail_because(what, "cannot read");
  }
  return values;
}

std::vector<std::string> Hdf5Reader::attribute_names(std::string_view path) const {
  const auto guard = hdf5::lock();
  const Handle object = impl_->open(path);
  // Looking for any name decodes all attributes; H5Aiterate2 can crash when it meets a damaged one.
  impl_->has_attribute(object, path, ".");
  std::vector<std::string> names;
  if (H5Aiterate2(object.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr, collect_name, &names) < 0) {
    impl_->file.fail_because(path, "cannot list attributes");
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace rppg::io
