#include "cli/network_options.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "base/text.h"
#include "models/registry.h"

namespace rppg::cli {

std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const models::ModelEntry& entry : models::model_entries()) names.emplace_back(entry.name);
  return names;
}

void declare_settings_option(CLI::App& app, std::vector<std::string>& settings) {
  app.add_option("--set", settings,
                 "Setting of the network, as frame_size=128; may be given several times")
      ->type_name("NAME=NUMBER")
      ->allow_extra_args(false);
}

models::Settings parse_settings(const std::vector<std::string>& settings) {
  models::Settings parsed;
  for (const std::string_view text : settings) {
    const std::size_t sign = std::min(text.find('='), text.size());
    const auto value = parse_double(text.substr(std::min(sign + 1, text.size())));
    if (!value) throw Error(Status::usage, concat("--set ", text, ": expected NAME=NUMBER"));
    parsed[std::string(text.substr(0, sign))] = *value;
  }
  return parsed;
}

}  // namespace rppg::cli
