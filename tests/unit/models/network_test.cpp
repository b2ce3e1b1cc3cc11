#include "models/network.h"

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "support/resources.h"
#include "support/tiny_network.h"

namespace {

using namespace rppg;

void write(const std::filesystem::path& file, const nn::NetworkRecord& record,
           const char* part = models::main_part) {
  nn::WeightsFile weights;
  weights.parts[part] = record;
  write_file(file, nn::weights_image(weights));
}

std::string refusal(const std::filesystem::path& file) {
  try {
    models::read_network(file);
  } catch (const Error& error) {
    CHECK(error.status() == Status::malformed);
    return error.what();
  }
  return "none";
}

TEST_CASE("a network comes back from its weights file, frozen") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "w.h5";
  const models::Settings small{{"frame_size", 12}, {"clip_frames", 20}};
  const models::Network network(models::find_model("efficientphys"), small, 5);
  write(file, network.record());
  const auto read = models::read_network(file);
  CHECK(read->record().settings == network.record().settings);
  CHECK(read->model().input().frame_size == 12);
  const nn::Parameter& parameter = read->parameters().parameters().front();
  CHECK(!parameter.tensor.wants_gradient());
  const auto& original = network.parameters().parameters().front().tensor;
  CHECK(std::equal(original.values().begin(), original.values().end(),
                   parameter.tensor.values().begin()));
}

TEST_CASE("weights of another kind are refused, with the reason") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "w.h5";
  const models::Network network(models::find_model("efficientphys"), {{"frame_size", 12}}, 5);
  nn::NetworkRecord record = network.record();
  record.model = "none-such";
  write(file, record);
  CHECK(refusal(file).find("unknown model 'none-such'") != std::string::npos);
  record = network.record();
  record.settings["frame_size"] = 13.5;
  write(file, record);
  CHECK(refusal(file).find("frame_size") != std::string::npos);
  record = network.record();
  record.input["video_scale"] = "raw";
  write(file, record);
  CHECK(refusal(file).find("video_scale is raw, expected ") != std::string::npos);
  record = network.record();
  record.tensors.pop_back();
  write(file, record);
  CHECK(refusal(file).find("missing") != std::string::npos);
  write(file, network.record(), "other");
  CHECK(refusal(file).find("holds no network 'model'") != std::string::npos);

  models::Network tiny(test::tiny_entry(), {}, 1);
  CHECK_THROWS_WITH(tiny.load(network.record(), "w.h5"),
                    "w.h5: holds model 'efficientphys', expected 'tiny'");
}

}  // namespace
