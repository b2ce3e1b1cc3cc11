/// The table of networks.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "models/model.h"

namespace rppg::models {

struct ModelEntry {
  std::string_view name;       ///< as on the command line, "efficientphys"
  std::string_view title;      ///< as in tables, "EfficientPhys"
  std::string_view reference;  ///< author, title, venue, year
  Settings settings;           ///< all that it knows, with their defaults
  /// Throws Error(usage) for a value that cannot be.
  std::unique_ptr<Model> (*make)(nn::Scope scope, const Settings& settings);
};

std::span<const ModelEntry> model_entries();

/// Throws Error(usage) that lists the names.
const ModelEntry& find_model(std::string_view name);

/// The defaults of the entry with these changes. Throws Error(usage) for a name it does not know.
Settings settings_of(const ModelEntry& entry, const Settings& changes);

}  // namespace rppg::models
