#include "io/pickle_checkpoint.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "io/elements.h"
#include "io/pickle_machine.h"
#include "io/zip_archive.h"

namespace rppg::io {
namespace {

using pickle::Id;
using pickle::Kind;
using pickle::Node;

constexpr std::size_t most_file_bytes = std::size_t{1} << 31;
constexpr std::uint64_t most_pickle_bytes = std::uint64_t{1} << 24;
constexpr int greatest_depth = 32;
constexpr std::size_t most_steps = 1'000'000;
constexpr std::size_t most_extents = 8;
/// Tensors may share a storage, and dictionaries a dictionary: so many elements and letters of
/// names may there be per byte of the archive.
constexpr std::uint64_t greatest_reuse = 4;

constexpr std::string_view rebuild_tensor = "torch._utils._rebuild_tensor_v2";
constexpr std::string_view rebuild_parameter = "torch._utils._rebuild_parameter";
constexpr std::array<std::string_view, 13> allowed_globals{
    "collections.OrderedDict", rebuild_tensor,       rebuild_parameter,   "torch.DoubleStorage",
    "torch.FloatStorage",      "torch.HalfStorage",  "torch.LongStorage", "torch.BFloat16Storage",
    "torch.IntStorage",        "torch.ShortStorage", "torch.CharStorage", "torch.ByteStorage",
    "torch.BoolStorage"};

std::optional<ElementType> storage_type(std::string_view global) {
  constexpr std::array<std::pair<std::string_view, ElementType>, 10> types{{
      {"torch.DoubleStorage", ElementType::float64},
      {"torch.FloatStorage", ElementType::float32},
      {"torch.HalfStorage", ElementType::float16},
      {"torch.BFloat16Storage", ElementType::bfloat16},
      {"torch.LongStorage", ElementType::int64},
      {"torch.IntStorage", ElementType::int32},
      {"torch.ShortStorage", ElementType::int16},
      {"torch.CharStorage", ElementType::int8},
      {"torch.ByteStorage", ElementType::uint8},
      {"torch.BoolStorage", ElementType::boolean},
  }};
  for (const auto& [name, type] : types) {
    if (name == global) return type;
  }
  return std::nullopt;
}

/// A tensor before its elements are read: a view of a storage, in units of elements.
struct View {
  std::string name;
  std::string storage;  ///< entry of the archive
  ElementType type{};
  std::uint64_t storage_count = 0;
  std::uint64_t offset = 0;
  std::vector<std::uint64_t> extents;
  std::vector<std::uint64_t> strides;
  std::uint64_t count = 0;
};

/// Whether the last element of a view, which is not empty, lies in its storage.
bool fits(const View& view) {
  std::uint64_t last = view.offset;
  for (std::size_t axis = 0; axis < view.extents.size(); ++axis) {
    std::uint64_t reach = 0;
    if (__builtin_mul_overflow(view.extents[axis] - 1, view.strides[axis], &reach) ||
        __builtin_add_overflow(last, reach, &last)) {
      return false;
    }
  }
  return last < view.storage_count;
}

/// Whether the elements of a view lie one after the other.
bool is_row_major(const View& view) {
  std::uint64_t expected = 1;
  for (std::size_t axis = view.extents.size(); axis-- > 0;) {
    if (view.extents[axis] == 1) continue;
    if (view.strides[axis] != expected) return false;
    expected *= view.extents[axis];
  }
  return true;
}

/// The bytes of a view's elements in row-major order.
std::string gather(const View& view, std::string_view storage) {
  const std::size_t width = element_bytes(view.type);
  std::string bytes(view.count * width, '\0');
  std::vector<std::uint64_t> index(view.extents.size(), 0);
  std::uint64_t element = view.offset;
  for (std::uint64_t i = 0; i < view.count; ++i) {
    std::memcpy(bytes.data() + i * width, storage.data() + element * width, width);
    for (std::size_t axis = index.size(); axis-- > 0;) {
      element += view.strides[axis];
      if (++index[axis] < view.extents[axis]) break;
      element -= view.strides[axis] * view.extents[axis];
      index[axis] = 0;
    }
  }
  return bytes;
}

/// Finds the tensors in a pickled object.
class Collector {
 public:
  Collector(const pickle::Tree& tree, const ZipArchive& archive, const std::filesystem::path& file)
      : tree_(tree), file_(file), budget_(archive.total_bytes() * greatest_reuse) {}

  std::vector<View> collect() {
    visit(tree_.root, "", 0);
    if (views_.empty()) throw Error(Status::malformed, file_, "holds no tensors");
    return std::move(views_);
  }

 private:
  [[noreturn]] void fail(std::string_view name, std::string_view why) const {
    throw Error(Status::malformed, file_, concat(name.empty() ? "checkpoint" : name, ": ", why));
  }

  void visit(Id id, const std::string& name, int depth);
  void visit_child(Id id, const std::string& parent, std::string_view key, int depth);
  std::string key(Id id, const std::string& name) const;
  void add_tensor(const Node& call, const std::string& name);

  const Node& argument(const Node& tuple, std::size_t index, Kind kind,
                       const std::string& name) const;
  std::uint64_t natural(const Node& integer, const std::string& name) const;
  std::vector<std::uint64_t> naturals(const Node& tuple, const std::string& name) const;
  void read_storage(const Node& reference, View& view) const;
  void check_layout(View& view);

  const pickle::Tree& tree_;
  const std::filesystem::path& file_;
  std::uint64_t budget_;
  std::size_t steps_ = 0;
  std::set<std::string> names_;
  std::vector<View> views_;
};

void Collector::visit(Id id, const std::string& name, int depth) {
  if (depth > greatest_depth) fail(name, "nested too deeply");
  if (++steps_ > most_steps) fail(name, "too many values");
  const Node& node = tree_[id];
  switch (node.kind) {
    case Kind::dictionary:
      for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
        visit_child(node.items[i + 1], name, key(node.items[i], name), depth);
      }
      return;
    case Kind::list:
    case Kind::tuple:
      for (std::size_t i = 0; i < node.items.size(); ++i) {
        visit_child(node.items[i], name, std::to_string(i), depth);
      }
      return;
    case Kind::call:
      return add_tensor(node, name);
    case Kind::none:
    case Kind::boolean:
    case Kind::integer:
    case Kind::number:
    case Kind::text:
      return;
    case Kind::global:
    case Kind::persistent:
      break;
  }
  fail(name, "neither tensor, number, text nor a collection of them");
}

void Collector::visit_child(Id id, const std::string& parent, std::string_view key, int depth) {
  std::string name = parent.empty() ? std::string(key) : concat(parent, "/", key);
  if (name.size() > pickle::longest_text) fail(parent, "a name that is too long");
  visit(id, name, depth + 1);
}

std::string Collector::key(Id id, const std::string& name) const {
  const Node& node = tree_[id];
  if (node.kind == Kind::integer) return std::to_string(node.integer);
  if (node.kind != Kind::text) fail(name, "a key that is neither text nor integer");
  return node.text;
}

const Node& Collector::argument(const Node& tuple, std::size_t index, Kind kind,
                                const std::string& name) const {
  if (index >= tuple.items.size() || tree_[tuple.items[index]].kind != kind) {
    fail(name, "not described as torch describes tensors");
  }
  return tree_[tuple.items[index]];
}

std::uint64_t Collector::natural(const Node& integer, const std::string& name) const {
  if (integer.integer < 0) fail(name, concat("a size or stride of ", integer.integer));
  return static_cast<std::uint64_t>(integer.integer);
}

std::vector<std::uint64_t> Collector::naturals(const Node& tuple, const std::string& name) const {
  if (tuple.items.size() > most_extents) fail(name, concat(tuple.items.size(), " extents"));
  std::vector<std::uint64_t> values;
  for (std::size_t i = 0; i < tuple.items.size(); ++i) {
    values.push_back(natural(argument(tuple, i, Kind::integer, name), name));
  }
  return values;
}

/// ("storage", type, key, device, number of elements)
void Collector::read_storage(const Node& reference, View& view) const {
  const Node& description = argument(reference, 0, Kind::tuple, view.name);
  const auto type = storage_type(argument(description, 1, Kind::global, view.name).text);
  if (description.items.size() != 5 ||
      argument(description, 0, Kind::text, view.name).text != "storage" || !type) {
    fail(view.name, "not described as torch describes storages");
  }
  view.type = *type;
  view.storage = concat("data/", argument(description, 2, Kind::text, view.name).text);
  argument(description, 3, Kind::text, view.name);
  view.storage_count = natural(argument(description, 4, Kind::integer, view.name), view.name);
}

/// Sets view.count.
void Collector::check_layout(View& view) {
  if (view.extents.size() != view.strides.size()) {
    fail(view.name, concat(view.extents.size(), " extents, ", view.strides.size(), " strides"));
  }
  const auto count = element_count(view.extents);
  if (!count || *count > view.storage_count || (*count > 0 && !fits(view))) {
    fail(view.name, concat("reaches beyond its storage of ", view.storage_count, " elements"));
  }
  view.count = *count;
  const std::uint64_t cost = view.count + view.name.size();
  if (cost > budget_) fail(view.name, "more than the file can hold");
  budget_ -= cost;
}

/// _rebuild_parameter(tensor, requires_grad, hooks) or
/// _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks)
void Collector::add_tensor(const Node& call, const std::string& name) {
  const std::string& function = tree_[call.items[0]].text;
  const Node& arguments = tree_[call.items[1]];
  if (function == rebuild_parameter) {
    const Node& tensor = argument(arguments, 0, Kind::call, name);
    if (arguments.items.size() != 3 || tree_[tensor.items[0]].text != rebuild_tensor) {
      fail(name, "not described as torch describes parameters");
    }
    return add_tensor(tensor, name);
  }
  if (function != rebuild_tensor) fail(name, concat("made by ", function));
  if (arguments.items.size() != 6) fail(name, "not described as torch describes tensors");
  if (name.empty() || !std::all_of(name.begin(), name.end(),
                                   [](char byte) { return byte >= ' ' && byte <= '~'; })) {
    fail(name, "a tensor's name must be printable ASCII");
  }
  if (!names_.insert(name).second) fail(name, "occurs twice");
  View view;
  view.name = name;
  read_storage(argument(arguments, 0, Kind::persistent, name), view);
  view.offset = natural(argument(arguments, 1, Kind::integer, name), name);
  view.extents = naturals(argument(arguments, 2, Kind::tuple, name), name);
  view.strides = naturals(argument(arguments, 3, Kind::tuple, name), name);
  check_layout(view);
  views_.push_back(std::move(view));
}

NamedArray read_view(const View& view, std::string_view storage,
                     const std::filesystem::path& file) {
  const std::size_t width = element_bytes(view.type);
  if (storage.size() % width != 0 || storage.size() / width != view.storage_count) {
    throw Error(Status::malformed, file,
                concat(view.name, ": its storage has ", storage.size(), " bytes, not ",
                       view.storage_count, " elements of ", width));
  }
  NamedArray array{view.name, view.extents, {}, {}};
  if (view.count == 0) return array;
  if (is_row_major(view)) {
    append_elements(view.type, storage.substr(view.offset * width, view.count * width), array,
                    file);
  } else {
    append_elements(view.type, gather(view, storage), array, file);
  }
  return array;
}

/// Each storage is read once, however many tensors share it, and kept no longer than needed.
std::vector<NamedArray> read_views(const std::vector<View>& views, const ZipArchive& archive,
                                   const std::filesystem::path& file) {
  std::map<std::string_view, std::vector<std::size_t>> users;
  for (std::size_t i = 0; i < views.size(); ++i) users[views[i].storage].push_back(i);
  std::vector<NamedArray> arrays(views.size());
  for (const auto& [storage, indices] : users) {
    const std::string bytes = archive.read(storage);
    for (const std::size_t i : indices) arrays[i] = read_view(views[i], bytes, file);
  }
  return arrays;
}

void check_format(std::string_view bytes, const std::filesystem::path& file) {
  constexpr std::size_t tar_magic_at = 257;
  if (bytes.starts_with("PK\x03\x04")) return;
  const bool older = bytes.starts_with('\x80') || (bytes.size() > tar_magic_at &&
                                                   bytes.substr(tar_magic_at).starts_with("ustar"));
  throw Error(Status::malformed, file,
              older ? "older torch format: re-save with torch >= 1.6"
                    : "not a checkpoint of torch: no zip archive");
}

void check_archive(const ZipArchive& archive, const std::filesystem::path& file) {
  if (archive.contains("constants.pkl")) {
    throw Error(Status::malformed, file, "a TorchScript program: save its state dict instead");
  }
  if (archive.contains("byteorder") && archive.read("byteorder") != "little") {
    throw Error(Status::malformed, file, "byte order is not little-endian");
  }
  if (archive.size("data.pkl") > most_pickle_bytes) {
    throw Error(Status::unavailable, file,
                concat("data.pkl exceeds the limit of ", most_pickle_bytes, " bytes"));
  }
}

}  // namespace

std::vector<NamedArray> read_pickle_checkpoint(const std::filesystem::path& file) {
  std::string bytes = read_file(file, most_file_bytes);
  check_format(bytes, file);
  const ZipArchive archive(file, std::move(bytes));
  check_archive(archive, file);
  const pickle::Tree tree = pickle::parse(archive.read("data.pkl"), allowed_globals, file);
  return read_views(Collector(tree, archive, file).collect(), archive, file);
}

}  // namespace rppg::io
