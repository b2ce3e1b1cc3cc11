// Label files of every format, as a manifest names them; the first byte chooses the format.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "datasets/registry.h"
#include "fuzz/input_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::array formats{"ubfc-rppg", "ubfc-rppg-1", "pure", "csv"};
  if (size == 0) return 0;
  const rppg::fuzz::InputFile input(data + 1, size - 1);
  rppg::data::Recording recording;
  recording.labels = input.path();
  recording.labels_format = formats[data[0] % formats.size()];
  try {
    rppg::datasets::find_layout("manifest").read_labels(recording);
  } catch (const rppg::Error&) {
  }
  return 0;
}
