// PhysNet against rPPG-Toolbox: the official checkpoint's waveforms; gradients of one training
// step.
#include "models/physnet.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "golden/models/network_vectors.h"
#include "kernels/kernels.h"
#include "ops/losses.h"
#include "support/compare.h"
#include "support/resources.h"

using namespace rppg;
using namespace rppg::test;

namespace {

/// (x[t + 1] - x[t]) / (x[t + 1] + x[t] + 1e-7), zero for the last frame, over its standard
/// deviation.
std::vector<float> diff_normalized(const std::vector<std::uint8_t>& frames, std::size_t size) {
  std::vector<double> d(frames.size(), 0.0);
  for (std::size_t i = 0; i + size < frames.size(); ++i) {
    const double a = frames[i], b = frames[i + size];
    d[i] = (b - a) / (b + a + 1e-7);
  }
  const auto moving = static_cast<double>(d.size() - size);
  double mean = 0, square = 0;
  for (std::size_t i = 0; i + size < d.size(); ++i) mean += d[i] / moving;
  for (std::size_t i = 0; i + size < d.size(); ++i) square += (d[i] - mean) * (d[i] - mean);
  const double deviation = std::sqrt(square / moving);
  std::vector<float> y;
  for (const double v : d) y.push_back(static_cast<float>(v / deviation));
  return y;
}

/// The true gradient of a bias before a batch norm is 0; what is there is rounding.
bool precedes_norm(const std::string& name) { return name.ends_with(".0.bias"); }

}  // namespace

TEST_CASE("the official PhysNet checkpoint gives rPPG-Toolbox's waveforms") {
  const auto path = shared("reference/toolbox/d2_physnet_official_ubfc.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  for (const Kernels* table : available_kernels()) {
    CAPTURE(std::string(table->isa));
    const KernelsOverride chosen(*table);
    for (const std::string clip : {"/clip16x72", "/clip32x64", "/clip128x36"}) {
      CAPTURE(clip);
      const auto extents = file.extents(clip + "/frames_u8_THWC");
      const auto frames = static_cast<Index>(extents[0]), side = static_cast<Index>(extents[1]);
      nn::ParameterStore store;
      const models::PhysNet model(nn::Scope(store), {.frame_size = side});
      store.initialize(0);
      load_weights(store, file, "/weights");
      const std::vector<float> input = diff_normalized(file.bytes(clip + "/frames_u8_THWC"),
                                                       static_cast<std::size_t>(side * side * 3));
      Arena arena;
      Tape tape(arena, {});
      const Tensor y = model(tape.input(input, {1, frames, side, side, 3}));
      CHECK(largest_difference(y.values(), file.floats(clip + "/rPPG")) < 2e-4);
    }
  }
}

TEST_CASE("PhysNet trains as rPPG-Toolbox's does") {
  const auto path = shared("reference/toolbox/d3_physnet_random_train.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  const std::vector<float> input = channels_last(file.floats("/input"), 3, 16 * 32 * 32);
  const std::vector<float> labels = file.floats("/train/labels_norm");
  for (const Kernels* table : available_kernels()) {
    CAPTURE(std::string(table->isa));
    const KernelsOverride chosen(*table);
    nn::ParameterStore store;
    const models::PhysNet model(nn::Scope(store), {.frame_size = 32, .clip_frames = 16});
    store.initialize(0);
    load_weights(store, file, "/weights");
    Arena arena;
    {
      Tape tape(arena, {});
      const Tensor y = model(tape.input(input, {2, 16, 32, 32, 3}));
      CHECK(largest_difference(y.values(), file.floats("/eval/rPPG")) < 2e-5);
    }
    Tape tape(arena, {.training = true, .gradients = true});
    const Tensor y = model(tape.input(input, {2, 16, 32, 32, 3}));
    CHECK(largest_difference(y.values(), file.floats("/train/rPPG_raw")) < 2e-5);
    const Tensor loss = ops::negative_pearson(y, tape.input(labels, {2, 16}));
    CHECK(std::abs(static_cast<double>(loss.values()[0]) -
                   file.number_attribute("/train", "loss")) < 1e-5);
    tape.backward(loss);
    for (const nn::Parameter& parameter : store.parameters()) {
      if (parameter.role != nn::Role::trained || precedes_norm(parameter.name)) continue;
      CAPTURE(parameter.name);
      const auto gradient = parameter.tensor.gradient();
      const double norm = file.number_attribute("/train/grad_norm", parameter.name);
      CHECK(std::abs(test::norm(gradient) - norm) < 1e-4 * norm + 1e-6);
      for (const std::string part : {"", "[0:2]"}) {
        const std::string name = "/train/grad/" + parameter.name + part;
        if (!file.exists(name)) continue;
        const std::vector<float> wanted = file.floats(name);
        CHECK(largest_difference(gradient.first(wanted.size()), wanted) <
              1e-4 * largest(wanted) + 1e-6);
      }
    }
  }
}
