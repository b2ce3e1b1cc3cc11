#include "io/zip_archive.h"

#include <algorithm>
#include <utility>

#include <zip.h>

#include "base/error.h"
#include "base/text.h"

namespace rppg::io {
namespace {

constexpr std::int64_t most_entries = 100'000;
constexpr std::size_t longest_name = 512;
constexpr std::uint64_t greatest_expansion = 100;
constexpr std::uint64_t always_allowed_bytes = std::uint64_t{1} << 20;

/// libzip's account of a failure.
class ZipError {
 public:
  ZipError() { zip_error_init(&error_); }
  ~ZipError() { zip_error_fini(&error_); }
  ZipError(const ZipError&) = delete;
  ZipError& operator=(const ZipError&) = delete;

  zip_error_t* get() { return &error_; }
  std::string text() { return zip_error_strerror(&error_); }

 private:
  zip_error_t error_{};
};

struct CloseEntry {
  void operator()(zip_file_t* entry) const noexcept { zip_fclose(entry); }
};

bool is_plain(std::string_view component) {
  return !component.empty() && component != "." && component != ".." &&
         std::none_of(component.begin(), component.end(), [](char byte) {
           return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F || byte == '\\';
         });
}

/// FOLDER/NAME, of which NAME may have folders of its own.
bool is_plain_path(std::string_view path) {
  const auto components = split(path, '/');
  return path.size() <= longest_name && components.size() >= 2 &&
         std::all_of(components.begin(), components.end(), is_plain);
}

/// Why an entry cannot be read; empty when it can.
std::string_view objection(const zip_stat_t& status) {
  constexpr std::uint64_t needed =
      ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  if ((status.valid & needed) != needed) return "its size is not known";
  if (status.encryption_method != ZIP_EM_NONE) return "encrypted";
  if (status.comp_method != ZIP_CM_STORE && status.comp_method != ZIP_CM_DEFLATE) {
    return "neither stored nor deflated";
  }
  return {};
}

}  // namespace

void ZipArchive::Discard::operator()(struct zip* archive) const noexcept { zip_discard(archive); }

ZipArchive::ZipArchive(std::filesystem::path file, std::string bytes)
    : file_(std::move(file)), bytes_(std::move(bytes)) {
  open();
  list();
}

void ZipArchive::open() {
  ZipError error;
  zip_source_t* source =
      zip_source_buffer_create(bytes_.data(), bytes_.size(), /*freep=*/0, error.get());
  if (source == nullptr) throw Error(Status::resource, file_, error.text());
  archive_.reset(zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, error.get()));
  if (archive_ == nullptr) {
    zip_source_free(source);
    throw Error(Status::malformed, file_, concat("not a sound zip archive: ", error.text()));
  }
}

void ZipArchive::list() {
  const std::int64_t count = zip_get_num_entries(archive_.get(), 0);
  if (count > most_entries) {
    throw Error(Status::unavailable, file_,
                concat(count, " zip entries exceed the limit of ", most_entries));
  }
  const std::uint64_t most_bytes = bytes_.size() * greatest_expansion + always_allowed_bytes;
  std::uint64_t packed_bytes = 0;
  std::string root;
  for (std::uint64_t index = 0; std::cmp_less(index, count); ++index) {
    zip_stat_t status;
    if (zip_stat_index(archive_.get(), index, ZIP_FL_ENC_RAW, &status) != 0 ||
        (status.valid & ZIP_STAT_NAME) == 0) {
      throw Error(Status::malformed, file_, concat("zip entry ", index, " has no name"));
    }
    const std::string path = status.name;
    const auto reject = [&](std::string_view why) {
      throw Error(Status::malformed, file_, concat("zip entry \"", path, "\": ", why));
    };
    if (!is_plain_path(path)) reject("not a plain path FOLDER/NAME");
    if (root.empty()) root = path.substr(0, path.find('/') + 1);
    if (!path.starts_with(root)) reject(concat("outside the folder ", root));
    if (const auto why = objection(status); !why.empty()) reject(why);

    // Neither sum can overflow: each summand is compared with what is left.
    if (status.comp_size > bytes_.size() - packed_bytes) reject("lies over other entries");
    packed_bytes += status.comp_size;
    if (status.size > most_bytes - total_bytes_) {
      throw Error(Status::unavailable, file_,
                  concat("zip entry \"", path, "\": expands by more than ", greatest_expansion,
                         " times the file"));
    }
    total_bytes_ += status.size;
    if (!entries_.emplace(path.substr(root.size()), Entry{index, status.size}).second) {
      reject("occurs twice");
    }
  }
}

bool ZipArchive::contains(std::string_view name) const { return entries_.contains(name); }

const ZipArchive::Entry& ZipArchive::find(std::string_view name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) {
    throw Error(Status::malformed, file_, concat("zip entry \"", name, "\" is missing"));
  }
  return found->second;
}

std::uint64_t ZipArchive::size(std::string_view name) const { return find(name).size; }

std::string ZipArchive::read(std::string_view name) const {
  const Entry& entry = find(name);
  const auto fail = [&](std::string_view why) {
    throw Error(Status::malformed, file_, concat("zip entry \"", name, "\": ", why));
  };
  const std::unique_ptr<zip_file_t, CloseEntry> opened(
      zip_fopen_index(archive_.get(), entry.index, 0));
  if (opened == nullptr) fail(zip_strerror(archive_.get()));
  // One byte more than there should be: the checksum is verified by the read that finds the end.
  std::string content(entry.size + 1, '\0');
  std::size_t done = 0;
  while (done < content.size()) {
    const std::int64_t got = zip_fread(opened.get(), content.data() + done, content.size() - done);
    if (got < 0) fail(zip_error_strerror(zip_file_get_error(opened.get())));
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  if (done != entry.size) fail(concat("has not the ", entry.size, " bytes that it declares"));
  content.pop_back();
  return content;
}

}  // namespace rppg::io
