/// Archives with entries that lie about themselves.
#include "io/zip_archive.h"

#include <string>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "io/pickle_checkpoint.h"
#include "support/resources.h"
#include "support/zip_builder.h"

namespace io = rppg::io;
using namespace rppg::test;

namespace {

std::string message(const rppg::Error& error) {
  return std::string(error.what()).substr(std::string_view("x.zip: ").size());
}

/// What the archive says when it is opened and its entry "a" is read.
std::string verdict(const ZipBuilder& builder) {
  try {
    io::ZipArchive("x.zip", builder.finish()).read("a");
  } catch (const rppg::Error& error) {
    return message(error);
  }
  return "accepted";
}

std::string verdict(const ZipEntry& entry) { return verdict(ZipBuilder().add(entry)); }

}  // namespace

TEST_CASE("stored and deflated entries are read") {
  const ZipBuilder builder = ZipBuilder()
                                 .add({.name = "x/a", .content = "stored"})
                                 .add({.name = "x/b/c", .content = "deflated", .deflated = true})
                                 .add({.name = "x/.data/empty", .content = ""});
  const io::ZipArchive archive("x.zip", builder.finish());
  CHECK(archive.read("a") == "stored");
  CHECK(archive.read("b/c") == "deflated");
  CHECK(archive.read(".data/empty").empty());
  CHECK(archive.size("a") == 6);
  CHECK(archive.total_bytes() == 14);
  CHECK(archive.contains("b/c"));
  CHECK_FALSE(archive.contains("b"));
  CHECK_FALSE(archive.contains("x/a"));
}

TEST_CASE("checksums and sizes hold") {
  for (const bool deflated : {false, true}) {
    CAPTURE(deflated);
    const ZipEntry sound{.name = "x/a", .content = "content", .deflated = deflated};
    CHECK(verdict(sound) == "accepted");
    ZipEntry wrong = sound;
    wrong.checksum = 0x12345678;
    CHECK(verdict(wrong) == "zip entry \"a\": CRC error");
    for (const std::uint64_t size : {0, 6, 8, 70}) {
      CAPTURE(size);
      wrong = sound;
      wrong.size = size;
      CHECK(verdict(wrong) != "accepted");
      wrong.checksum = crc32(sound.content.substr(0, size));
      CHECK(verdict(wrong) != "accepted");
    }
    wrong = sound;
    wrong.packed_size = 3;
    CHECK(verdict(wrong) != "accepted");
    wrong.packed_size = 1000;
    CHECK(verdict(wrong) != "accepted");
  }
  CHECK(verdict({.name = "x/a", .content = "not a deflate stream", .method = 8}) != "accepted");
}

TEST_CASE("names lead nowhere else") {
  for (const char* name :
       {"a", "/a", "x/", "x//a", "../a", "x/../a", "x/./a", "./a", "x\\a", "x/a\\..", "x/\na"}) {
    CAPTURE(name);
    CHECK(verdict({.name = name}).find("not a plain path FOLDER/NAME") != std::string::npos);
  }
  CHECK(verdict({.name = "x/" + std::string(511, 'a')}).find("not a plain path") !=
        std::string::npos);
  CHECK(verdict(ZipBuilder().add({.name = "x/a"}).add({.name = "y/a"})) ==
        "zip entry \"y/a\": outside the folder x/");
  CHECK(verdict(ZipBuilder().add({.name = "x/a"}).add({.name = "x/a"})) != "accepted");
}

TEST_CASE("entries do not lie over each other") {
  const std::string content(200, 'c');
  ZipBuilder builder;
  builder.add({.name = "x/a", .content = content});
  CHECK(verdict(builder) == "accepted");
  // The second and third entries are the first once more, as the directory has it.
  ZipEntry again{.name = "x/b",
                 .content = "",
                 .size = 200,
                 .packed_size = 200,
                 .checksum = crc32(content),
                 .offset = 0};
  CHECK(verdict(builder.add(again)) != "accepted");
  again.name = "x/a";
  CHECK(verdict(builder.add(again)) != "accepted");
  // One entry around others, which its bytes contain.
  CHECK(verdict(ZipBuilder()
                    .add({.name = "x/a", .content = "", .size = 600, .packed_size = 600})
                    .add({.name = "x/b", .content = std::string(250, 'b')})
                    .add({.name = "x/c", .content = std::string(250, 'c')})) != "accepted");
}

TEST_CASE("only plain methods, no encryption") {
  for (const std::uint64_t method : {1, 9, 12, 14, 93, 95, 99}) {
    CAPTURE(method);
    CHECK(verdict({.name = "x/a", .content = "x", .method = method}) != "accepted");
  }
  CHECK(verdict({.name = "x/a", .content = "x", .flags = 1}) == "zip entry \"x/a\": encrypted");
}

TEST_CASE("archives may not expand without bounds") {
  const auto bomb = rppg::test::fixture("data/checkpoints/bomb.pth");
  try {
    io::read_pickle_checkpoint(bomb);
    FAIL("accepted");
  } catch (const rppg::Error& error) {
    CHECK(error.status() == rppg::Status::unavailable);
    CHECK(std::string(error.what()) ==
          bomb.string() +
              ": zip entry \"archive/data/0\": expands by more than 100 times the file");
  }
  CHECK(verdict({.name = "x/a", .content = "x", .deflated = true, .size = 0xFFFFFFFE}) ==
        "zip entry \"x/a\": expands by more than 100 times the file");
}

TEST_CASE("bytes that are no archive") {
  for (const std::string& bytes :
       {std::string("PK\3\4"), std::string("PK\5\6"), std::string(100, 'x')}) {
    CHECK_THROWS_AS(io::ZipArchive("x.zip", bytes), rppg::Error);
  }
  const io::ZipArchive empty("x.zip", ZipBuilder().finish());
  CHECK(empty.total_bytes() == 0);
  CHECK_THROWS_AS(empty.read("a"), rppg::Error);
}
