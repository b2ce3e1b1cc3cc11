#include "io/safetensors.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <set>
#include <tuple>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "io/elements.h"
#include "io/json.h"

namespace rppg::io {
namespace {

constexpr std::size_t most_file_bytes = std::size_t{1} << 31;
constexpr std::uint64_t most_header_bytes = std::uint64_t{1} << 24;
constexpr std::size_t alignment = 8;
constexpr std::string_view metadata_key = "__metadata__";

constexpr std::array<std::pair<std::string_view, ElementType>, 6> types{{
    {"F64", ElementType::float64},
    {"F32", ElementType::float32},
    {"F16", ElementType::float16},
    {"BF16", ElementType::bfloat16},
    {"I64", ElementType::int64},
    {"I32", ElementType::int32},
}};

// --- Writing
// --------------------------------------------------------------------------------------

std::string_view bytes_of(const NamedArray& array) {
  if (!array.integers.empty()) {
    return {reinterpret_cast<const char*>(array.integers.data()),
            array.integers.size() * sizeof(std::int64_t)};
  }
  return {reinterpret_cast<const char*>(array.values.data()), array.values.size() * sizeof(float)};
}

void check(std::span<const NamedArray> arrays, const std::filesystem::path& file) {
  std::set<std::string_view> names{metadata_key};
  for (const NamedArray& array : arrays) {
    const bool one_type = array.values.empty() || array.integers.empty();
    if (!one_type || element_count(array.extents) != array.values.size() + array.integers.size()) {
      throw Error(Status::internal, file, concat(array.name, ": extents and elements disagree"));
    }
    if (!names.insert(array.name).second) {
      throw Error(Status::internal, file, concat(array.name, ": the name is in use"));
    }
  }
}

std::string header_text(std::span<const NamedArray* const> arrays,
                        const std::map<std::string, std::string>& metadata) {
  OrderedJson header = OrderedJson::object();
  if (!metadata.empty()) header[std::string(metadata_key)] = metadata;
  std::size_t begin = 0;
  for (const NamedArray* array : arrays) {
    const std::size_t end = begin + bytes_of(*array).size();
    header[array->name] = {{"dtype", array->integers.empty() ? "F32" : "I64"},
                           {"shape", array->extents},
                           {"data_offsets", {begin, end}}};
    begin = end;
  }
  std::string text = to_text(header, /*one_line=*/true);
  text.resize((text.size() + alignment - 1) / alignment * alignment, ' ');
  return text;
}

// --- Reading
// --------------------------------------------------------------------------------------

/// A tensor as the header describes it.
struct Entry {
  std::string name;
  ElementType type{};
  std::vector<std::uint64_t> extents;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

class Header {
 public:
  Header(std::string_view text, const std::filesystem::path& file)
      : document_(parse_json(text, file)), file_(file) {}

  /// In the order of their data.
  std::vector<Entry> entries() const;

 private:
  [[noreturn]] void fail(std::string_view name, std::string_view why) const {
    throw Error(Status::malformed, file_, concat(name, ": ", why));
  }
  Entry entry(const std::string& name, const Json& description) const;
  const Json& member(const Json& description, const char* key, const std::string& name) const;
  std::vector<std::uint64_t> naturals(const Json& list, const std::string& name) const;
  ElementType type(const Json& text, const std::string& name) const;
  void check_metadata(const Json& metadata) const;

  Json document_;
  const std::filesystem::path& file_;
};

const Json& Header::member(const Json& description, const char* key,
                           const std::string& name) const {
  const auto found = description.find(key);
  if (found == description.end()) fail(name, concat("has no \"", key, "\""));
  return *found;
}

std::vector<std::uint64_t> Header::naturals(const Json& list, const std::string& name) const {
  if (!list.is_array()) fail(name, "extents and offsets must be lists");
  std::vector<std::uint64_t> values;
  for (const Json& value : list) {
    if (!value.is_number_unsigned()) fail(name, "extents and offsets must be natural numbers");
    values.push_back(value.get<std::uint64_t>());
  }
  return values;
}

ElementType Header::type(const Json& text, const std::string& name) const {
  if (!text.is_string()) fail(name, "\"dtype\" is no text");
  const std::string wanted = text.get<std::string>();
  for (const auto& [known, type] : types) {
    if (known == wanted) return type;
  }
  fail(name, concat("elements of type ", wanted, " are not read"));
}

Entry Header::entry(const std::string& name, const Json& description) const {
  if (!description.is_object() || description.size() != 3) {
    fail(name, "needs \"dtype\", \"shape\" and \"data_offsets\", nothing else");
  }
  const auto offsets = naturals(member(description, "data_offsets", name), name);
  if (offsets.size() != 2) fail(name, "\"data_offsets\" are not two");
  Entry entry{name, type(member(description, "dtype", name), name),
              naturals(member(description, "shape", name), name), offsets[0], offsets[1]};
  const auto count = element_count(entry.extents);
  if (!count || entry.begin > entry.end ||
      entry.end - entry.begin != *count * element_bytes(entry.type)) {
    fail(name, "its data have not the size of its shape");
  }
  return entry;
}

void Header::check_metadata(const Json& metadata) const {
  const bool sound =
      metadata.is_object() && std::all_of(metadata.begin(), metadata.end(),
                                          [](const Json& value) { return value.is_string(); });
  if (!sound) fail(metadata_key, "not a map from text to text");
}

std::vector<Entry> Header::entries() const {
  if (!document_.is_object()) fail("header", "not an object");
  std::vector<Entry> entries;
  for (const auto& [name, description] : document_.items()) {
    if (name == metadata_key) {
      check_metadata(description);
    } else {
      entries.push_back(entry(name, description));
    }
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.begin, a.end, a.name) < std::tie(b.begin, b.end, b.name);
  });
  return entries;
}

/// The tensors must lie one after the other and fill the data.
void check_coverage(std::span<const Entry> entries, std::uint64_t data_bytes,
                    const std::filesystem::path& file) {
  std::uint64_t filled = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != filled) {
      throw Error(Status::malformed, file,
                  concat(entry.name, ": its data begin at ", entry.begin, ", not at ", filled));
    }
    filled = entry.end;
  }
  if (filled != data_bytes) {
    throw Error(Status::malformed, file,
                concat("tensors of ", filled, " bytes in ", data_bytes, " bytes of data"));
  }
}

}  // namespace

void write_safetensors(const std::filesystem::path& file, std::span<const NamedArray> arrays,
                       const std::map<std::string, std::string>& metadata) {
  check(arrays, file);
  std::vector<const NamedArray*> order;
  for (const NamedArray& array : arrays) order.push_back(&array);
  std::stable_partition(order.begin(), order.end(),
                        [](const NamedArray* array) { return !array->integers.empty(); });
  const std::string header = header_text(order, metadata);
  const std::uint64_t header_bytes = header.size();
  std::string bytes(sizeof(header_bytes), '\0');
  std::memcpy(bytes.data(), &header_bytes, sizeof(header_bytes));
  bytes += header;
  for (const NamedArray* array : order) bytes += bytes_of(*array);
  write_file(file, bytes);
}

std::vector<NamedArray> read_safetensors(const std::filesystem::path& file) {
  const std::string bytes = read_file(file, most_file_bytes);
  std::string_view rest = bytes;
  std::uint64_t header_bytes = 0;
  if (rest.size() < sizeof(header_bytes)) {
    throw Error(Status::malformed, file, "not a safetensors file: too short");
  }
  std::memcpy(&header_bytes, rest.data(), sizeof(header_bytes));
  rest.remove_prefix(sizeof(header_bytes));
  if (header_bytes > most_header_bytes || header_bytes > rest.size() || !rest.starts_with('{')) {
    throw Error(Status::malformed, file,
                concat("not a safetensors file: header of ", header_bytes, " bytes"));
  }
  const std::vector<Entry> entries = Header(rest.substr(0, header_bytes), file).entries();
  rest.remove_prefix(header_bytes);
  check_coverage(entries, rest.size(), file);
  std::vector<NamedArray> arrays;
  for (const Entry& entry : entries) {
    NamedArray& array = arrays.emplace_back(NamedArray{entry.name, entry.extents, {}, {}});
    append_elements(entry.type, rest.substr(entry.begin, entry.end - entry.begin), array, file);
  }
  return arrays;
}

}  // namespace rppg::io
