// The table of networks, and the settings that shapes of checkpoints tell.
#include "models/registry.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "models/network.h"

using namespace rppg;

namespace {

models::CheckpointShapes shapes_of(const models::Network& network) {
  models::CheckpointShapes shapes;
  for (const nn::Parameter& parameter : network.parameters().parameters()) {
    const Shape& shape = parameter.tensor.shape();
    shapes[parameter.name].assign(shape.begin(), shape.end());
  }
  return shapes;
}

}  // namespace

TEST_CASE("every network can be made, and unknown names and settings are refused") {
  for (const models::ModelEntry& entry : models::model_entries()) {
    CAPTURE(std::string(entry.name));
    CHECK(&models::find_model(entry.name) == &entry);
    const models::Network network(entry, {}, 1);
    CHECK(network.parameters().trained_count() > 0);
    CHECK_THROWS_AS(models::settings_of(entry, {{"no such setting", 1}}), Error);
  }
  CHECK_THROWS_AS(models::find_model("none"), Error);
}

TEST_CASE("the frame size of EfficientPhys follows from its dense layer") {
  const models::ModelEntry& entry = models::find_model("efficientphys");
  for (const double size : {12.0, 36.0, 72.0, 96.0, 128.0}) {
    CAPTURE(size);
    const models::Network network(entry, {{"frame_size", size}}, 1);
    CHECK(entry.infer(shapes_of(network)) == models::Settings{{"frame_size", size}});
  }
  CHECK(entry.infer({}).empty());
  CHECK(entry.infer({{"final_dense_1.weight", {128, 16383}}}).empty());
  CHECK(entry.infer({{"final_dense_1.weight", {16384}}}).empty());
  CHECK(entry.infer({{"final_dense_1.weight", {128, ~std::uint64_t{0}}}}).empty());
}
