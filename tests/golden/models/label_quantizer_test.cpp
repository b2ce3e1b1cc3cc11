// Released label quantisers against double-precision PyTorch: codes, losses, gradients, code books.
#include "models/label_quantizer.h"

#include <cmath>
#include <string>

#include "golden/models/lq_vectors.h"
#include "kernels/kernels.h"
#include "models/lq_losses.h"

using namespace rppg;
using namespace rppg::test;

namespace {

constexpr Index clips = 4;
constexpr Index frames = 160;

/// Quantiser of a level, with released weights.
struct Released {
  nn::ParameterStore store;
  models::LabelQuantizer quantizer;

  Released(const Release& release, std::size_t level)
      : quantizer(nn::Scope(store), {.codes = Index{2} << level}) {
    store.initialize(0);
    const auto file = *release.file(level);
    nn::load_tensors(store, released(file, ""), file);
  }
};

void check_outputs(const Released& released, const io::Hdf5Reader& file, const std::string& group) {
  const std::vector<float> labels = file.floats("/lq/labels");
  Arena arena;
  Tape tape(arena, {.threads = 2});
  const Tensor waves = tape.input(labels, {clips, frames});
  const auto output = released.quantizer(waves);
  CHECK(largest_difference(released.quantizer.filtered(waves).values(),
                           file.floats(group + "/conv_out_f64")) < 1e-5);
  CHECK(largest_difference(released.quantizer.drift(tape, frames).values(),
                           file.floats(group + "/ssm_bias_f64")) < 1e-5);
  CHECK(largest_difference(output.encoded.values(), file.floats(group + "/enc_f64")) < 1e-5);
  CHECK(std::abs(static_cast<double>(output.commitment.values()[0]) -
                 file.doubles(group + "/commit_f64").front()) < 1e-5);
  const std::vector<double> margins = file.doubles(group + "/margin");
  const std::vector<std::int64_t> tokens = file.integers(group + "/idx_f64");
  const std::vector<double> codes = file.doubles(group + "/quant_f64");
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (margins[i] >= 2e-5) REQUIRE(output.tokens[i] == tokens[i]);
    if (output.tokens[i] != tokens[i]) continue;
    REQUIRE(std::abs(static_cast<double>(output.quantized.values()[i]) - codes[i]) < 1e-6);
  }
}

void check_gradients(const Released& released, const io::Hdf5Reader& file,
                     const std::string& group) {
  for (const nn::Parameter& parameter : released.store.parameters()) {
    if (parameter.role != nn::Role::trained) continue;
    CAPTURE(parameter.name);
    const std::vector<float> wanted = file.floats(concat(group, "/grad/", parameter.name));
    CHECK(largest_difference(parameter.tensor.gradient(), wanted) <
          std::max(1e-3 * largest(wanted), 1e-6));
    if (parameter.name.ends_with("x_norm.weight")) {
      CHECK(largest(parameter.tensor.gradient()) == 0);
    }
  }
}

void check_step(const Released& released, const io::Hdf5Reader& file, const std::string& group) {
  const std::vector<float> labels = file.floats("/lq/labels");
  Arena arena;
  Tape tape(arena, {.training = true, .gradients = true, .threads = 2});
  const Tensor waves = tape.input(labels, {clips, frames});
  const auto output = released.quantizer(waves);
  const auto loss = models::quantizer_loss(output, waves, file.number_attribute("/", "fs"));
  const auto check = [&](Tensor is, const char* name) {
    CAPTURE(name);
    CHECK(std::abs(static_cast<double>(is.values()[0]) -
                   file.doubles(concat(group, "/loss_", name)).front()) < 1e-5);
  };
  check(loss.total, "total");
  check(loss.time, "time");
  check(loss.commitment, "commit");
  check(loss.frequency, "freq");
  tape.backward(loss.total);
  check_gradients(released, file, group);
  released.quantizer.follow(output, {});
  const auto values = [&](const char* name) { return released.store.find(name)->tensor.values(); };
  CHECK(relative(values("quantizer.embeddings.weight"), file.floats(group + "/after/embeddings")) <
        1e-5);
  CHECK(relative(values("quantizer.ema_w"), file.floats(group + "/after/ema_w")) < 1e-5);
  CHECK(relative(values("quantizer.ema_cluster_size"),
                 file.floats(group + "/after/ema_cluster_size")) < 1e-5);
}

template <class Check>
void for_each_level(const Check& check) {
  for (const Release& release : releases) {
    const auto vectors = release.vectors();
    if (!vectors) return;
    const io::Hdf5Reader file(*vectors);
    CAPTURE(std::string(release.name));
    for (std::size_t level = 0; level < 5; ++level) {
      if (!release.file(level)) return;
      CAPTURE(level);
      for (const Kernels* table : available_kernels()) {
        CAPTURE(std::string(table->isa));
        const KernelsOverride chosen(*table);
        check(Released(release, level), file, level + 1);
      }
    }
  }
}

}  // namespace

TEST_CASE("released label quantisers give PyTorch's codes") {
  for_each_level([](const Released& released, const io::Hdf5Reader& file, std::size_t number) {
    check_outputs(released, file, concat("/lq/", number));
  });
}

TEST_CASE("released label quantisers train as PyTorch's do") {
  for_each_level([](const Released& released, const io::Hdf5Reader& file, std::size_t number) {
    check_step(released, file, concat("/step1/", number, "/f64"));
  });
}

TEST_CASE("a code book follows 400 batches from a cold start as PyTorch's does") {
  const auto path = shared("reference/lq/vq_ema.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  for (const std::string group : {"/cold_k8/", "/cold_k32/"}) {
    CAPTURE(group);
    std::vector<double> codes = file.doubles(group + "init_embeddings");
    std::vector<double> sums = file.doubles(group + "init_ema_w");
    std::vector<double> counts(codes.size(), 0.0);
    const std::vector<double> z = file.doubles(group + "z");
    const std::vector<double> commitments = file.doubles(group + "commit");
    const std::vector<std::int64_t> kept = file.integers(group + "steps_kept");
    const std::vector<std::int64_t> all_tokens = file.integers(group + "idx");
    const std::vector<double> all_codes = file.doubles(group + "embeddings");
    const std::vector<double> all_sums = file.doubles(group + "ema_w");
    const std::vector<double> all_counts = file.doubles(group + "ema_cluster_size");
    constexpr std::size_t batch = 64;
    std::size_t next = 0;
    for (std::size_t step = 0; step < commitments.size(); ++step) {
      CAPTURE(step);
      const auto values = std::span(z).subspan(step * batch, batch);
      std::vector<std::int32_t> tokens;
      double commitment = 0;
      for (const double value : values) {
        tokens.push_back(ops::nearest_code(value, codes));
        commitment += 0.5 * std::pow(value - codes[static_cast<std::size_t>(tokens.back())], 2);
      }
      REQUIRE(std::abs(commitment / batch - commitments[step]) < 1e-9 * commitments[step]);
      ops::follow({codes, sums, counts}, values, tokens, {}, Random(0, 0));
      if (next == kept.size() || static_cast<std::size_t>(kept[next]) != step) continue;
      for (std::size_t i = 0; i < batch; ++i) REQUIRE(tokens[i] == all_tokens[next * batch + i]);
      for (std::size_t j = 0; j < codes.size(); ++j) {
        const std::size_t at = next * codes.size() + j;
        REQUIRE(std::abs(codes[j] - all_codes[at]) <= 1e-9 * std::abs(all_codes[at]));
        REQUIRE(std::abs(sums[j] - all_sums[at]) <= 1e-9 * std::abs(all_sums[at]));
        REQUIRE(std::abs(counts[j] - all_counts[at]) <= 1e-9 * std::abs(all_counts[at]));
      }
      ++next;
    }
    CHECK(next == kept.size());
  }
}
