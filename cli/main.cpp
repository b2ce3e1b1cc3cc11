// Parser from the command table; runs one command, prints errors, checks that stdout arrived.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/documentation.h"
#include "cli/settings.h"

namespace rppg::cli {
namespace {

std::vector<std::string_view> command_names() {
  std::vector<std::string_view> names;
  for (const Command* command : commands) names.push_back(command->name);
  return names;
}

[[noreturn]] void fail_unknown_command(std::string_view word) {
  const std::string_view close = nearest(word, command_names());
  throw Error(Status::usage, concat("unknown command '", word, "'",
                                    close.empty() ? std::string("; see rppg --help")
                                                  : concat("; did you mean '", close, "'?")));
}

/// The text of a parse error, with the nearest option where one was not known.
std::string explain(const CLI::ParseError& error, const CLI::App& app,
                    const std::vector<std::string>& arguments) {
  if (dynamic_cast<const CLI::ExtrasError*>(&error) == nullptr) return error.what();
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back(concat("--", name));
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  for (const std::string& argument : arguments) {
    const std::string name = argument.substr(0, argument.find('='));
    if (!name.starts_with("--") || std::find(views.begin(), views.end(), name) != views.end()) {
      continue;
    }
    const std::string_view close = nearest(name, views);
    if (!close.empty()) return concat("unknown option ", name, "; did you mean ", close, "?");
    return concat("unknown option ", name);
  }
  return error.what();
}

void set_verbosity(const CommonOptions& common) {
  if (common.quiet) log::set_level(log::Level::error);
  if (common.verbose > 0) log::set_level(log::Level::debug);
}

Status run_command(const Command& command, const std::vector<std::string>& arguments,
                   const std::string& command_line) {
  CommonOptions common;
  common.command_line = command_line;
  CLI::App app(std::string(command.description), concat("rppg ", command.name));
  app.formatter(std::make_shared<HelpFormatter>());
  const auto run = command.declare(app, common);
  add_common_options(app, common);
  if (!command.references.empty()) app.footer(concat("References: ", command.references));
  try {
    parse(app, arguments);
  } catch (const CLI::CallForHelp&) {
    print(app.help());
    return Status::ok;
  } catch (const CLI::ParseError& error) {
    throw Error(Status::usage, explain(error, app, arguments));
  }
  set_verbosity(common);
  parse_shard(common.shard);  // a wrong one is an error before any work
  start_time_limit(common);
  return run();
}

Status dispatch(const std::vector<std::string>& arguments, const std::string& command_line) {
  if (arguments.empty()) throw Error(Status::usage, "a command is required; see rppg --help");
  const std::string& first = arguments.front();
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (first == "--help" || first == "-h" || first == "help") {
    print(overview());
    return Status::ok;
  }
  if (first == "--version" || first == "version") {
    const bool json = std::find(rest.begin(), rest.end(), "--json") != rest.end();
    print(version_text(json));
    return Status::ok;
  }
  if (first == "--commands-markdown") {  // docs/commands.md is this output
    print(commands_markdown());
    return Status::ok;
  }
  for (const Command* command : commands) {
    if (command->name == first) return run_command(*command, rest, command_line);
  }
  if (first.starts_with("-")) {
    throw Error(Status::usage, concat("unknown option ", first, "; see rppg --help"));
  }
  fail_unknown_command(first);
}

Status guarded(const std::vector<std::string>& arguments, const std::string& command_line) {
  try {
    return dispatch(arguments, command_line);
  } catch (const Error& error) {
    log::error(error.what());
    return error.status();
  } catch (const std::bad_alloc&) {
    log::error("out of memory");
    return Status::resource;
  } catch (const std::exception& error) {
    log::error(concat("internal error: ", error.what()));
    return Status::internal;
  }
}

}  // namespace

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

}  // namespace rppg::cli

int main(int argc, char** argv) {
  rppg::install_stop_signals();
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  rppg::Status status = rppg::cli::guarded(arguments, rppg::cli::quote_command_line(argc, argv));
  // The last act: whatever was printed must have arrived (a full disk is an error).
  const bool lost = std::fflush(stdout) != 0 || std::ferror(stdout) != 0;
  if (lost && (status == rppg::Status::ok || status == rppg::Status::some_failed)) {
    rppg::log::error("standard output: cannot write");
    status = rppg::Status::write_failed;
  }
  return static_cast<int>(status);
}
