// Writes random weights of a network as other programs do, for the tests of `rppg convert`.
//   checkpoint MODEL FRAME_SIZE PREFIX FILE.pth|FILE.safetensors [BROKEN]
// BROKEN: "nan" puts one into the first tensor, "name" renames it, "shape" makes it flat.
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
  const models::Network network(models::find_model(argv[1]), {{"frame_size", std::stod(argv[2])}},
                                1);
  std::vector<io::NamedArray> tensors = network.record().tensors;
  for (io::NamedArray& tensor : tensors) tensor.name.insert(0, argv[3]);
  if (argc > 5) damage(tensors.front(), argv[5]);
  const std::filesystem::path file = argv[4];
  if (file.extension() == ".safetensors") {
    io::write_safetensors(file, tensors, {});
  } else {
    write_file(file, checkpoint(tensors));
  }
}
