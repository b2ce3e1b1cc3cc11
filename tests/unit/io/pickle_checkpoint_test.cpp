/// Checkpoints as torch.save writes them; tests/data/checkpoints/make_fixtures.py made them.
#include "io/pickle_checkpoint.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/random.h"
#include "fuzz/input_file.h"
#include "support/pickle_builder.h"
#include "support/resources.h"

namespace fs = std::filesystem;
namespace io = rppg::io;
using rppg::fuzz::InputFile;
using rppg::test::fixture;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

/// Equal, NaN being equal to NaN.
bool same(const std::vector<float>& a, const std::vector<float>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](float x, float y) {
    return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
  });
}

bool same(const std::vector<io::NamedArray>& a, const std::vector<io::NamedArray>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const io::NamedArray& x, const io::NamedArray& y) {
                      return x.name == y.name && x.extents == y.extents &&
                             x.integers == y.integers && same(x.values, y.values);
                    });
}

struct Expected {
  const char* name;
  std::vector<std::uint64_t> extents;
  std::vector<float> values;
  std::vector<std::int64_t> integers;
};

void check_arrays(const fs::path& file, const std::vector<Expected>& expected) {
  const auto arrays = io::read_pickle_checkpoint(file);
  REQUIRE(arrays.size() == expected.size());
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    CAPTURE(expected[i].name);
    CHECK(arrays[i].name == expected[i].name);
    CHECK(arrays[i].extents == expected[i].extents);
    CHECK(same(arrays[i].values, expected[i].values));
    CHECK(arrays[i].integers == expected[i].integers);
  }
}

std::string refusal(const fs::path& file) {
  try {
    io::read_pickle_checkpoint(file);
  } catch (const rppg::Error& error) {
    return error.what();
  }
  return "accepted";
}

/// Whether a damaged file is refused or, where the damage does not matter, read as the sound one.
bool is_safe(const fs::path& file, const std::vector<io::NamedArray>& sound) {
  try {
    return same(io::read_pickle_checkpoint(file), sound);
  } catch (const rppg::Error&) {
    return true;
  }
}

}  // namespace

TEST_CASE("every type and every view of a storage") {
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  constexpr auto greatest = std::numeric_limits<std::int64_t>::max();
  check_arrays(
      fixture("data/checkpoints/types.pth"),
      {{"module.float32", {2, 3}, {0.5F, -1, 2.25F, not_a_number, infinity, -infinity}, {}},
       {"module.float64", {2}, {0.1F, -2}, {}},
       {"module.float16", {4}, {1.5F, -65504, std::ldexp(1.0F, -24), infinity}, {}},
       {"module.bfloat16", {2}, {1, -3}, {}},
       {"module.num_batches_tracked", {}, {}, {946}},
       {"module.int64", {2}, {}, {least, greatest}},
       {"module.int32", {2}, {}, {-2147483648, 7}},
       {"module.int16", {1}, {}, {-300}},
       {"module.int8", {1}, {}, {-128}},
       {"module.uint8", {1}, {}, {200}},
       {"module.bool", {2}, {}, {1, 0}},
       {"module.empty", {0, 3}, {}, {}},
       {"module.parameter", {1}, {3}, {}},
       {"module.whole", {3, 4}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, {}},
       {"module.transposed", {4, 3}, {0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}, {}},
       {"module.part", {2, 2}, {5, 6, 9, 10}, {}},
       {"module.every_second", {6}, {1, 3, 5, 7, 9, 11}, {}},
       {"module.expanded", {2, 1}, {5, 5}, {}}});
}

TEST_CASE("nested collections become names with slashes, deflated or stored") {
  const std::vector<Expected> expected{{"C2F_model/module.weight", {1, 2}, {1, 2}, {}},
                                       {"C2F_model/module.bias", {1}, {3}, {}},
                                       {"optimizer/state/0/exp_avg", {1, 2}, {2, 4}, {}},
                                       {"history/0", {1}, {4}, {}}};
  check_arrays(fixture("data/checkpoints/nested.pth"), expected);
  check_arrays(fixture("data/checkpoints/deflated.pth"), expected);
}

TEST_CASE("what is no checkpoint says what it is") {
  const rppg::test::TemporaryFolder folder;
  const fs::path file = folder.path() / "w.pth";
  const std::string name = file.string() + ": ";
  CHECK(refusal(file) == name + "cannot open: No such file or directory");

  const fs::path legacy = fixture("data/checkpoints/legacy.pth");
  CHECK(refusal(legacy) == legacy.string() + ": older torch format: re-save with torch >= 1.6");
  rppg::write_file(file, std::string(257, 'x') + "ustar");
  CHECK(refusal(file) == name + "older torch format: re-save with torch >= 1.6");
  for (const char* text : {"", "PK", "PK\5\6", "hello"}) {
    rppg::write_file(file, text);
    CHECK(refusal(file) == name + "not a checkpoint of torch: no zip archive");
  }

  const std::string tensor = rppg::test::pickle_of(rppg::test::PickledTensor{}.text());
  const auto with = [&](const std::string& entry, const std::string& content) {
    rppg::write_file(
        file, rppg::test::checkpoint_of(tensor).add({.name = entry, .content = content}).finish());
    return refusal(file);
  };
  CHECK(with("x/byteorder", "little") == "accepted");
  CHECK(with("x/byteorder", "big") == name + "byte order is not little-endian");
  CHECK(with("x/constants.pkl", "") == name + "a TorchScript program: save its state dict instead");
  CHECK(with("x/data/1", "") == "accepted");

  rppg::write_file(file, rppg::test::checkpoint_of(rppg::test::pickle("}")).finish());
  CHECK(refusal(file) == name + "holds no tensors");
  rppg::write_file(file, rppg::test::ZipBuilder().add({.name = "x/version"}).finish());
  CHECK(refusal(file) == name + "zip entry \"data.pkl\" is missing");
}

TEST_CASE("doubles beyond single precision are refused") {
  const rppg::test::TemporaryFolder folder;
  const fs::path file = folder.path() / "w.pth";
  const std::string pickle = rppg::test::pickle_of(rppg::test::PickledTensor{
      .extents = {1}, .storage_count = 1, .storage = "1", .type = "ctorch\nDoubleStorage\n"}
                                                       .text());
  const auto bits = std::bit_cast<std::uint64_t>(1e300);
  rppg::write_file(file,
                   rppg::test::checkpoint_of(pickle)
                       .add({.name = "x/data/1", .content = rppg::test::little_endian(bits, 8)})
                       .finish());
  CHECK(refusal(file) == file.string() + ": a: 1e+300 is beyond single precision");
}

TEST_CASE("a checkpoint that is cut anywhere is refused") {
  for (const char* name : {"data/checkpoints/deflated.pth", "data/checkpoints/nested.pth"}) {
    const std::string bytes = rppg::read_file(fixture(name));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      CAPTURE(size);
      CHECK(refusal(InputFile(bytes.substr(0, size)).path()) != "accepted");
    }
  }
}

TEST_CASE("a changed bit is noticed or does not matter") {
  for (const char* name : {"types", "nested", "deflated"}) {
    const fs::path source = fixture(std::string("data/checkpoints/") + name + ".pth");
    const std::string bytes = rppg::read_file(source);
    const auto sound = io::read_pickle_checkpoint(source);
    const rppg::Random random(7, name);
    for (std::uint64_t i = 0; i < 300; ++i) {
      std::string changed = bytes;
      char& byte = changed[random.integer(2 * i, bytes.size())];
      byte = static_cast<char>(byte ^ (1 << random.integer(2 * i + 1, 8)));
      CAPTURE(name);
      CAPTURE(i);
      CHECK(is_safe(InputFile(changed).path(), sound));
    }
  }
}
