// EfficientPhys against rPPG-Toolbox: forward, gradients, one training step.
#include "models/efficient_phys.h"

#include <array>
#include <cmath>
#include <string>

#include "golden/models/network_vectors.h"
#include "kernels/kernels.h"
#include "nn/optimizer.h"
#include "ops/frames.h"
#include "ops/losses.h"
#include "support/compare.h"
#include "support/resources.h"

using namespace rppg;
using namespace rppg::test;

namespace {

constexpr Index size = 72;
constexpr Index pixels = size * size;

struct Setup {
  io::Hdf5Reader file;
  nn::ParameterStore store;
  models::EfficientPhys model{nn::Scope(store), {}};
  std::vector<float> clip;  ///< (21, 72, 72, 3)

  explicit Setup(const std::filesystem::path& path) : file(path) {
    store.initialize(0);
    load_weights(store, file, "/weights");
    clip = standardized(file.bytes("/input/frames_u8_THWC"));
  }
};

/// x[t + 1] - x[t] of the 21 frames.
std::vector<float> differences_of(const std::vector<float>& clip) {
  std::vector<float> d(clip.size() - 3 * pixels);
  for (std::size_t i = 0; i < d.size(); ++i) d[i] = clip[i + 3 * pixels] - clip[i];
  return d;
}

/// The keep mask of one dropout, from (T, C, H, W) bits to channels last.
std::vector<std::uint8_t> mask(const io::Hdf5Reader& file, const std::string& name, Index channels,
                               Index count) {
  const std::vector<std::uint8_t> packed = file.bytes("/train/masks_packed/" + name);
  std::vector<float> keep;
  for (const std::uint8_t byte : packed) {
    for (int bit = 7; bit >= 0; --bit) keep.push_back(static_cast<float>(byte >> bit & 1));
  }
  keep.resize(static_cast<std::size_t>(20 * channels * count));
  std::vector<std::uint8_t> bytes;
  for (const float k : channels_last(keep, channels, count)) bytes.push_back(k > 0 ? 1 : 0);
  return bytes;
}

void check_gradients(const Setup& s, const std::string& group) {
  for (const nn::Parameter& parameter : s.store.parameters()) {
    if (parameter.role != nn::Role::trained) continue;
    CAPTURE(parameter.name);
    const auto gradient = parameter.tensor.gradient();
    const double norm = s.file.number_attribute(group + "/grad_norm", parameter.name);
    CHECK(std::abs(test::norm(gradient) - norm) < 1e-4 * norm + 1e-8);
    const bool part = parameter.name == "final_dense_1.weight";
    const std::vector<float> wanted =
        s.file.floats(group + "/grad/" + parameter.name + (part ? "[0:2]" : ""));
    CHECK(largest_difference(gradient.first(wanted.size()), wanted) <
          1e-4 * largest(wanted) + 1e-8);
  }
}

/// Adam's first step is the learning rate times the sign of the gradient, whatever its size: where
/// a gradient is as small as its own rounding, so that the sign is open, the step is.
double step_tolerance(double learning_rate, float gradient, double largest_gradient) {
  const double rounding = 1e-5 * largest_gradient;
  const double magnitude = std::abs(static_cast<double>(gradient)) + 1e-30;
  return 2e-6 + learning_rate * std::min(2.0, rounding / magnitude);
}

void check_after_step(const Setup& s, const std::string& group) {
  const double learning_rate = s.file.number_attribute(group, "lr");
  for (const std::string& name : s.file.list(group + "/after_step")) {
    CAPTURE(name);
    const std::vector<float> wanted = s.file.floats(group + "/after_step/" + name);
    const nn::Parameter* parameter = s.store.find(name);
    REQUIRE(parameter != nullptr);
    const auto values = parameter->tensor.values();
    REQUIRE(values.size() == wanted.size());
    const bool trained = parameter->role == nn::Role::trained;
    const std::vector<float> gradient =
        trained ? s.file.floats(group + "/grad/" + name) : std::vector<float>(wanted.size(), 1.0F);
    const double most = trained ? largest(gradient) : 0;
    double excess = 0;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      excess = std::max(excess,
                        std::abs(static_cast<double>(values[i]) - static_cast<double>(wanted[i])) -
                            step_tolerance(learning_rate, gradient[i], most));
    }
    CHECK(excess <= 0);
  }
}

/// Forward and backward in training mode, then one step of AdamW.
void train_step(Setup& s, const std::string& group,
                std::span<const std::span<const std::uint8_t>> kept, double clip_norm) {
  Arena arena;
  Tape tape(arena, {.training = true, .gradients = true, .dropout = !kept.empty(), .kept = kept});
  const std::vector<float> differences = differences_of(s.clip);
  const std::vector<float> labels = s.file.floats("/train/labels");
  const Tensor y = s.model.from_differences(tape.input(differences, {1, 20, size, size, 3}));
  CHECK(largest_difference(y.values(), s.file.floats(group + "/out")) < 2e-6);
  const Tensor loss = ops::mean_squared_error(y, tape.input(labels, {1, 20}));
  CHECK(std::abs(static_cast<double>(loss.values()[0]) - s.file.number_attribute(group, "loss")) <
        1e-6);
  tape.backward(loss);
  check_gradients(s, group);
  nn::Optimizer optimizer(s.store, {.weight_decay = s.file.number_attribute(group, "weight_decay"),
                                    .max_gradient_norm = clip_norm});
  const double norm = optimizer.step({s.file.number_attribute(group, "lr"), 0.9});
  const double wanted = s.file.number_attribute(group, "total_grad_norm");
  CHECK(std::abs(norm - wanted) < 1e-5 * wanted);
  check_after_step(s, group);
}

}  // namespace

TEST_CASE("EfficientPhys gives rPPG-Toolbox's waveform") {
  const auto path = shared("reference/toolbox/d1_efficientphys.h5");
  if (!path) return;
  Setup s(*path);
  for (const Kernels* table : available_kernels()) {
    CAPTURE(std::string(table->isa));
    const KernelsOverride chosen(*table);
    Arena arena;
    {
      Tape tape(arena, {});
      const std::vector<float> differences = differences_of(s.clip);
      const Tensor y = s.model.from_differences(tape.input(differences, {1, 20, size, size, 3}));
      CHECK(largest_difference(y.values(), s.file.floats("/eval/out")) < 1e-6);
    }
    for (const bool gradients : {false, true}) {  // by segments, and all at once
      Tape tape(arena, {.gradients = gradients});
      const std::span<const float> twenty(s.clip.data(), 20 * 3 * pixels);
      const Tensor y = s.model(tape.input(twenty, {1, 20, size, size, 3}));
      CHECK(largest_difference(y.values(), s.file.floats("/eval/protocol20_out")) < 1e-6);
    }
  }
}

TEST_CASE("EfficientPhys trains as rPPG-Toolbox's does, without dropout") {
  const auto path = shared("reference/toolbox/d1_efficientphys.h5");
  if (!path) return;
  for (const Kernels* table : available_kernels()) {
    CAPTURE(std::string(table->isa));
    const KernelsOverride chosen(*table);
    Setup s(*path);
    train_step(s, "/train/nodropout_wd0", {}, 0);
  }
}

TEST_CASE("EfficientPhys trains as rPPG-Toolbox's does, with given dropout masks and clipping") {
  const auto path = shared("reference/toolbox/d1_efficientphys.h5");
  if (!path) return;
  for (const Kernels* table : available_kernels()) {
    CAPTURE(std::string(table->isa));
    const KernelsOverride chosen(*table);
    Setup s(*path);
    const std::vector<std::uint8_t> first = mask(s.file, "dropout_1", 32, 35 * 35);
    const std::vector<std::uint8_t> second = mask(s.file, "dropout_3", 64, 16 * 16);
    const std::vector<std::uint8_t> third = mask(s.file, "dropout_4", 128, 1);
    const std::array<std::span<const std::uint8_t>, 3> kept{first, second, third};
    train_step(s, "/train/dropoutmask_paper", kept, 1);
  }
}
