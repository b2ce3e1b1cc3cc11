#include "io/hash.h"

#include <array>
#include <fstream>

#include <sha2.h>

#include "base/error.h"

namespace rppg::io {
namespace {

constexpr std::size_t block_bytes = std::size_t{64} << 10;

class Digest {
 public:
  Digest() { SHA256Init(&state_); }
  void add(std::string_view bytes) {
    SHA256Update(&state_, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  }
  std::string hexadecimal() {
    std::array<char, SHA256_DIGEST_STRING_LENGTH> text{};
    return SHA256End(&state_, text.data());
  }

 private:
  SHA2_CTX state_{};
};

}  // namespace

std::string sha256(std::string_view bytes) {
  Digest digest;
  digest.add(bytes);
  return digest.hexadecimal();
}

std::string sha256_file(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    throw Error(Status::missing, file, "cannot read: not a regular file");
  }
  std::ifstream stream(file, std::ios::binary);
  std::string block(block_bytes, '\0');
  Digest digest;
  while (stream) {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    digest.add(std::string_view(block).substr(0, static_cast<std::size_t>(stream.gcount())));
  }
  if (!stream.eof()) throw Error(Status::missing, file, "cannot read");
  return digest.hexadecimal();
}

}  // namespace rppg::io
