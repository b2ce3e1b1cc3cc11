// The coarse-to-fine network with released weights against double-precision PyTorch: every level of
// a clip, and losses, gradients and running averages of a training step.
#include "models/coarse_to_fine.h"

#include <cmath>
#include <string>

#include "golden/models/lq_vectors.h"
#include "kernels/kernels.h"
#include "models/lq_losses.h"
#include "support/compare.h"

using namespace rppg;
using namespace rppg::test;

namespace {

constexpr Index frames = 160;

struct Released {
  nn::ParameterStore store;
  models::CoarseToFine network;

  Released(const Release& release, Index frame_size)
      : network(nn::Scope(store), {.frame_size = frame_size}) {
    store.initialize(0);
    std::vector<io::NamedArray> all = released(*release.file(5), "");
    for (std::size_t i = 0; i < 5; ++i) {
      const std::string prefix = models::CoarseToFine::quantizer_name(i) + ".";
      for (auto& tensor : released(*release.file(i), prefix)) all.push_back(std::move(tensor));
    }
    nn::load_tensors(store, all, *release.file(5));
  }
};

template <class Check>
void for_each_release(const Check& check) {
  for (const Release& release : releases) {
    const auto vectors = release.vectors();
    if (!vectors || !release.file(5)) return;
    const io::Hdf5Reader file(*vectors);
    CAPTURE(std::string(release.name));
    for (const Kernels* table : available_kernels()) {
      CAPTURE(std::string(table->isa));
      const KernelsOverride chosen(*table);
      check(release, file);
    }
  }
}

/// Rows of Mamba's width: absolute and relative.
void check_rows(Tensor x, const io::Hdf5Reader& file, const std::string& name) {
  CAPTURE(name);
  const std::vector<float> wanted = file.floats(name);
  CHECK(largest_difference(x.values(), wanted) < 2e-4 + 1e-4 * largest(wanted));
}

void check_wave(Tensor x, const io::Hdf5Reader& file, const std::string& name, double tolerance) {
  CAPTURE(name);
  CHECK(largest_difference(x.values(), file.floats(name)) < tolerance);
}

/// (B, C, T, H, W) of bytes -> (B, T, H, W, C) of numbers
std::vector<float> channels_last_clips(const std::vector<std::int64_t>& bytes, Index clips,
                                       Index pixels, double scale) {
  std::vector<float> clip(bytes.size());
  constexpr Index channels = 3;
  for (Index b = 0; b < clips; ++b) {
    for (Index c = 0; c < channels; ++c) {
      for (Index i = 0; i < frames * pixels; ++i) {
        const Index from = (b * channels + c) * frames * pixels + i;
        const Index to = (b * frames * pixels + i) * channels + c;
        clip[static_cast<std::size_t>(to)] =
            static_cast<float>(static_cast<double>(bytes[static_cast<std::size_t>(from)]) * scale);
      }
    }
  }
  return clip;
}

/// The true gradient of a bias before a batch norm is 0; what is there is rounding.
bool precedes_norm(const std::string& name) {
  return name == "stem3.0.bias" || (name.starts_with("Fusion_Stem") && name.ends_with(".0.bias"));
}

void check_gradients(const nn::ParameterStore& store, const io::Hdf5Reader& file) {
  const std::string group = "/step2/f64/";
  for (const nn::Parameter& parameter : store.parameters()) {
    if (parameter.role != nn::Role::trained || precedes_norm(parameter.name)) continue;
    CAPTURE(parameter.name);
    const auto gradient = parameter.tensor.gradient();
    const double norm = file.doubles(concat(group, "gradnorm/", parameter.name)).front();
    CHECK(std::abs(test::norm(gradient) - norm) < 0.01 * norm);
    const std::string full = concat(group, "grad/", parameter.name);
    if (!file.exists(full)) continue;
    const std::vector<float> wanted = file.floats(full);
    CHECK(largest_difference(gradient, wanted) < 0.01 * largest(wanted) + 1e-6);
  }
}

void check_running_averages(const nn::ParameterStore& store, const io::Hdf5Reader& file) {
  int compared = 0;
  for (const nn::Parameter& parameter : store.parameters()) {
    const std::string name = concat("/step2/f64/bn_after/", parameter.name);
    if (parameter.role != nn::Role::buffer || !file.exists(name)) continue;
    CAPTURE(parameter.name);
    CHECK(relative(parameter.tensor.values(), file.floats(name)) < 1e-4);
    ++compared;
  }
  CHECK(compared == 10);
}

}  // namespace

TEST_CASE("every level of released coarse-to-fine networks gives what PyTorch gives") {
  for_each_release([](const Release& release, const io::Hdf5Reader& file) {
    const Released c2f(release, 128);
    const std::vector<float> clip = standardized(file.bytes("/video/u8"));
    Arena arena;
    Tape tape(arena, {.threads = 2});
    const Tensor clips = tape.input(clip, {1, frames, 128, 128, 3});
    const auto output = c2f.network.run(clips);
    const std::string group = "/c2f/f64/";
    for (std::size_t i = 0; i < 4; ++i) {
      check_rows(output.encoded[i], file, concat(group, "block", i + 1, "_out"));
      check_rows(output.fused[i], file, concat(group, "level", i + 1, "_out"));
      check_wave(output.heads[i], file, concat(group, "head", i + 1), 1e-4);
      check_wave(output.waves[i], file, concat(group, "soft", i + 1), 1e-4);
    }
    check_wave(output.heads[4], file, group + "final", 1e-4);
    check_wave(output.waves[4], file, group + "soft5", 1e-4);
    check_wave(c2f.network(clips), file, group + "soft5_norm", 5e-4);
  });
}

TEST_CASE("released coarse-to-fine networks train as PyTorch's do") {
  for_each_release([](const Release& release, const io::Hdf5Reader& file) {
    const Released c2f(release, 32);
    const std::vector<float> input =
        channels_last_clips(file.integers("/step2/video_i8"), 2, 32 * 32, 1.0 / 32);
    const std::vector<float> labels = file.floats("/step2/labels");
    Arena arena;
    Tape tape(arena, {.training = true, .gradients = true, .threads = 2});
    const Tensor waves = tape.input(labels, {2, frames});
    const models::QuantizedLabels targets = models::quantize_labels(c2f.network, waves);
    const auto output = c2f.network.run(tape.input(input, {2, frames, 32, 32, 3}));
    const auto loss =
        models::hierarchical_loss(c2f.network, output, targets, file.number_attribute("/", "fs"));
    const std::string group = "/step2/f64/";
    const std::vector<std::int64_t> tokens = file.integers(group + "target_idx");
    const std::vector<float> codes = file.floats(group + "target_q");
    const std::vector<double> cross_entropies = file.doubles(group + "loss_ce");
    const std::vector<double> distances = file.doubles(group + "loss_rec");
    for (std::size_t i = 0; i < 5; ++i) {
      CAPTURE(i);
      const std::size_t at = i * 2 * frames;
      for (std::size_t t = 0; t < 2 * frames; ++t) {
        REQUIRE(targets[i].tokens[t] == tokens[at + t]);
      }
      CHECK(largest_difference(targets[i].quantized.values(),
                               std::span(codes).subspan(at, 2 * frames)) < 1e-6);
      CHECK(std::abs(static_cast<double>(loss.tokens[i].values()[0]) - cross_entropies[i]) < 1e-4);
      CHECK(std::abs(static_cast<double>(loss.waves[i].values()[0]) - distances[i]) < 1e-4);
      const std::string head = i < 4 ? concat("head", i + 1) : "final";
      check_wave(output.heads[i], file, group + head, 1e-4);
    }
    CHECK(std::abs(static_cast<double>(loss.total.values()[0]) -
                   file.doubles(group + "loss_total").front()) < 2e-4);
    tape.backward(loss.total);
    check_gradients(c2f.store, file);
    check_running_averages(c2f.store, file);
  });
}
