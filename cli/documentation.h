/// Help, version and the reference of all commands, made from the command table.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

namespace rppg::cli {

/// Help of one command: description, usage, options with types, defaults and ranges.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_option_name(const CLI::Option* option, bool positional) const override;
  std::string make_option_desc(const CLI::Option* option) const override;
  std::string make_description(const CLI::App* app) const override;
  std::string make_footer(const CLI::App* app) const override;
};

/// (name, version) of every library this build is linked with.
std::vector<std::pair<std::string, std::string>> all_libraries();

/// What `rppg --help` prints.
std::string overview();

/// Version, commit, compiler, libraries, instruction set in use.
std::string version_text(bool json);

/// docs/commands.md.
std::string commands_markdown();

}  // namespace rppg::cli
