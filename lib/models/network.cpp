#include "models/network.h"

#include "base/error.h"
#include "base/text.h"

namespace rppg::models {
namespace {

namespace fs = std::filesystem;

std::string_view name(VideoScale scale) {
  switch (scale) {
    case VideoScale::raw:
      return "raw";
    case VideoScale::standardized:
      return "standardized";
    case VideoScale::diff_normalized:
      break;
  }
  return "diff_normalized";
}

std::string_view name(LabelScale scale) {
  return scale == LabelScale::standardized ? "standardized" : "diff_normalized";
}

/// What differs first between two records of the same kind; empty when nothing does.
template <class Value>
std::string difference(const std::map<std::string, Value>& is,
                       const std::map<std::string, Value>& expected) {
  for (const auto& [key, value] : expected) {
    const auto found = is.find(key);
    if (found == is.end()) return concat("has no ", key);
    if (found->second != value) return concat(key, " is ", found->second, ", expected ", value);
  }
  for (const auto& [key, value] : is) {
    if (expected.count(key) == 0) return concat("unknown ", key);
  }
  return {};
}

}  // namespace

std::map<std::string, std::string> describe(const InputFormat& input) {
  return {{"channels", "RGB"},
          {"clip_frames", concat(input.clip_frames)},
          {"frame_multiple", concat(input.frame_multiple)},
          {"frame_size", concat(input.frame_size)},
          {"label_scale", std::string(name(input.label))},
          {"video_scale", std::string(name(input.video))}};
}

Network::Network(const ModelEntry& entry, const Settings& changes, std::uint64_t seed)
    : entry_(&entry),
      settings_(settings_of(entry, changes)),
      model_(entry.make(nn::Scope(parameters_), settings_)) {
  parameters_.initialize(seed);
}

nn::NetworkRecord Network::record() const {
  return {std::string(entry_->name), settings_, describe(model_->input()),
          nn::tensors_of(parameters_)};
}

void Network::load(const nn::NetworkRecord& record, const fs::path& file) {
  if (record.model != entry_->name) {
    throw Error(Status::malformed, file,
                concat("holds model '", record.model, "', expected '", entry_->name, "'"));
  }
  for (const std::string& why : {difference(record.settings, settings_),
                                 difference(record.input, describe(model_->input()))}) {
    if (!why.empty()) throw Error(Status::malformed, file, concat(record.model, ": ", why));
  }
  nn::load_tensors(parameters_, record.tensors, file);
}

std::unique_ptr<Network> read_network(const fs::path& file) {
  const nn::WeightsFile weights = nn::read_weights(file);
  const auto part = weights.parts.find(main_part);
  if (part == weights.parts.end()) {
    throw Error(Status::malformed, file, concat("holds no network '", main_part, "'"));
  }
  try {
    auto network = std::make_unique<Network>(find_model(part->second.model), part->second.settings,
                                             std::uint64_t{0});
    network->load(part->second, file);
    network->parameters().freeze();
    return network;
  } catch (const Error& error) {
    if (error.status() != Status::usage) throw;
    throw Error(Status::malformed, file, error.what());
  }
}

}  // namespace rppg::models
