#include "io/hdf5_checked_file.h"

#include <algorithm>
#include <limits>

#include <hdf5.h>
#include <hdf5_hl.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"

namespace rppg::io::hdf5 {
namespace {

constexpr std::size_t most_objects = 100'000;
constexpr std::size_t greatest_depth = 8;
constexpr std::uint64_t most_chunks = 1'000'000;
constexpr std::uint64_t deflate_ratio = 1032;  // no deflate stream expands more

std::uint64_t saturating_product(std::uint64_t a, std::uint64_t b) {
  constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
  return b != 0 && a > largest / b ? largest : a * b;
}

/// The names of a group's links, up to the first one that is not to be followed.
struct LinkNames {
  std::vector<std::string> names;
  bool refused = false;
};

bool is_plain_link(const std::string& name, const H5L_info_t& info) {
  return info.type == H5L_TYPE_HARD && !name.empty() && name != "." &&
         name.find('/') == std::string::npos;
}

/// Called by the library, which an exception must not pass through.
herr_t collect_link(hid_t, const char* name, const H5L_info_t* info, void* out) noexcept try {
  LinkNames& links = *static_cast<LinkNames*>(out);
  if (links.names.size() == most_objects) return -1;
  links.names.emplace_back(name);
  links.refused = !is_plain_link(links.names.back(), *info);
  return links.refused ? -1 : 0;
} catch (...) {
  return -1;
}

Handle open_image(std::string& bytes) {
  return {H5LTopen_file_image(bytes.data(), bytes.size(),
                              H5LT_FILE_IMAGE_DONT_COPY | H5LT_FILE_IMAGE_DONT_RELEASE),
          H5Fclose};
}

}  // namespace

std::uint64_t saturating_product(const Extents& extents) {
  std::uint64_t out = 1;
  for (const std::uint64_t extent : extents) out = saturating_product(out, extent);
  return out;
}

CheckedFile::CheckedFile(const std::filesystem::path& path, std::string bytes)
    : path_(path), bytes_(std::move(bytes)), file_(open_image(bytes_)) {
  if (file_.get() < 0) {
    throw Error(Status::malformed, path_, concat("not a sound HDF5 file: ", reason()));
  }
}

// Delegates, so that the destructor runs when a check fails.
CheckedFile::CheckedFile(const std::filesystem::path& path) : CheckedFile(path, read_file(path)) {
  std::size_t objects = 1;
  check_tree(root().get(), "", 1, objects);
}

CheckedFile::~CheckedFile() {
  const auto guard = lock();
  if (damaged_) file_.abandon();
  const Handle closed_under_lock = std::move(file_);
}

Handle CheckedFile::root() const {
  return checked(H5Oopen(file_.get(), "/", H5P_DEFAULT), H5Oclose, "/", "cannot open");
}

void CheckedFile::fail(std::string_view object, std::string_view why) const {
  throw Error(Status::malformed, path_, concat(object, ": ", why));
}

void CheckedFile::fail_because(std::string_view object, std::string_view what) const {
  damaged_ = true;
  fail(object, concat(what, ": ", reason()));
}

Handle CheckedFile::checked(Handle::Id id, Handle::Close close, std::string_view object,
                            std::string_view what) const {
  if (id < 0) fail_because(object, what);
  return {id, close};
}

std::vector<std::string> CheckedFile::links(Handle::Id group, const std::string& path) const {
  LinkNames found;
  if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, collect_link, &found) < 0) {
    if (found.refused) fail(concat(path, "/", found.names.back()), "only hard links are followed");
    if (found.names.size() == most_objects) fail(concat(path, "/"), "too many links");
    fail_because(concat(path, "/"), "cannot list");
  }
  return std::move(found.names);
}

void CheckedFile::check_tree(Handle::Id group, const std::string& path, std::size_t depth,
                             std::size_t& objects) const {
  for (const std::string& name : links(group, path)) {
    const std::string object_path = concat(path, "/", name);
    if (depth > greatest_depth) fail(object_path, concat("below level ", greatest_depth));
    if (++objects > most_objects) fail(object_path, concat("more than ", most_objects, " objects"));
    const Handle object =
        checked(H5Oopen(group, name.c_str(), H5P_DEFAULT), H5Oclose, object_path, "cannot open");
    const H5I_type_t kind = H5Iget_type(object.get());
    if (kind == H5I_GROUP) {
      check_tree(object.get(), object_path, depth + 1, objects);
    } else if (kind == H5I_DATASET) {
      check_storage(object.get(), object_path);
    } else {
      fail(object_path, "neither a group nor a data set");
    }
  }
}

void CheckedFile::check_storage(Handle::Id dataset, std::string_view name) const {
  const Handle properties =
      checked(H5Dget_create_plist(dataset), H5Pclose, name, "cannot read its storage");
  const H5D_layout_t layout = H5Pget_layout(properties.get());
  if (layout < 0) fail_because(name, "cannot read its layout");
  if (layout == H5D_VIRTUAL) fail(name, "virtual data sets are not read");
  if (H5Pget_external_count(properties.get()) != 0) fail(name, "external storage is not read");
  const bool deflated = check_filters(properties.get(), name);

  const Extents extents = dataset_extents(dataset, name);
  const Extents chunk = chunk_extents(properties.get(), extents.size(), name);
  const Handle type = checked(H5Dget_type(dataset), H5Tclose, name, "cannot read its type");
  const std::uint64_t values =
      std::max(saturating_product(extents), chunk.empty() ? 0 : saturating_product(chunk));
  const std::uint64_t declared = saturating_product(values, H5Tget_size(type.get()));
  const std::uint64_t plausible = saturating_product(bytes_.size(), deflated ? deflate_ratio : 1);
  if (declared > std::min(plausible, most_bytes)) {
    fail(name, concat("declares ", declared, " bytes in a file of ", bytes_.size()));
  }
}

bool CheckedFile::check_filters(Handle::Id properties, std::string_view name) const {
  const int count = H5Pget_nfilters(properties);
  if (count < 0) fail_because(name, "cannot read its filters");
  bool deflated = false;
  for (int i = 0; i < count; ++i) {
    unsigned flags = 0;
    std::size_t parameters = 0;
    const H5Z_filter_t filter = H5Pget_filter2(properties, static_cast<unsigned>(i), &flags,
                                               &parameters, nullptr, 0, nullptr, nullptr);
    if (filter == H5Z_FILTER_SHUFFLE || filter == H5Z_FILTER_FLETCHER32) continue;
    if (filter != H5Z_FILTER_DEFLATE) fail(name, concat("filter ", filter, " is not read"));
    if (deflated) fail(name, "deflated twice");
    deflated = true;
  }
  return deflated;
}

Extents CheckedFile::space_extents(const Handle& space, std::string_view name) const {
  const H5S_class_t kind = H5Sget_simple_extent_type(space.get());
  if (kind != H5S_SCALAR && kind != H5S_SIMPLE) fail(name, "holds no values");
  const int rank = H5Sget_simple_extent_ndims(space.get());
  std::vector<hsize_t> extents(static_cast<std::size_t>(std::max(rank, 0)));
  if (H5Sget_simple_extent_dims(space.get(), extents.data(), nullptr) != rank) {
    fail_because(name, "cannot read its extents");
  }
  return Extents(extents.begin(), extents.end());
}

Extents CheckedFile::dataset_extents(Handle::Id dataset, std::string_view name) const {
  return space_extents(checked(H5Dget_space(dataset), H5Sclose, name, "cannot read its extents"),
                       name);
}

Extents CheckedFile::attribute_extents(Handle::Id attribute, std::string_view name) const {
  Extents extents = space_extents(
      checked(H5Aget_space(attribute), H5Sclose, name, "cannot read its extents"), name);
  const Handle type = checked(H5Aget_type(attribute), H5Tclose, name, "cannot read its type");
  if (saturating_product(saturating_product(extents), H5Tget_size(type.get())) > bytes_.size()) {
    fail(name, "declares more bytes than the file has");
  }
  return extents;
}

Extents CheckedFile::chunk_extents(Handle::Id properties, std::size_t rank,
                                   std::string_view name) const {
  if (H5Pget_layout(properties) != H5D_CHUNKED) return {};
  std::vector<hsize_t> chunk(rank);
  const int chunk_rank = H5Pget_chunk(properties, static_cast<int>(rank), chunk.data());
  if (!std::cmp_equal(chunk_rank, rank) || std::find(chunk.begin(), chunk.end(), 0) != chunk.end())
    fail(name, "its chunks are damaged");
  return Extents(chunk.begin(), chunk.end());
}

void CheckedFile::check_chunks(Handle::Id dataset, std::string_view name) const {
  const Handle properties =
      checked(H5Dget_create_plist(dataset), H5Pclose, name, "cannot read its storage");
  const Extents extents = dataset_extents(dataset, name);
  const Extents chunk = chunk_extents(properties.get(), extents.size(), name);
  if (chunk.empty()) return;

  Extents counts;
  for (std::size_t axis = 0; axis < extents.size(); ++axis) {
    counts.push_back(extents[axis] / chunk[axis] + (extents[axis] % chunk[axis] != 0 ? 1 : 0));
  }
  const std::uint64_t chunks = saturating_product(counts);
  if (chunks > most_chunks) fail(name, concat("more than ", most_chunks, " chunks"));

  std::vector<hsize_t> offset(extents.size(), 0);
  for (std::uint64_t i = 0; i < chunks; ++i) {
    hsize_t stored_bytes = 0;
    if (H5Dget_chunk_storage_size(dataset, offset.data(), &stored_bytes) >= 0 &&
        stored_bytes > most_bytes / deflate_ratio) {
      fail(name, concat("a chunk of ", stored_bytes, " bytes may expand too much"));
    }
    for (std::size_t axis = offset.size(); axis-- > 0;) {
      offset[axis] += chunk[axis];
      if (offset[axis] < extents[axis]) break;
      offset[axis] = 0;
    }
  }
}

}  // namespace rppg::io::hdf5
