/// A network together with its parameters: made new, or out of a weights file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "models/model.h"
#include "models/registry.h"
#include "nn/checkpoint.h"
#include "nn/parameters.h"

namespace rppg::models {

/// Name of the network in a weights file that holds one.
inline constexpr const char* main_part = "model";

class Network {
 public:
  /// With the entry's settings, changed by `changes`, and parameters drawn from the seed. Throws
  /// Error(usage) for settings that cannot be.
  Network(const ModelEntry& entry, const Settings& changes, std::uint64_t seed);

  const ModelEntry& entry() const { return *entry_; }
  const Model& model() const { return *model_; }
  nn::ParameterStore& parameters() { return parameters_; }
  const nn::ParameterStore& parameters() const { return parameters_; }

  /// As it is now, for a weights file.
  nn::NetworkRecord record() const;
  /// Takes the tensors of a record. Throws Error(malformed) naming `file` when they, the model, its
  /// settings or its input differ from this network's.
  void load(const nn::NetworkRecord& record, const std::filesystem::path& file);

 private:
  const ModelEntry* entry_;
  Settings settings_;
  nn::ParameterStore parameters_;
  std::unique_ptr<Model> model_;
};

/// The input format in words, as weights files have it.
std::map<std::string, std::string> describe(const InputFormat& input);

/// The network in a weights file, for use, not for training. Throws as nn::read_weights and
/// Network::load do, and Error(malformed) for a file without that part or with a model that is not
/// in the registry.
std::unique_ptr<Network> read_network(const std::filesystem::path& file);

}  // namespace rppg::models
