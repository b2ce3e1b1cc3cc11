#include "nn/checkpoint.h"

#include <functional>
#include <limits>

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "support/resources.h"

namespace {

using namespace rppg;
using nn::Initialization;

/// A store with one parameter of each kind.
struct Sample {
  Sample() {
    const nn::Scope scope(store);
    (scope / "conv").parameter("weight", {2, 3}, {Initialization::Kind::uniform, 1.0});
    (scope / "conv").parameter("bias", {2}, {Initialization::Kind::uniform, 1.0});
    (scope / "norm").buffer("running_mean", {3}, 0.5);
    (scope / "norm").counter("num_batches_tracked");
    store.initialize(7);
    store.find("norm.num_batches_tracked")->tensor.mutable_values()[0] = 12;
  }
  nn::ParameterStore store;
};

nn::WeightsFile sample_file(const nn::ParameterStore& store) {
  nn::WeightsFile weights;
  weights.parts["model"] = {
      "tiny", {{"frame_size", 8}}, {{"video_scale", "raw"}}, nn::tensors_of(store)};
  weights.parts["quantizer"] = {"other", {}, {}, {}};
  weights.provenance = {{"model", "not a part"}, {"seed", "7"}};
  return weights;
}

std::string message(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    CHECK(error.status() == Status::malformed);
    return error.what();
  }
  return {};
}

TEST_CASE("a weights file gives back what was written, and equal ones are equal bytes") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "w.h5";
  Sample sample;
  const auto image = nn::weights_image(sample_file(sample.store));
  CHECK(image == nn::weights_image(sample_file(sample.store)));
  write_file(file, image);

  const nn::WeightsFile read = nn::read_weights(file);
  REQUIRE(read.parts.size() == 2);
  const nn::NetworkRecord& part = read.parts.at("model");
  CHECK(part.model == "tiny");
  CHECK(part.settings == std::map<std::string, double>{{"frame_size", 8}});
  CHECK(part.input.at("video_scale") == "raw");
  CHECK(nn::weights_image(read) == image);
  CHECK(read.provenance.at("seed") == "7");

  Sample other;
  const auto values = other.store.values();
  const std::vector<float> expected(values.begin(), values.end());
  std::fill(values.begin(), values.end(), 0.0F);
  other.store.find("norm.num_batches_tracked")->tensor.mutable_values()[0] = 0;
  nn::load_tensors(other.store, part.tensors, file);
  CHECK(std::equal(values.begin(), values.end(), expected.begin()));
  CHECK(other.store.find("norm.num_batches_tracked")->tensor.values()[0] == 12);
}

TEST_CASE("all that does not fit is said in one error, and nothing is changed") {
  Sample sample;
  auto tensors = nn::tensors_of(sample.store);
  tensors[0].extents = {3, 2};
  tensors[0].values.assign(6, 9.0F);
  tensors[2].values.assign(3, 9.0F);
  tensors[3].name = "norm.count";
  const std::string text = message([&] { nn::load_tensors(sample.store, tensors, "w.h5"); });
  CHECK(text ==
        "w.h5: tensors do not fit: missing norm.num_batches_tracked; unexpected norm.count; shape "
        "of conv.weight is (3, 2), expected (2, 3)");
  CHECK(sample.store.find("norm.running_mean")->tensor.values()[0] == 0.5F);

  tensors = nn::tensors_of(sample.store);
  tensors[1].values[1] = std::numeric_limits<float>::quiet_NaN();
  CHECK(message([&] {
          nn::load_tensors(sample.store, tensors, "w.h5");
        }).ends_with("conv.bias has values that are not finite"));
  tensors = nn::tensors_of(sample.store);
  tensors.push_back(tensors[0]);
  CHECK(message([&] {
          nn::load_tensors(sample.store, tensors, "w.h5");
        }).ends_with("unexpected conv.weight"));
  tensors = nn::tensors_of(sample.store);
  tensors[1].integers = {1, 2};
  tensors[1].values.clear();
  CHECK(message([&] { nn::load_tensors(sample.store, tensors, "w.h5"); }).find("integers") !=
        std::string::npos);
}

TEST_CASE("a prefix goes only when it is named, and then from every name") {
  Sample sample;
  auto tensors = nn::tensors_of(sample.store);
  for (io::NamedArray& array : tensors) array.name.insert(0, "module.");
  CHECK(!message([&] { nn::load_tensors(sample.store, tensors, "w.pth"); }).empty());
  CHECK_NOTHROW(nn::load_tensors(sample.store, tensors, "w.pth", "module."));
  tensors[0].name = "conv.weight";
  CHECK(!message([&] { nn::load_tensors(sample.store, tensors, "w.pth", "module."); }).empty());
}

TEST_CASE("other files are refused by name") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "w.h5";
  CHECK_THROWS_AS(nn::read_weights(file), Error);
  write_file(file, std::string_view("no HDF5"));
  CHECK(message([&] { nn::read_weights(file); }).starts_with(file.string()));
  io::Hdf5Writer writer;
  writer.group("/model");
  write_file(file, writer.finish());
  CHECK(message([&] { nn::read_weights(file); }).ends_with("no weights file of rppg"));
}

}  // namespace
