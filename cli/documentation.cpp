#include "cli/documentation.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/version.h"
#include "cli/commands.h"
#include "cli/settings.h"
#include "io/json.h"
#include "io/libraries.h"
#include "kernels/kernels.h"
#include "signal/libraries.h"
#include "video/libraries.h"

namespace rppg::cli {
namespace {

constexpr std::size_t page_width = 96;
constexpr std::size_t name_width = 34;
constexpr std::size_t description_width = page_width - name_width;

std::string padded(std::string_view text, std::size_t width) {
  return concat(text, std::string(width > text.size() ? width - text.size() : 1, ' '));
}

/// text with line ends instead of the spaces that would make a line longer than width.
std::string wrapped(std::string_view text, std::size_t width) {
  std::string out;
  std::size_t column = 0;
  for (const std::string_view word : split_whitespace(text)) {
    if (column > 0 && column + 1 + word.size() > width) {
      out += '\n';
      column = 0;
    }
    if (column > 0) out += ' ';
    column += word.size() + (column > 0 ? 1 : 0);
    out += word;
  }
  return out;
}

/// Help of a command as it is declared, with the shared options.
std::string help_of(const Command& command) {
  CommonOptions common;
  CLI::App app(std::string(command.description), concat("rppg ", command.name));
  app.formatter(std::make_shared<HelpFormatter>());
  const auto run = command.declare(app, common);
  add_common_options(app, common);
  return app.help();
}

}  // namespace

std::vector<std::pair<std::string, std::string>> all_libraries() {
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& layer : {video::libraries(), io::libraries(), signal::libraries()}) {
    all.insert(all.end(), layer.begin(), layer.end());
  }
  all.emplace_back("CLI11", CLI11_VERSION);
  return all;
}

HelpFormatter::HelpFormatter() {
  column_width(name_width);
  label("REQUIRED", "(required)");
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  std::string out;
  if (option->get_type_size() != 0) {
    const std::string type = option->get_type_name();
    if (!type.empty()) out += " " + get_label(type);
    if (option->get_expected_max() == CLI::detail::expected_max_vector_size) out += "...";
    if (!option->get_default_str().empty()) out += " [" + option->get_default_str() + "]";
    if (option->get_required()) out += " " + get_label("REQUIRED");
  }
  return out;
}

std::string HelpFormatter::make_option_name(const CLI::Option* option, bool positional) const {
  std::string name = CLI::Formatter::make_option_name(option, positional);
  // "--keep-going{false}" is how CLI11 is told that a flag turns another one off.
  const std::size_t value = name.find("{false}");
  if (value != std::string::npos) name.erase(value, std::string_view("{false}").size());
  return name;
}

std::string HelpFormatter::make_option_desc(const CLI::Option* option) const {
  return wrapped(CLI::Formatter::make_option_desc(option), description_width);
}

std::string HelpFormatter::make_description(const CLI::App* app) const {
  return wrapped(app->get_description(), page_width) + "\n\n";
}

std::string HelpFormatter::make_footer(const CLI::App* app) const {
  const std::string& text = app->get_footer();
  return text.empty() ? "" : "\n" + wrapped(text, page_width) + "\n";
}

std::string overview() {
  std::string text =
      "rppg: the pulse from face video (remote photoplethysmography)\n\n"
      "Usage: rppg COMMAND [OPTIONS]\n\nCommands:\n";
  for (const Command* command : commands) {
    text += concat("  ", padded(command->name, 18), command->summary, "\n");
  }
  text +=
      "\nrppg COMMAND --help tells the options of a command, rppg --version what this build is.\n"
      "Data sets are named LAYOUT:PATH[@BEGIN-END], for example pure:/data/PURE@0-0.8.\n"
      "Every option can also stand in a TOML file (--config FILE) or in the environment\n"
      "(--on-no-face as RPPG_ON_NO_FACE); the command line comes first, then the environment.\n\n"
      "Exit status: 0 done, 10 some recordings failed, 11 all failed, 12 a gate failed, 64 usage,\n"
      "65 malformed input, 66 missing input, 69 unavailable, 70 internal error, 71 resources,\n"
      "73 cannot create output, 74 write error, 75 interrupted (resumable), 78 configuration.\n";
  return text;
}

std::string version_text(bool json) {
  const auto libraries = all_libraries();
  if (json) {
    io::Json document = {{"version", version()},
                         {"commit", commit()},
                         {"compiler", compiler()},
                         {"instruction_set", kernels().isa}};
    for (const auto& [name, number] : libraries) document["libraries"][name] = number;
    return io::to_text(document);
  }
  std::string text = concat("rppg ", version(), " (", commit(), ")\n");
  text += concat("compiler: ", compiler(), "\n");
  text += concat("instruction set in use: ", kernels().isa, "\n");
  for (const auto& [name, number] : libraries) text += concat(name, " ", number, "\n");
  text += "License GPL-3.0-or-later. There is NO WARRANTY, to the extent permitted by law.\n";
  return text;
}

std::string commands_markdown() {
  std::string text =
      "# Commands\n\nWritten by `make docs` from the binary itself; a test fails when it is "
      "stale.\n";
  for (const Command* command : commands) {
    text += concat("\n## rppg ", command->name, "\n\n", command->summary, "\n\n```text\n",
                   help_of(*command), "```\n");
    if (!command->references.empty()) text += concat("\nReferences: ", command->references, "\n");
  }
  return text;
}

}  // namespace rppg::cli
