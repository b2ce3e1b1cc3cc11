// Counts against what rPPG-Toolbox's models have, by hand and by thop 0.1.1.
#include "models/complexity.h"

#include <algorithm>
#include <memory>

#include <doctest/doctest.h>

#include "models/speed.h"
#include "nn/mamba.h"
#include "nn/picture_layers.h"
#include "ops/pooling.h"

using namespace rppg;
using models::Complexity;

namespace {

Complexity complexity(const char* model, const models::Settings& settings, Index frames) {
  return models::complexity_of(models::Network(models::find_model(model), settings, 1), frames, 1);
}

const models::LayerCost& layer(const Complexity& complexity, std::string_view name) {
  const auto found = std::find_if(complexity.layers.begin(), complexity.layers.end(),
                                  [&](const models::LayerCost& each) { return each.name == name; });
  REQUIRE(found != complexity.layers.end());
  return *found;
}

double per_frame(const models::Cost& cost, const Complexity& complexity) {
  return cost.multiply_adds / static_cast<double>(complexity.frames);
}

/// Pictures -> colours -> a Mamba block, with a bare parameter.
class MambaModel final : public models::Model {
 public:
  explicit MambaModel(const nn::Scope& scope)
      : convolution_(scope / "stem", {.in = 3, .out = width, .options = {.padding = 1}}),
        block_(scope / "block", {.width = width, .states = 4}) {
    scope.parameter("position_embedding", {1, 8, width}, {});
    input_.frame_size = 6;
  }
  const models::InputFormat& input() const override { return input_; }
  Tensor operator()(Tensor clips) const override {
    const Tensor x = block_(ops::picture_mean(convolution_(clips)));
    return x;
  }

 private:
  static constexpr Index width = 8;
  models::InputFormat input_;
  nn::PictureConvolution convolution_;
  nn::BiMamba block_;
};

const models::ModelEntry mamba_entry{
    "mamba", "", "", {}, [](nn::Scope scope, const models::Settings&) {
      return std::unique_ptr<models::Model>(std::make_unique<MambaModel>(scope));
    }};

}  // namespace

TEST_CASE("EfficientPhys has the counts of its layers, in the order in which they run") {
  const Complexity counted = complexity("efficientphys", {}, 20);
  CHECK(counted.total().parameters == 2'163'081);
  CHECK(per_frame(counted.total(), counted) == 114'685'248);
  CHECK(per_frame(layer(counted, "motion_conv1").cost, counted) == 4'478'976);
  CHECK(per_frame(layer(counted, "motion_conv2").cost, counted) == 45'158'400);
  CHECK(per_frame(layer(counted, "apperance_att_conv1").cost, counted) == 156'800);
  CHECK(per_frame(layer(counted, "motion_conv3").cost, counted) == 22'579'200);
  CHECK(per_frame(layer(counted, "motion_conv4").cost, counted) == 40'144'896);
  CHECK(per_frame(layer(counted, "apperance_att_conv2").cost, counted) == 69'696);
  CHECK(per_frame(layer(counted, "final_dense_1").cost, counted) == 2'097'152);
  CHECK(layer(counted, "final_dense_1").cost.parameters == 2'097'280);
  CHECK(layer(counted, "batch_norm").cost.multiply_adds == 0);
  CHECK(counted.layers.front().name == "batch_norm");
  CHECK(counted.layers.back().name == "final_dense_2");
}

TEST_CASE("PhysNet has the published counts") {
  const Complexity counted = complexity("physnet", {}, 128);
  CHECK(counted.total().parameters == 768'577);
  CHECK(counted.total().multiply_adds == 17'560'641'536);  // 17.561 G a clip
  CHECK(layer(counted, "upsample.0").op == "upsample_frames");
}

TEST_CASE("thop's totals, as papers quote them at 128 x 128, come out") {
  const Complexity efficient_phys = complexity("efficientphys", {{"frame_size", 128}}, 20);
  CHECK(efficient_phys.thop_total().parameters == 7'438'729);
  CHECK(per_frame(efficient_phys.thop_total(), efficient_phys) == 379'296'864);  // 379.30 M
  const Complexity physnet = complexity("physnet", {{"frame_size", 128}}, 8);
  CHECK(physnet.thop_total().parameters == 768'577);
  CHECK(per_frame(physnet.thop_total(), physnet) == 438'243'456);  // 438.24 M
}

TEST_CASE("the comparison of LQ-rPPG with RhythmMamba comes out, by thop and in truth") {
  const Complexity c2f = complexity("c2f", {}, 160);
  CHECK(c2f.total().parameters == 405'453);
  CHECK(c2f.thop_total().parameters == 134'093);
  CHECK(per_frame(c2f.thop_total(), c2f) == 57'087'680);  // 57.09 M
  const Complexity rhythm_mamba = complexity("rhythmmamba", {}, 160);
  CHECK(rhythm_mamba.total().parameters == 5'673'229);
  CHECK(rhythm_mamba.thop_total().parameters == 1'065'229);
  CHECK(per_frame(rhythm_mamba.thop_total(), rhythm_mamba) / 1e6 ==
        doctest::Approx(80.90).epsilon(0.005 / 80.90));
  const Complexity forward = complexity("rhythmmamba", {{"bidirectional", 0}}, 8);
  CHECK(forward.total().parameters == 4'922'125);
  CHECK(forward.thop_total().parameters == 1'065'229);
}

TEST_CASE("thop sees neither the inside of a Mamba block nor bare parameters") {
  constexpr Index frames = 8, width = 8, pixels = 36;
  const Complexity counted = models::complexity_of(models::Network(mamba_entry, {}, 1), frames, 1);
  const Index stem = width * 3 * 9 + width, norm = 2 * width;
  CHECK(counted.thop_total().parameters == stem + norm);
  CHECK(per_frame(counted.thop_total(), counted) ==
        pixels * width * 27 + (pixels + 1) * width + 4 * width);
  CHECK(layer(counted, "position_embedding").cost.parameters == frames * width);
  CHECK(layer(counted, "position_embedding").op.empty());
  CHECK(layer(counted, "block.x_norm").thop.multiply_adds == 4 * frames * width);
  CHECK(layer(counted, "block.mamba.in_proj").cost.multiply_adds == frames * width * 4 * width);
  CHECK(layer(counted, "block.mamba.in_proj").thop.multiply_adds == 0);
  // Two directions of four multiply-adds for each state.
  CHECK(layer(counted, "block.mamba").cost.multiply_adds == 2 * frames * 2 * width * 4 * 4);
}

TEST_CASE("speed and memory are measured") {
  models::Network network(models::find_model("efficientphys"), {{"frame_size", 12}}, 1);
  const models::Timed timed = models::timed(network, 10);
  const models::Speed forward = models::measure_forward(timed, 1);
  const models::Speed training = models::measure_training(timed, 1);
  CHECK(forward.frames_per_second > 0);
  CHECK(training.frames_per_second > 0);
  CHECK(training.arena_bytes > forward.arena_bytes);
}
