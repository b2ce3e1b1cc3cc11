#include "nn/checkpoint.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>
#include <utility>

#include "base/error.h"
#include "base/rehearsal.h"
#include "base/text.h"

namespace rppg::nn {
namespace {

namespace fs = std::filesystem;
using io::NamedArray;

constexpr const char* format_name = "rppg weights";
constexpr std::int64_t format_version = 1;

// --- Parameters and arrays -----------------------------------------------------------------------

std::vector<std::uint64_t> extents_of(const Shape& shape) { return {shape.begin(), shape.end()}; }

/// Files know no arrays without extents: a single number is an array of one.
bool same_extents(const Shape& shape, const std::vector<std::uint64_t>& extents) {
  const std::vector<std::uint64_t> wanted = extents_of(shape);
  return extents == wanted || (wanted.empty() && extents == std::vector<std::uint64_t>{1});
}

std::string text_of(const std::vector<std::uint64_t>& extents) {
  std::string text;
  for (const std::uint64_t extent : extents) text += concat(text.empty() ? "" : ", ", extent);
  return concat("(", text, ")");
}

std::size_t elements(const Parameter& parameter) {
  return static_cast<std::size_t>(parameter.tensor.count());
}

/// Why an array cannot be the parameter; empty when it can.
std::string misfit(const Parameter& parameter, const NamedArray& array) {
  if (!same_extents(parameter.tensor.shape(), array.extents)) {
    return concat("shape of ", parameter.name, " is ", text_of(array.extents), ", expected ",
                  to_string(parameter.tensor.shape()));
  }
  const bool whole = parameter.role == Role::counter && array.values.empty();
  if ((whole ? array.integers.size() : array.values.size()) != elements(parameter)) {
    return concat(parameter.name, " holds integers, expected floating-point numbers");
  }
  const auto finite = [](float value) { return std::isfinite(value); };
  if (!std::all_of(array.values.begin(), array.values.end(), finite)) {
    return concat(parameter.name, " has values that are not finite");
  }
  return {};
}

void assign(const Parameter& parameter, const NamedArray& array) {
  const std::span<float> values = parameter.tensor.mutable_values();
  if (array.values.empty()) {
    std::transform(array.integers.begin(), array.integers.end(), values.begin(),
                   [](std::int64_t value) { return static_cast<float>(value); });
  } else {
    std::copy(array.values.begin(), array.values.end(), values.begin());
  }
}

/// ", a, b, c and 5 more".
std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t most = 8;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
    text += concat(i == 0 ? "" : ", ", names[i]);
  }
  if (names.size() > most) text += concat(" and ", names.size() - most, " more");
  return text;
}

/// Everything that keeps arrays from being the values of a store.
struct Misfits {
  std::vector<std::string> missing;
  std::vector<std::string> unexpected;
  std::vector<std::string> others;

  bool none() const { return missing.empty() && unexpected.empty() && others.empty(); }
  std::string text() const {
    std::vector<std::string> parts;
    if (!missing.empty()) parts.push_back("missing " + listed(missing));
    if (!unexpected.empty()) parts.push_back("unexpected " + listed(unexpected));
    if (!others.empty()) parts.push_back(listed(others));
    std::string joined;
    for (const std::string& part : parts) joined += concat(joined.empty() ? "" : "; ", part);
    return joined;
  }
};

std::string without_prefix(const std::string& name, std::string_view prefix) {
  return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

// --- Files ---------------------------------------------------------------------------------------

/// The objects of a part.
std::string settings_group(const std::string& group) { return group + "/settings"; }
std::string input_group(const std::string& group) { return group + "/input"; }
std::string tensors_group(const std::string& group) { return group + "/tensors"; }

void write_texts(io::Hdf5Writer& writer, const std::string& group,
                 const std::map<std::string, std::string>& texts) {
  writer.group(group);
  for (const auto& [name, text] : texts) writer.attribute(group, name, text);
}

std::vector<const NamedArray*> by_name(const std::vector<NamedArray>& arrays) {
  std::vector<const NamedArray*> sorted;
  for (const NamedArray& array : arrays) sorted.push_back(&array);
  std::sort(sorted.begin(), sorted.end(),
            [](const NamedArray* a, const NamedArray* b) { return a->name < b->name; });
  return sorted;
}

std::map<std::string, std::string> read_texts(const io::Hdf5Reader& reader,
                                              const std::string& group) {
  std::map<std::string, std::string> texts;
  for (const std::string& name : reader.attribute_names(group)) {
    texts[name] = reader.text_attribute(group, name);
  }
  return texts;
}

WeightsFile read(const fs::path& file) {
  const io::Hdf5Reader reader(file);
  if (!reader.has_attribute("/", "format") || reader.text_attribute("/", "format") != format_name) {
    throw Error(Status::malformed, file, "no weights file of rppg");
  }
  const double version = reader.number_attribute("/", "version");
  if (version != static_cast<double>(format_version)) {
    throw Error(Status::malformed, file,
                concat("weights file of version ", version, ", expected ", format_version));
  }
  WeightsFile weights;
  for (const std::string& name : reader.list("/")) {
    if (name != "provenance") weights.parts[name] = read_network(reader, "/" + name);
  }
  if (weights.parts.empty()) throw Error(Status::malformed, file, "holds no network");
  weights.provenance = read_texts(reader, "/provenance");
  return weights;
}

}  // namespace

std::vector<NamedArray> tensors_of(const ParameterStore& store) {
  std::vector<NamedArray> arrays;
  for (const Parameter& parameter : store.parameters()) {
    const std::span<const float> values = parameter.tensor.values();
    NamedArray& array = arrays.emplace_back();
    array.name = parameter.name;
    array.extents = extents_of(parameter.tensor.shape());
    if (parameter.role == Role::counter) {
      for (const float value : values) array.integers.push_back(std::llround(value));
    } else {
      array.values.assign(values.begin(), values.end());
    }
  }
  return arrays;
}

void load_tensors(ParameterStore& store, std::span<const NamedArray> tensors, const fs::path& file,
                  std::string_view prefix) {
  Misfits misfits;
  std::vector<std::pair<const Parameter*, const NamedArray*>> pairs;
  std::set<std::string> found;
  for (const NamedArray& array : tensors) {
    const std::string name = without_prefix(array.name, prefix);
    const Parameter* parameter = store.find(name);
    if (parameter == nullptr || !array.name.starts_with(prefix) || !found.insert(name).second) {
      misfits.unexpected.push_back(array.name);
      continue;
    }
    const std::string why = misfit(*parameter, array);
    if (!why.empty()) misfits.others.push_back(why);
    pairs.emplace_back(parameter, &array);
  }
  for (const Parameter& parameter : store.parameters()) {
    if (found.count(parameter.name) == 0) misfits.missing.push_back(parameter.name);
  }
  if (!misfits.none()) {
    throw Error(Status::malformed, file, concat("tensors do not fit: ", misfits.text()));
  }
  for (const auto& [parameter, array] : pairs) assign(*parameter, *array);
}

void write_network(io::Hdf5Writer& writer, const std::string& group, const NetworkRecord& network) {
  writer.group(group);
  writer.attribute(group, "model", network.model);
  writer.group(settings_group(group));
  for (const auto& [name, value] : network.settings) {
    writer.attribute(settings_group(group), name, value);
  }
  write_texts(writer, input_group(group), network.input);
  writer.group(tensors_group(group));
  for (const NamedArray* array : by_name(network.tensors)) {
    const std::string path = concat(tensors_group(group), "/", array->name);
    if (array->integers.empty()) {
      writer.dataset(path, std::span<const float>(array->values), array->extents);
    } else {
      writer.dataset(path, std::span<const std::int64_t>(array->integers), array->extents);
    }
  }
}

NetworkRecord read_network(const io::Hdf5Reader& reader, const std::string& group) {
  NetworkRecord network;
  network.model = reader.text_attribute(group, "model");
  for (const std::string& name : reader.attribute_names(settings_group(group))) {
    network.settings[name] = reader.number_attribute(settings_group(group), name);
  }
  network.input = read_texts(reader, input_group(group));
  for (const std::string& name : reader.list(tensors_group(group))) {
    const std::string path = concat(tensors_group(group), "/", name);
    NamedArray& array = network.tensors.emplace_back();
    array.name = name;
    array.extents = reader.extents(path);
    if (reader.holds_integers(path)) {
      array.integers = reader.integers(path);
    } else {
      array.values = reader.floats(path);
    }
  }
  return network;
}

std::vector<std::byte> weights_image(const WeightsFile& weights) {
  io::Hdf5Writer writer;
  writer.attribute("/", "format", format_name);
  writer.attribute("/", "version", format_version);
  for (const auto& [name, network] : weights.parts) write_network(writer, "/" + name, network);
  write_texts(writer, "/provenance", weights.provenance);
  return writer.finish();
}

WeightsFile read_weights(const fs::path& file) {
  WeightsFile weights;
  const auto work = [&] { weights = read(file); };
  if (!survives(work)) throw Error(Status::malformed, file, "damaged: HDF5 cannot read it");
  work();
  return weights;
}

}  // namespace rppg::nn
