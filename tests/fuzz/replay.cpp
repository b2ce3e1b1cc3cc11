// Runs a fuzz target over the files of a corpus; linked where libFuzzer is not, so that the targets
// are built and their corpus is tested in every build.
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <string>

#include "base/atomic_file.h"
#include "base/random.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void run(const std::string& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

/// The file itself, cut at 16 places, and with 32 single bytes changed.
int run_variants(const std::string& bytes, const std::string& name) {
  const rppg::Random random(1, name);
  run(bytes);
  for (std::uint64_t i = 0; i < 16; ++i) run(bytes.substr(0, random.integer(i, bytes.size() + 1)));
  for (std::uint64_t i = 0; i < 32 && !bytes.empty(); ++i) {
    std::string changed = bytes;
    changed[random.integer(100 + i, bytes.size())] =
        static_cast<char>(random.integer(200 + i, 256));
    run(changed);
  }
  return 49;
}

}  // namespace

int main(int argc, char** argv) {
  int inputs = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      inputs += run_variants(rppg::read_file(entry.path()), entry.path().filename().string());
    }
  }
  std::cout << inputs << " inputs\n";
  return inputs > 0 ? 0 : 1;
}
