/// Options that all commands share, and where option values come from besides the command line.
///
/// Precedence: command line, environment (RPPG_OPTION_NAME), configuration file, default.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/command.h"

namespace rppg::cli {

void add_common_options(CLI::App& app, CommonOptions& common);

/// Parses arguments, then takes options that are missing there from the environment and from the
/// TOML file that `--config` names. Its keys stand at the top level or in a section named like the
/// command. Throws CLI::ParseError for the command line and the environment, Error(configuration)
/// for the file: it cannot be read, a key is unknown, a value is not accepted.
void parse(CLI::App& app, const std::vector<std::string>& arguments);

/// Accepts finite numbers in [low, high]; CLI::Range lets NaN pass.
CLI::Validator number_between(double low, double high);

/// Starts the clock of `--max-time` ("90", "90s", "15m", "3h55m"). Throws Error(usage).
void start_time_limit(const CommonOptions& common);

/// Threads to use: `--threads`, else what the machine and the scheduler allow.
int thread_count(const CommonOptions& common);

/// "I/N" or "auto" (Slurm array). Throws Error(usage).
struct Shard {
  int index = 0;
  int count = 1;
};
Shard parse_shard(const std::string& text);

/// All effective option values of app as text, for run.json; -o, --threads, --shard and other
/// options that do not change results are left out.
std::vector<std::pair<std::string, std::string>> effective_options(const CLI::App& app);

/// The command line, quoted for a shell.
std::string quote_command_line(int argc, const char* const* argv);

}  // namespace rppg::cli
