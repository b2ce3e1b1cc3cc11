// The stem of the coarse-to-fine network with released weights, against double-precision PyTorch.
#include "models/fusion_stem.h"

#include <string>

#include "golden/models/network_vectors.h"
#include "io/pickle_checkpoint.h"
#include "kernels/kernels.h"
#include "nn/checkpoint.h"
#include "support/resources.h"

using namespace rppg;
using namespace rppg::test;

namespace {

/// The tensors of a checkpoint's video network that a store has, under the store's names.
std::vector<io::NamedArray> tensors_for(const nn::ParameterStore& store,
                                        const std::filesystem::path& file) {
  std::vector<io::NamedArray> chosen;
  const std::string prefix = "C2F_model/module.";
  for (io::NamedArray& array : io::read_pickle_checkpoint(file)) {
    if (!array.name.starts_with(prefix)) continue;
    array.name = array.name.substr(prefix.size());
    if (store.find(array.name) != nullptr) chosen.push_back(std::move(array));
  }
  return chosen;
}

}  // namespace

TEST_CASE("the stem of a released checkpoint gives the rows that PyTorch gives") {
  const auto vectors = shared("reference/lq/ck_PURE_UBFC.h5");
  const auto checkpoint = shared("checkpoints/lq_rppg/PURE_UBFC_LQC2F_rPPG_Epoch10.pth");
  if (!vectors || !checkpoint) return;
  const io::Hdf5Reader file(*vectors);
  nn::ParameterStore store;
  const models::FusionStem stem(nn::Scope(store), {});
  store.initialize(0);
  nn::load_tensors(store, tensors_for(store, *checkpoint), *checkpoint);
  const std::vector<float> clip = standardized(file.bytes("/video/u8"));
  for (const Kernels* table : available_kernels()) {
    CAPTURE(std::string(table->isa));
    const KernelsOverride chosen(*table);
    Arena arena;
    Tape tape(arena, {.threads = 2});
    const Tensor y = stem(tape.input(clip, {1, 160, 128, 128, 3}));
    CHECK(largest_difference(y.values(), file.floats("/c2f/f64/stem_pooled")) < 1e-4);
  }
}
