/// What the comparisons with LQ-rPPG's published program share: its released files, three trainings
/// of six each.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"
#include "golden/models/network_vectors.h"
#include "io/pickle_checkpoint.h"
#include "nn/checkpoint.h"
#include "support/resources.h"

namespace rppg::test {

/// One training.
struct Release {
  const char* name;
  std::array<const char*, 6> files;  ///< five quantisers, then the network

  std::optional<std::filesystem::path> vectors() const {
    return shared(concat("reference/lq/ck_", name, ".h5"));
  }
  std::optional<std::filesystem::path> file(std::size_t i) const {
    return shared(concat("checkpoints/lq_rppg/", name, "_LQC2F_", files[i], ".pth"));
  }
};

inline constexpr std::array releases{
    Release{"PURE_UBFC",
            {"1th_LQ_Epoch10", "2th_LQ_Epoch11", "3th_LQ_Epoch19", "4th_LQ_Epoch22",
             "5th_LQ_Epoch10", "rPPG_Epoch10"}},
    Release{"UBFC_PURE",
            {"1th_LQ_Epoch9", "2th_LQ_Epoch5", "3th_LQ_Epoch18", "4th_LQ_Epoch19", "5th_LQ_Epoch18",
             "rPPG_Epoch20"}},
    Release{"UBFC_UBFC",
            {"1th_LQ_Epoch9", "2th_LQ_Epoch8", "3th_LQ_Epoch11", "4th_LQ_Epoch19", "5th_LQ_Epoch26",
             "rPPG_Epoch49"}},
};

/// The tensors of a released file with `prefix` in place of the one that is there.
inline std::vector<io::NamedArray> released(const std::filesystem::path& file,
                                            const std::string& prefix) {
  std::vector<io::NamedArray> tensors = io::read_pickle_checkpoint(file);
  for (io::NamedArray& tensor : tensors) {
    tensor.name = prefix + tensor.name.substr(tensor.name.find("module.") + 7);
  }
  return tensors;
}

/// Largest difference in units of the largest number.
inline double relative(std::span<const float> a, std::span<const float> b) {
  return largest_difference(a, b) / std::max(largest(b), 1e-30);
}

}  // namespace rppg::test
