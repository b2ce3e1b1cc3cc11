#include "io/hash.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "support/resources.h"

namespace io = rppg::io;

namespace {

// FIPS 180-2, appendix B.
constexpr const char* abc_digest =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* million_a_digest =
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

}  // namespace

TEST_CASE("SHA-256 agrees with the vectors of FIPS 180-2") {
  CHECK(io::sha256("abc") == abc_digest);
  CHECK(io::sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(io::sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(io::sha256(std::string(1'000'000, 'a')) == million_a_digest);
}

TEST_CASE("a file has the digest of its bytes") {
  const rppg::test::TemporaryFolder folder;
  rppg::write_file(folder.path() / "abc", std::string_view("abc"));
  rppg::write_file(folder.path() / "a", std::string(1'000'000, 'a'));
  CHECK(io::sha256_file(folder.path() / "abc") == abc_digest);
  CHECK(io::sha256_file(folder.path() / "a") == million_a_digest);
  CHECK_THROWS_AS(io::sha256_file(folder.path() / "none"), rppg::Error);
  CHECK_THROWS_AS(io::sha256_file(folder.path()), rppg::Error);
}

TEST_CASE("a fingerprint sees the size, both ends and samples between") {
  const rppg::test::TemporaryFolder folder;
  const auto of = [&](const std::string& bytes) {
    rppg::write_file(folder.path() / "file", bytes);
    return io::fingerprint(folder.path() / "file");
  };
  std::string bytes(1'000'000, 'a');
  const std::string before = of(bytes);
  CHECK(before == of(bytes));
  CHECK(before != of(bytes + "a"));
  for (const std::size_t changed : {std::size_t{0}, bytes.size() - 1}) {
    std::string other = bytes;
    other[changed] = 'b';
    CHECK(before != of(other));
  }
  std::fill(bytes.begin() + 300'000, bytes.begin() + 400'000, 'b');
  CHECK(before != of(bytes));
  CHECK(of("") != of("a"));
  CHECK_THROWS_AS(io::fingerprint(folder.path()), rppg::Error);
}

TEST_CASE("a fingerprint of a sequence sees names, sizes, both ends and samples between") {
  const rppg::test::TemporaryFolder folder;
  using Files = std::vector<std::filesystem::path>;
  Files files;
  for (int i = 0; i < 50; ++i) {
    files.push_back(folder.path() / rppg::concat(100 + i, ".png"));
    rppg::write_file(files.back(), std::string_view("picture"));
  }
  const std::string before = io::fingerprint(files);
  CHECK(before == io::fingerprint(files));
  CHECK(before != io::fingerprint(Files(files.begin(), files.end() - 1)));
  CHECK(before != io::fingerprint(Files(files.begin() + 1, files.end())));
  for (const auto& [place, content] :
       {std::pair(0, "Picture"), std::pair(49, "Picture"), std::pair(31, "pictures")}) {
    rppg::write_file(files[static_cast<std::size_t>(place)], std::string_view(content));
    CHECK(before != io::fingerprint(files));
    rppg::write_file(files[static_cast<std::size_t>(place)], std::string_view("picture"));
  }
  CHECK(before == io::fingerprint(files));
  std::filesystem::remove(files[7]);
  CHECK_THROWS_AS(io::fingerprint(files), rppg::Error);
  CHECK(io::fingerprint(Files{files[0]}) != io::fingerprint(Files{files[1]}));
}
