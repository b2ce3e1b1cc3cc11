/// The table of networks.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/model.h"

namespace rppg::models {

/// Extents of the tensors of a checkpoint, by name.
using CheckpointShapes = std::map<std::string, std::vector<std::uint64_t>>;

struct ModelEntry {
  std::string_view name;       ///< as on the command line, "efficientphys"
  std::string_view title;      ///< as in tables, "EfficientPhys"
  std::string_view reference;  ///< author, title, venue, year
  Settings settings;           ///< all that it knows, with their defaults
  /// Throws Error(usage) for a value that cannot be.
  std::unique_ptr<Model> (*make)(nn::Scope scope, const Settings& settings);
  /// Settings that follow from the shapes of its tensors; null: none do.
  Settings (*infer)(const CheckpointShapes& shapes) = nullptr;
  /// Scopes of its parts that are published as files of their own; empty: one file has all.
  std::vector<std::string> parts = {};
  /// Which of them has tensors of these names (without their scope) and shapes; none for those of
  /// the network itself. Null without parts.
  std::optional<std::string> (*part_of)(const CheckpointShapes& shapes) = nullptr;
};

std::span<const ModelEntry> model_entries();

/// Throws Error(usage) that lists the names.
const ModelEntry& find_model(std::string_view name);

/// The defaults of the entry with these changes. Throws Error(usage) for a name it does not know.
Settings settings_of(const ModelEntry& entry, const Settings& changes);

}  // namespace rppg::models
