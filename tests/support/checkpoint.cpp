// Writes random weights of a network as other programs do, for the tests of `rppg convert`.
//   checkpoint MODEL[/PART] FRAME_SIZE PREFIX FILE.pth|FILE.safetensors [BROKEN]
// Of a network that is published as several files, one of its parts, or all but them.
// BROKEN: "nan" puts one into the first tensor, "name" renames it, "shape" makes it flat.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include "base/atomic_file.h"
#include "io/safetensors.h"
#include "models/network.h"
#include "support/pickle_builder.h"

namespace {

using namespace rppg;

void damage(io::NamedArray& tensor, std::string_view how) {
  if (how == "nan") tensor.values[0] = std::numeric_limits<float>::quiet_NaN();
  if (how == "name") tensor.name += "_2";
  if (how == "shape") tensor.extents = {tensor.values.size()};
}

/// Leaves the tensors of one part, under their names in a file of their own; for no part, those
/// that belong to none.
void choose_part(std::vector<io::NamedArray>& tensors, const models::ModelEntry& entry,
                 const std::string& part) {
  std::vector<io::NamedArray> chosen;
  for (io::NamedArray& tensor : tensors) {
    const auto within = [&](const std::string& each) {
      return tensor.name.starts_with(each + ".");
    };
    const bool of_network = std::none_of(entry.parts.begin(), entry.parts.end(), within);
    if (part.empty() ? !of_network : !within(part)) continue;
    if (!part.empty()) tensor.name.erase(0, part.size() + 1);
    chosen.push_back(std::move(tensor));
  }
  tensors = std::move(chosen);
}

std::string storage_of(const io::NamedArray& tensor) {
  std::string bytes;
  for (const float value : tensor.values) {
    bytes += test::little_endian(std::bit_cast<std::uint32_t>(value), 4);
  }
  for (const std::int64_t value : tensor.integers) {
    bytes += test::little_endian(static_cast<std::uint64_t>(value), 8);
  }
  return bytes;
}

test::PickledTensor description_of(const io::NamedArray& tensor, std::size_t index) {
  test::PickledTensor pickled;
  pickled.extents.assign(tensor.extents.begin(), tensor.extents.end());
  pickled.strides.assign(pickled.extents.size(), 1);
  for (std::size_t i = pickled.extents.size(); i-- > 1;) {
    pickled.strides[i - 1] = pickled.strides[i] * pickled.extents[i];
  }
  pickled.storage = std::to_string(index);
  pickled.storage_count = static_cast<std::int64_t>(tensor.values.size() + tensor.integers.size());
  if (tensor.values.empty()) pickled.type = "ctorch\nLongStorage\n";
  return pickled;
}

/// What torch.save makes of a state dict.
std::string checkpoint(const std::vector<io::NamedArray>& tensors) {
  std::string items;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    items += test::pickle_text(tensors[i].name) + description_of(tensors[i], i).text();
  }
  test::ZipBuilder archive;
  archive.add({.name = "x/data.pkl",
               .content = test::pickle(concat(test::ordered_dictionary, "(", items, "u"))});
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    archive.add({.name = concat("x/data/", i), .content = storage_of(tensors[i])});
  }
  return archive.finish();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::cerr << "usage: checkpoint MODEL FRAME_SIZE PREFIX FILE [BROKEN]\n";
    return 64;
  }
  const std::string model = argv[1];
  const std::size_t slash = std::min(model.find('/'), model.size());
  const models::ModelEntry& entry = models::find_model(model.substr(0, slash));
  const models::Network network(entry, {{"frame_size", std::stod(argv[2])}}, 1);
  std::vector<io::NamedArray> tensors = network.record().tensors;
  choose_part(tensors, entry, model.substr(std::min(slash + 1, model.size())));
  for (io::NamedArray& tensor : tensors) tensor.name.insert(0, argv[3]);
  if (argc > 5) damage(tensors.front(), argv[5]);
  const std::filesystem::path file = argv[4];
  if (file.extension() == ".safetensors") {
    io::write_safetensors(file, tensors, {});
  } else {
    write_file(file, checkpoint(tensors));
  }
}
