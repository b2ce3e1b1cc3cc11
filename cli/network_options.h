/// Options that name a network and its settings.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "models/model.h"

namespace rppg::cli {

/// All in the registry.
std::vector<std::string> model_names();

/// --set NAME=NUMBER, any number of times.
void declare_settings_option(CLI::App& app, std::vector<std::string>& settings);

/// Throws Error(usage) for a text that is not NAME=NUMBER.
models::Settings parse_settings(const std::vector<std::string>& settings);

}  // namespace rppg::cli
