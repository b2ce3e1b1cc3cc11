// Weights of strangers: as a .pth file, as the pickle in a sound one, and as safetensors.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "fuzz/input_file.h"
#include "io/pickle_checkpoint.h"
#include "io/safetensors.h"
#include "support/pickle_builder.h"

namespace {

template <typename Read>
void accept_or_refuse(Read read, std::string_view bytes) {
  const rppg::fuzz::InputFile input(bytes);
  try {
    read(input.path());
  } catch (const rppg::Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  accept_or_refuse(rppg::io::read_pickle_checkpoint, bytes);
  accept_or_refuse(rppg::io::read_safetensors, bytes);
  // Past the checksums of the archive, which hardly any mutation meets.
  accept_or_refuse(rppg::io::read_pickle_checkpoint, rppg::test::checkpoint_of(bytes).finish());
  return 0;
}
