// Damages a file in a reproducible way, for the fault tests.
//   damage flip FILE SEED BITS      flips BITS random bits anywhere
//   damage header FILE SEED BYTES   overwrites BYTES random bytes of the first 4 KiB
//   damage cut FILE SEED            truncates at a random place
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <string>

#include "base/atomic_file.h"
#include "base/random.h"

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: damage flip|header|cut FILE SEED [COUNT]\n";
    return 64;
  }
  const std::string kind = argv[1];
  const std::filesystem::path file = argv[2];
  const rppg::Random random(std::stoull(argv[3]), kind);
  const std::uint64_t count = argc > 4 ? std::stoull(argv[4]) : 1;
  std::string bytes = rppg::read_file(file);
  if (kind == "cut") {
    bytes.resize(random.integer(0, bytes.size()));
  } else {
    const std::uint64_t range =
        kind == "header" ? std::min<std::uint64_t>(4096, bytes.size()) : bytes.size();
    for (std::uint64_t i = 0; i < count; ++i) {
      char& byte = bytes[random.integer(2 * i, range)];
      const std::uint64_t value = random.integer(2 * i + 1, 255) + 1;
      byte = static_cast<char>(byte ^ (kind == "flip" ? 1U << (value % 8) : value));
    }
  }
  rppg::write_file(file, bytes);
}
