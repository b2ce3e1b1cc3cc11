// The coarse-to-fine network and RhythmMamba as parts of the program: what is trained, what clips
// they take, how files become parts.
#include "models/coarse_to_fine.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "base/random.h"
#include "models/lq_losses.h"
#include "models/network.h"
#include "nn/optimizer.h"

using namespace rppg;

namespace {

constexpr Index size = 16;
constexpr Index frames = 24;

std::vector<float> random_numbers(Index count, std::uint64_t stream) {
  const Random random(11, stream);
  std::vector<float> numbers(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers[i] = static_cast<float>(random.normal(i));
  }
  return numbers;
}

std::vector<float> values_of(const nn::ParameterStore& store, const char* name) {
  const auto values = store.find(name)->tensor.values();
  return {values.begin(), values.end()};
}

/// Standardised sines at 1.2 Hz with a little noise.
std::vector<float> pulse_waves(Index clips, std::uint64_t stream) {
  std::vector<float> waves = random_numbers(clips * frames, stream);
  for (std::size_t i = 0; i < waves.size(); ++i) {
    waves[i] = 0.1F * waves[i] + 1.4F * std::sin(0.25F * static_cast<float>(i % frames));
  }
  return waves;
}

}  // namespace

TEST_CASE("a training step changes the network, and none of the quantisers") {
  models::Network network(models::find_model("c2f"),
                          {{"frame_size", size}, {"clip_frames", frames}}, 1);
  const auto& c2f = dynamic_cast<const models::CoarseToFine&>(network.model());
  nn::ParameterStore& store = network.parameters();
  for (const nn::Parameter& parameter : store.parameters()) {
    CAPTURE(parameter.name);
    const bool trained = parameter.role == nn::Role::trained;
    if (parameter.name.starts_with("quantizer")) CHECK(!trained);
  }
  const std::vector<float> before = values_of(store, "position_embedding");
  const std::vector<float> codes = values_of(store, "quantizer3.quantizer.embeddings.weight");
  const std::vector<float> encoder =
      values_of(store, "quantizer3.encoder.dilated_conv_block.0.weight");
  const std::vector<float> clip = random_numbers(2 * frames * size * size * 3, 1);
  const std::vector<float> labels = pulse_waves(2, 2);
  nn::Optimizer optimizer(store, {.weight_decay = 0.1});
  Arena arena;
  double first = 0, last = 0;
  for (int step = 0; step < 8; ++step) {
    Tape tape(arena, {.training = true, .gradients = true});
    const auto targets = models::quantize_labels(c2f, tape.input(labels, {2, frames}));
    const auto output = c2f.run(tape.input(clip, {2, frames, size, size, 3}));
    const auto loss = models::hierarchical_loss(c2f, output, targets, 30);
    tape.backward(loss.total);
    optimizer.step({1e-3, 0.9});
    last = static_cast<double>(loss.total.values()[0]);
    if (step == 0) first = last;
  }
  CHECK(last < first);
  CHECK(values_of(store, "position_embedding") != before);
  CHECK(values_of(store, "quantizer3.quantizer.embeddings.weight") == codes);
  CHECK(values_of(store, "quantizer3.encoder.dilated_conv_block.0.weight") == encoder);
}

TEST_CASE("clips shorter than the longest one are taken, longer ones refused") {
  const models::Network network(models::find_model("c2f"),
                                {{"frame_size", size}, {"clip_frames", frames}}, 1);
  const std::vector<float> clip = random_numbers((frames + 1) * size * size * 3, 1);
  Arena arena;
  const auto waves = [&](Index count) {
    Tape tape(arena, {});
    const auto used = std::span(clip).first(static_cast<std::size_t>(count * size * size * 3));
    return network.model()(tape.input(used, {1, count, size, size, 3})).count();
  };
  CHECK(waves(frames) == frames);
  CHECK(waves(5) == 5);
  CHECK_THROWS_AS(waves(frames + 1), std::logic_error);
}

TEST_CASE("a label quantiser learns to keep waves, and its code book follows them") {
  nn::ParameterStore store;
  const models::LabelQuantizer quantizer(nn::Scope(store), {.codes = 8, .clip_frames = frames});
  store.initialize(3);
  nn::Optimizer optimizer(store, {});
  Arena arena;
  double first = 0, last = 0;
  for (std::uint64_t step = 0; step < 60; ++step) {
    Tape tape(arena, {.training = true, .gradients = true, .step = step});
    const std::vector<float> waves = pulse_waves(8, step);
    const Tensor input = tape.input(waves, {8, frames});
    const auto output = quantizer(input);
    const auto loss = models::quantizer_loss(output, input, 30);
    tape.backward(loss.total);
    quantizer.follow(output, {.revive_below = 0.02});
    optimizer.step({3e-3, 0.9});
    last = static_cast<double>(loss.time.values()[0]);
    if (step == 0) first = last;
  }
  CHECK(last < 0.2 * first);
}

TEST_CASE("files of quantisers are known by their code books") {
  const models::ModelEntry& entry = models::find_model("c2f");
  CHECK(entry.parts.size() == 5);
  CHECK(entry.part_of({{"quantizer.embeddings.weight", {2, 1}}}) == "quantizer1");
  CHECK(entry.part_of({{"quantizer.embeddings.weight", {32, 1}}}) == "quantizer5");
  CHECK(!entry.part_of({{"quantizer.embeddings.weight", {3, 1}}}));
  CHECK(!entry.part_of({{"position_embedding", {1, 160, 64}}}));
  CHECK(entry.infer({{"position_embedding", {1, 90, 64}}}) ==
        models::Settings{{"clip_frames", 90}});
}

TEST_CASE("RhythmMamba gives a wave, scanned one way or both") {
  for (const double both : {0.0, 1.0}) {
    models::Network network(models::find_model("rhythmmamba"),
                            {{"frame_size", size}, {"bidirectional", both}}, 1);
    CHECK((network.parameters().find("blocks.23.attn.mamba.A_b_log") != nullptr) == (both > 0));
    const std::vector<float> clip = random_numbers(10 * size * size * 3, 1);
    Arena arena;
    Tape tape(arena, {.training = true, .gradients = true});
    const Tensor y = network.model()(tape.input(clip, {1, 10, size, size, 3}));
    CHECK(y.shape() == Shape{1, 10});
    tape.backward(y, std::vector<float>(10, 1.0F));
    const auto gradient = network.parameters().find("stem3.0.weight")->tensor.gradient();
    CHECK(std::any_of(gradient.begin(), gradient.end(), [](float g) { return g != 0; }));
    CHECK_THROWS_AS(network.model()(tape.input(std::span(clip).first(9 * size * size * 3),
                                               {1, 9, size, size, 3})),
                    std::logic_error);
  }
}
