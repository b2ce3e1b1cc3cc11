/// The released checkpoints of LQ-rPPG: names, shapes and values, and what is known about them.
/// The digests are of the tensors' bytes as PyTorch 1.13.1 loads them.
#include <algorithm>
#include <bit>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/text.h"
#include "io/hash.h"
#include "io/pickle_checkpoint.h"
#include "io/safetensors.h"
#include "support/resources.h"

namespace fs = std::filesystem;
namespace io = rppg::io;
using rppg::concat;

namespace {

std::vector<fs::path> checkpoints(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".pth") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Level 1 to 5 of a label quantiser's file, 0 for the video model's.
int level(const fs::path& file) {
  const std::string name = file.filename().string();
  const std::size_t found = name.find("th_LQ_");
  return found == std::string::npos ? 0 : name[found - 1] - '0';
}

/// "NAME EXTENTxEXTENT", "integer" for an integer scalar.
std::string description(const io::NamedArray& array) {
  std::string extents;
  for (const std::uint64_t extent : array.extents) {
    extents += concat(extents.empty() ? "" : "x", extent);
  }
  if (!array.integers.empty()) extents += "integer";
  return concat(array.name, " ", extents);
}

/// The lines of a list of tensors with K for the number of codes, in alphabetical order: the order
/// in the files is that of the modules in the official program.
std::multiset<std::string> expected(const char* list, std::string_view prefix, int codes) {
  const std::string text = rppg::read_file(rppg::test::fixture(concat("golden/io/", list)));
  std::multiset<std::string> lines;
  for (const std::string_view line : rppg::split(rppg::trim(text), '\n')) {
    std::string expanded(line);
    const std::size_t k = expanded.rfind('K');
    if (k != std::string::npos) expanded.replace(k, 1, std::to_string(codes));
    lines.insert(concat(prefix, expanded));
  }
  return lines;
}

std::string digest(const std::vector<io::NamedArray>& arrays) {
  std::string bytes;
  for (const io::NamedArray& array : arrays) {
    bytes.append(reinterpret_cast<const char*>(array.values.data()),
                 array.values.size() * sizeof(float));
    bytes.append(reinterpret_cast<const char*>(array.integers.data()),
                 array.integers.size() * sizeof(std::int64_t));
  }
  return io::sha256(bytes);
}

const io::NamedArray& find(const std::vector<io::NamedArray>& arrays, std::string_view end) {
  const auto found = std::find_if(arrays.begin(), arrays.end(), [end](const io::NamedArray& array) {
    return array.name.ends_with(end);
  });
  REQUIRE(found != arrays.end());
  return *found;
}

}  // namespace

TEST_CASE("released checkpoints have the tensors of their models") {
  const auto folder = rppg::test::shared("checkpoints/lq_rppg");
  if (!folder) return;
  std::map<int, int> files_of_level;
  for (const fs::path& file : checkpoints(*folder)) {
    CAPTURE(file.filename());
    std::multiset<std::string> found;
    for (const io::NamedArray& array : io::read_pickle_checkpoint(file)) {
      found.insert(description(array));
    }
    const int bits = level(file);
    ++files_of_level[bits];
    const bool same =
        found == (bits == 0 ? expected("coarse_to_fine_tensors.txt", "C2F_model/module.", 0)
                            : expected("label_quantizer_tensors.txt", "module.", 1 << bits));
    CHECK(same);
  }
  // Each video model came with five quantisers.
  CHECK(files_of_level.size() == 6);
  for (const auto& [bits, count] : files_of_level) CHECK(count == files_of_level[0]);
}

TEST_CASE("codebooks of released quantisers are quotients of their running sums") {
  const auto folder = rppg::test::shared("checkpoints/lq_rppg");
  if (!folder) return;
  for (const fs::path& file : checkpoints(*folder)) {
    if (level(file) == 0) continue;
    CAPTURE(file.filename());
    const auto arrays = io::read_pickle_checkpoint(file);
    const auto& sums = find(arrays, "quantizer.ema_w").values;
    const auto& counts = find(arrays, "quantizer.ema_cluster_size").values;
    const auto& codes = find(arrays, "quantizer.embeddings.weight").values;
    REQUIRE(codes.size() == std::size_t{1} << level(file));
    REQUIRE(counts.size() == codes.size());
    for (std::size_t k = 0; k < codes.size(); ++k) {
      CHECK(std::bit_cast<std::uint32_t>(codes[k]) ==
            std::bit_cast<std::uint32_t>(sums[k] / counts[k]));
    }
    CHECK(find(arrays, "x_norm.weight").values == std::vector<float>{1});
  }
}

TEST_CASE("released video models count their optimiser's steps") {
  const auto folder = rppg::test::shared("checkpoints/lq_rppg");
  if (!folder) return;
  const std::map<std::string, std::int64_t> steps{
      {"UBFC_UBFC_LQC2F_rPPG_Epoch49.pth", 43 * 22},
      {"UBFC_PURE_LQC2F_rPPG_Epoch20.pth", 21 * 27},
      {"PURE_UBFC_LQC2F_rPPG_Epoch10.pth", 11 * 38},
  };
  for (const auto& [name, count] : steps) {
    CAPTURE(name);
    int counters = 0;
    for (const io::NamedArray& array : io::read_pickle_checkpoint(*folder / name)) {
      if (!array.name.ends_with("num_batches_tracked")) continue;
      CHECK(array.integers == std::vector<std::int64_t>{count});
      ++counters;
    }
    CHECK(counters == 5);
  }
}

TEST_CASE("released checkpoints have the values that PyTorch loads") {
  const auto folder = rppg::test::shared("checkpoints/lq_rppg");
  if (!folder) return;
  const std::map<std::string, std::string> digests{
      {"PURE_UBFC_LQC2F_1th_LQ_Epoch10.pth",
       "bd6879eae55695f3e992d270c955b4589639543ebee45a2045f3ddf1afcc4f0c"},
      {"PURE_UBFC_LQC2F_2th_LQ_Epoch11.pth",
       "30e7d65e0b2a9cf63cf2e65f5558445c266780294ae04d22b95a31660db0b6a8"},
      {"PURE_UBFC_LQC2F_3th_LQ_Epoch19.pth",
       "6ec4aa578150c4b20cd7f5f8cd42c9dd1fa5c8c014f1e697af9a0982c9dcfb6e"},
      {"PURE_UBFC_LQC2F_4th_LQ_Epoch22.pth",
       "a16b73cee1d9d08ab7ebcff9abbfa9ba1fe6b348b06749c74651ee51d532fa12"},
      {"PURE_UBFC_LQC2F_5th_LQ_Epoch10.pth",
       "162d8b97864d08f7b11de480c61e8b876369faa1975fcf5f267a6d973fb2fc8a"},
      {"PURE_UBFC_LQC2F_rPPG_Epoch10.pth",
       "957838c8196cd0c7b8686fea8f8333d7206dde46c071c507a5e069f542cc884f"},
      {"UBFC_PURE_LQC2F_1th_LQ_Epoch9.pth",
       "693ccd7d3a5c84255b3fb9b59c614c574d27a5208e90e7a53a69200e29ac98b7"},
      {"UBFC_PURE_LQC2F_2th_LQ_Epoch5.pth",
       "f4f430c892b51e2c68a31ba81085a85ef57e1dd9696b436fd8494ac978495f20"},
      {"UBFC_PURE_LQC2F_3th_LQ_Epoch18.pth",
       "0375504eec3ac62dc21347cdbd07150d0e1102719e9ef2f759a800235a91b447"},
      {"UBFC_PURE_LQC2F_4th_LQ_Epoch19.pth",
       "e84e43c7a49fe3b52a46a4e0d5bec6d9a7bb9f5be90819f720f48a5eb715079b"},
      {"UBFC_PURE_LQC2F_5th_LQ_Epoch18.pth",
       "07599b24c55e581fb0e8915f728f60193787a68b6327a23e0a42561da0631b6d"},
      {"UBFC_PURE_LQC2F_rPPG_Epoch20.pth",
       "6e8088a9f27410073e345c206110099a356e9698590887e88fbc896bb5dd9e63"},
      {"UBFC_UBFC_LQC2F_1th_LQ_Epoch9.pth",
       "a9ce31e2f3f91abb8b219b90b13a930a398d6df16748c15b1b541af1f18835d8"},
      {"UBFC_UBFC_LQC2F_2th_LQ_Epoch8.pth",
       "7bb3aadd79c07bfdf7b10c9e37177307f2af7f26130ffc9d9b3e93b16ec46830"},
      {"UBFC_UBFC_LQC2F_3th_LQ_Epoch11.pth",
       "653d8bf584b32751f4c1ab6c9c4422f8c306586983e0043b3e3cf08ef2355e1b"},
      {"UBFC_UBFC_LQC2F_4th_LQ_Epoch19.pth",
       "5cf43bc2039194fa7e3120da905a73dbe0679dcd80893fcbf491413336372dd3"},
      {"UBFC_UBFC_LQC2F_5th_LQ_Epoch26.pth",
       "d909b19707118f2dbe1d08023546c7c86c78762fb9baeb4098e73999af5b302a"},
      {"UBFC_UBFC_LQC2F_rPPG_Epoch49.pth",
       "1a7b7b0be37d267b551b587bf5fb3a61818bb59822e4c815158ba0fdfbfb93ee"},
  };
  const rppg::test::TemporaryFolder temporary;
  const fs::path copy = temporary.path() / "copy.safetensors";
  for (const auto& [name, expected_digest] : digests) {
    CAPTURE(name);
    const auto arrays = io::read_pickle_checkpoint(*folder / name);
    CHECK(digest(arrays) == expected_digest);
    io::write_safetensors(copy, arrays, {});
    const auto copied = io::read_safetensors(copy);
    REQUIRE(copied.size() == arrays.size());
    for (const io::NamedArray& array : arrays) {
      const auto& twin = find(copied, array.name);
      CHECK(description(twin) == description(array));
      CHECK(digest({twin}) == digest({array}));
    }
  }
}
