/// What a command is, and the options that all commands share.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "base/error.h"

namespace rppg::cli {

/// Declared once, by `main`, for every command; the only home of these defaults.
struct CommonOptions {
  std::filesystem::path out;
  int threads = 0;  ///< 0 = what the machine and the scheduler allow
  std::uint64_t seed = 1;
  bool resume = false;
  bool force = false;
  bool dry_run = false;
  bool json = false;
  bool quiet = false;
  int verbose = 0;
  std::string shard = "0/1";
  std::string max_time;
  bool fail_fast = false;
  std::string command_line;  ///< shell-quoted, set by `main`
};

/// One command = one file: options, declaration, run.
struct Command {
  std::string_view name;
  std::string_view summary;      ///< one line for the list of commands
  std::string_view description;  ///< for its help and docs/commands.md
  std::string_view references;   ///< papers; may be empty
  /// Declares its own options on app; the returned function runs the command. `common` is filled in
  /// when that is called. Throws Error; the returned Status is the exit status.
  std::function<Status()> (*declare)(CLI::App& app, const CommonOptions& common);
};

/// Writes to stdout; what was asked for, nothing else. `main` checks that all of it arrived.
void print(std::string_view text);

}  // namespace rppg::cli
