/// Safetensors files: exact bytes when written, no tolerance when read.
#include "io/safetensors.h"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/random.h"
#include "base/text.h"
#include "fuzz/input_file.h"
#include "io/elements.h"
#include "support/resources.h"
#include "support/zip_builder.h"

namespace fs = std::filesystem;
namespace io = rppg::io;
using rppg::concat;
using rppg::fuzz::InputFile;
using rppg::test::little_endian;

namespace {

/// What the reader says about a file, without its name.
std::string verdict(std::string_view bytes) {
  const InputFile file(bytes);
  try {
    io::read_safetensors(file.path());
  } catch (const rppg::Error& error) {
    CHECK(error.status() == rppg::Status::malformed);
    return std::string(error.what()).substr(file.path().string().size() + 2);
  }
  return "accepted";
}

std::string verdict(std::string_view header, std::string_view data) {
  return verdict(concat(little_endian(header.size(), 8), header, data));
}

void check_array(const io::NamedArray& array, const char* name,
                 const std::vector<std::uint64_t>& extents, const std::vector<float>& values,
                 const std::vector<std::int64_t>& integers) {
  CHECK(array.name == name);
  CHECK(array.extents == extents);
  CHECK(array.values == values);
  CHECK(array.integers == integers);
}

const std::vector<io::NamedArray> some_arrays{
    {"weight", {2, 1}, {1.0F, -2.0F}, {}},
    {"tracked", {}, {}, {946}},
    {"none", {0}, {}, {}},
    {"bias", {1}, {std::numeric_limits<float>::infinity()}, {}},
};

}  // namespace

TEST_CASE("the bytes that are written") {
  const rppg::test::TemporaryFolder folder;
  const fs::path file = folder.path() / "w.safetensors";
  io::write_safetensors(file, some_arrays, {{"source", "a.pth"}, {"model", "c2f"}});
  const std::string bytes = rppg::read_file(file);
  const std::string header = R"({"__metadata__":{"model":"c2f","source":"a.pth"},)"
                             R"("tracked":{"dtype":"I64","shape":[],"data_offsets":[0,8]},)"
                             R"("weight":{"dtype":"F32","shape":[2,1],"data_offsets":[8,16]},)"
                             R"("none":{"dtype":"F32","shape":[0],"data_offsets":[16,16]},)"
                             R"("bias":{"dtype":"F32","shape":[1],"data_offsets":[16,20]}})";
  const std::size_t padded = (header.size() + 7) / 8 * 8;
  CHECK(bytes == concat(little_endian(padded, 8), header, std::string(padded - header.size(), ' '),
                        little_endian(946, 8), little_endian(0x3F800000, 4),
                        little_endian(0xC0000000, 4), little_endian(0x7F800000, 4)));
}

TEST_CASE("what is written is read") {
  const rppg::test::TemporaryFolder folder;
  const fs::path file = folder.path() / "w.safetensors";
  io::write_safetensors(file, some_arrays, {});
  const auto arrays = io::read_safetensors(file);
  REQUIRE(arrays.size() == 4);
  check_array(arrays[0], "tracked", {}, {}, {946});
  check_array(arrays[1], "weight", {2, 1}, {1, -2}, {});
  check_array(arrays[2], "none", {0}, {}, {});
  check_array(arrays[3], "bias", {1}, {std::numeric_limits<float>::infinity()}, {});
  io::write_safetensors(file, {}, {});
  CHECK(io::read_safetensors(file).empty());
}

TEST_CASE("every type of a file from elsewhere") {
  const auto arrays =
      io::read_safetensors(rppg::test::fixture("data/checkpoints/types.safetensors"));
  REQUIRE(arrays.size() == 6);
  check_array(arrays[0], "double", {1, 2}, {0.5F, -4}, {});
  check_array(arrays[1], "count", {}, {}, {-946});
  check_array(arrays[2], "single", {1}, {1.25F}, {});
  check_array(arrays[3], "small", {1}, {}, {-7});
  check_array(arrays[4], "half", {2}, {1.5F, -2}, {});
  check_array(arrays[5], "brain", {1}, {-3}, {});
}

TEST_CASE("arrays that contradict themselves are not written") {
  const rppg::test::TemporaryFolder folder;
  const fs::path file = folder.path() / "w.safetensors";
  const auto written = [&](std::vector<io::NamedArray> arrays) {
    try {
      io::write_safetensors(file, arrays, {});
    } catch (const rppg::Error& error) {
      CHECK(error.status() == rppg::Status::internal);
      CHECK_FALSE(fs::exists(file));
      return false;
    }
    return true;
  };
  CHECK_FALSE(written({{"a", {3}, {1, 2}, {}}}));
  CHECK_FALSE(written({{"a", {2}, {1}, {1}}}));
  CHECK_FALSE(written({{"a", {}, {}, {}}}));
  CHECK_FALSE(written({{"a", {1}, {1}, {}}, {"a", {1}, {1}, {}}}));
  CHECK_FALSE(written({{"__metadata__", {1}, {1}, {}}}));
  CHECK(written({{"a", {1}, {1}, {}}}));
}

TEST_CASE("headers are held to the format") {
  const std::string data(8, '\0');
  const auto starts = [&](std::string_view header, std::string_view start) {
    CAPTURE(header);
    const std::string said = verdict(header, data);
    CAPTURE(said);
    CHECK(said.starts_with(start));
  };
  const auto entry = [](std::string_view dtype, std::string_view shape, std::string_view offsets) {
    return concat(R"({"a":{"dtype":)", dtype, R"(,"shape":)", shape, R"(,"data_offsets":)", offsets,
                  "}}");
  };
  starts(entry(R"("F32")", "[2]", "[0,8]"), "accepted");
  starts(entry(R"("F32")", "[2]", "[0,8]") + "   ", "accepted");
  starts(entry(R"("F32")", "[1,2,1]", "[0,8]"), "accepted");
  starts(R"({"__metadata__":{"k":"v"},"a":{"dtype":"I64","shape":[],"data_offsets":[0,8]}})",
         "accepted");

  starts(" " + entry(R"("F32")", "[2]", "[0,8]"), "not a safetensors file");
  starts("[]", "not a safetensors file");
  starts("{", "line 1");
  starts(R"({"a":1,"a":1})", "line 1, column 10: duplicate key");
  starts("{\"\xFF\":1}", "line 1");
  starts(R"({"a":NaN})", "line 1");
  starts(R"({"a":)" + std::string(100, '[') + std::string(100, ']') + "}",
         "line 1, column 69: nested deeper");
  starts(R"({"a":[]})", "a: needs");
  starts(R"({"a":{"dtype":"F32","shape":[2]}})", "a: needs");
  starts(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}})", "a: needs");
  starts(R"({"a":{"dtype":"F32","shape":[2],"offsets":[0,8]}})", "a: has no \"data_offsets\"");
  starts(R"({"__metadata__":{"k":1}})", "__metadata__: not a map");
  starts(R"({"__metadata__":[]})", "__metadata__: not a map");

  starts(entry("1", "[2]", "[0,8]"), "a: \"dtype\" is no text");
  starts(entry(R"("F8_E4M3")", "[8]", "[0,8]"), "a: elements of type F8_E4M3 are not read");
  starts(entry(R"("f32")", "[2]", "[0,8]"), "a: elements of type f32 are not read");
  for (const char* shape : {"2", "[-2]", "[2.0]", "[\"2\"]", "[1e1]", "[18446744073709551616]"}) {
    starts(entry(R"("F32")", shape, "[0,8]"), "a: extents and offsets must be");
  }
  for (const char* shape : {"[3]", "[]", "[0]", "[4611686018427387906]", "[4294967296,4294967296]",
                            "[0,18446744073709551615]"}) {
    starts(entry(R"("F32")", shape, "[0,8]"), "a: its data have not the size of its shape");
  }
  starts(entry(R"("F32")", "[2]", "[0,8,8]"), "a: \"data_offsets\" are not two");
  starts(entry(R"("F32")", "[2]", "[8,0]"), "a: its data have not the size of its shape");
  starts(entry(R"("F32")", "[2]", "[8,16]"), "a: its data begin at 8, not at 0");
  starts(entry(R"("F32")", "[2]", "[18446744073709551608,18446744073709551615]"),
         "a: its data have not the size");
  starts(entry(R"("F32")", "[1]", "[0,4]"), "tensors of 4 bytes in 8 bytes of data");
  starts(entry(R"("F32")", "[3]", "[0,12]"), "tensors of 12 bytes in 8 bytes of data");
  starts("{}", "tensors of 0 bytes in 8 bytes of data");
}

TEST_CASE("tensors lie neither over each other nor apart") {
  const auto two = [&](std::string_view first, std::string_view second) {
    return verdict(concat(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":)", first,
                          R"(},"b":{"dtype":"F32","shape":[1],"data_offsets":)", second, "}}"),
                   std::string(8, '\0'));
  };
  CHECK(two("[0,4]", "[4,8]") == "accepted");
  CHECK(two("[4,8]", "[0,4]") == "accepted");
  CHECK(two("[0,4]", "[0,4]") == "b: its data begin at 0, not at 4");
  CHECK(two("[0,4]", "[2,6]") == "b: its data begin at 2, not at 4");
  CHECK(two("[0,4]", "[8,12]") == "b: its data begin at 8, not at 4");
}

TEST_CASE("the length of the header is not believed") {
  CHECK(verdict("") == "not a safetensors file: too short");
  CHECK(verdict("\2\0\0\0\0\0\0") == "not a safetensors file: too short");
  for (const std::uint64_t length : {std::uint64_t{0}, std::uint64_t{3}, std::uint64_t{1} << 25,
                                     std::numeric_limits<std::uint64_t>::max()}) {
    CAPTURE(length);
    CHECK(verdict(little_endian(length, 8) + "{}") != "accepted");
  }
  CHECK(verdict(little_endian(2, 8) + "{}") == "accepted");
}

TEST_CASE("cut and changed files are refused or sound") {
  const std::string bytes =
      rppg::read_file(rppg::test::fixture("data/checkpoints/types.safetensors"));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    CHECK(verdict(bytes.substr(0, size)) != "accepted");
  }
  CHECK(verdict(bytes + "x") != "accepted");
  const rppg::Random random(3, "safetensors");
  for (std::uint64_t i = 0; i < 500; ++i) {
    std::string changed = bytes;
    char& byte = changed[random.integer(2 * i, bytes.size())];
    byte = static_cast<char>(byte ^ (1 << random.integer(2 * i + 1, 8)));
    if (verdict(changed) != "accepted") continue;
    for (const io::NamedArray& array : io::read_safetensors(InputFile(changed).path())) {
      CHECK(io::element_count(array.extents) == array.values.size() + array.integers.size());
    }
  }
}
