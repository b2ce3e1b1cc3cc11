#include "io/hash.h"

#include <algorithm>
#include <array>
#include <fstream>

#include <sha2.h>

#include "base/error.h"
#include "base/text.h"

namespace rppg::io {
namespace {

constexpr std::size_t block_bytes = std::size_t{64} << 10;
constexpr std::uintmax_t sample_bytes = 4096;
constexpr std::size_t sample_count = 16;

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

std::uintmax_t size_of(const std::filesystem::path& file) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(file, error);
  if (error) throw Error(Status::missing, file, concat("cannot read: ", error.message()));
  return size;
}

std::ifstream open_regular(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) {
    throw Error(Status::missing, file, "cannot read: not a regular file");
  }
  return std::ifstream(file, std::ios::binary);
}

}  // namespace

std::string sha256(std::string_view bytes) {
  Digest digest;
  digest.add(bytes);
  return digest.hexadecimal();
}

std::string sha256_file(const std::filesystem::path& file) {
  std::ifstream stream = open_regular(file);
  std::string block(block_bytes, '\0');
  Digest digest;
  while (stream) {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    digest.add(std::string_view(block).substr(0, static_cast<std::size_t>(stream.gcount())));
  }
  if (!stream.eof()) throw Error(Status::missing, file, "cannot read");
  return digest.hexadecimal();
}

std::string fingerprint(const std::filesystem::path& file) {
  std::ifstream stream = open_regular(file);
  const std::uintmax_t size = size_of(file);
  Digest digest;
  digest.add(concat(size, "\n"));
  const std::uintmax_t last = size > sample_bytes ? size - sample_bytes : 0;
  const std::uintmax_t samples = std::min<std::uintmax_t>(sample_count, last / sample_bytes + 2);
  std::string block(sample_bytes, '\0');
  for (std::uintmax_t i = 0; i < samples; ++i) {
    stream.clear();
    stream.seekg(static_cast<std::streamoff>(last * i / (samples - 1)));
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    if (stream.bad()) throw Error(Status::missing, file, "cannot read");
    digest.add(std::string_view(block).substr(0, static_cast<std::size_t>(stream.gcount())));
  }
  return digest.hexadecimal();
}

std::string fingerprint(const std::vector<std::filesystem::path>& files) {
  Digest digest;
  for (const auto& file : files)
    digest.add(concat(file.filename().string(), " ", size_of(file), "\n"));
  const std::size_t samples = std::min(sample_count, files.size());
  for (std::size_t i = 0; i < samples; ++i) {
    const std::size_t place = samples == 1 ? 0 : (files.size() - 1) * i / (samples - 1);
    digest.add(fingerprint(files[place]));
  }
  return digest.hexadecimal();
}

}  // namespace rppg::io
