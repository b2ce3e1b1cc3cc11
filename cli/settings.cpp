#include "cli/settings.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <limits>

#include "base/error.h"
#include "base/interrupt.h"
#include "base/parallel.h"
#include "base/text.h"

namespace rppg::cli {
namespace {

/// "on-no-face" -> "RPPG_ON_NO_FACE".
std::string environment_name(std::string_view option) {
  std::string name = "RPPG_";
  for (const char c : option) {
    name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return name;
}

void parse_words(CLI::App& app, const std::vector<std::string>& words) {
  app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
}

std::string last_word(const std::string& name) { return name.substr(name.rfind(' ') + 1); }

/// The items of a TOML file that are meant for this command.
std::vector<CLI::ConfigItem> read_config(const std::string& file, const std::string& command) {
  std::ifstream stream(file);
  if (!stream || std::filesystem::is_directory(file)) {
    throw Error(Status::configuration, file, "cannot read");
  }
  std::vector<CLI::ConfigItem> kept;
  for (CLI::ConfigItem& item : CLI::ConfigTOML().from_config(stream)) {
    // "++" and "--" mark the ends of sections.
    if (item.name == "++" || item.name == "--") continue;
    if (item.parents.empty() || item.parents.front() == command) kept.push_back(std::move(item));
  }
  return kept;
}

CLI::Option* find_option(CLI::App& app, const std::string& key) {
  for (CLI::Option* option : app.get_options()) {
    if (option->check_lname(key) || option->get_single_name() == key) return option;
  }
  return nullptr;
}

/// What an item would be on the command line.
std::vector<std::string> words_of(const CLI::ConfigItem& item, const CLI::Option& option) {
  std::vector<std::string> words;
  const std::string prefix = option.get_positional() ? "" : concat("--", item.name, "=");
  for (const std::string& value : item.inputs) words.push_back(prefix + value);
  return words;
}

/// Options that say where and how to work, not what to compute.
bool affects_results(std::string_view option) {
  constexpr std::array<std::string_view, 18> others{
      "out",       "config", "threads", "resume", "force",    "dry-run",
      "json",      "quiet",  "verbose", "shard",  "max-time", "keep-going",
      "fail-fast", "help",   "jobs",    "cache",  "fail-if",  "dataset"};
  return std::find(others.begin(), others.end(), option) == others.end();
}

std::string quote(std::string_view word) {
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("_-+=:,./@%^").find(c) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), plain)) return std::string(word);
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

void add_common_options(CLI::App& app, CommonOptions& common) {
  const auto group = [](CLI::Option* option) { return option->group("Common options"); };
  group(app.add_option("-o,--out", common.out, "Output folder")->type_name("DIR"));
  group(app.add_option("--config", "TOML file with values of these options")->type_name("FILE"));
  group(app.add_option("--threads", common.threads,
                       "Threads in all; 0 = as CPU mask and scheduler allow")
            ->check(CLI::Range(0, 1024))
            ->capture_default_str());
  group(app.add_option("--seed", common.seed, "Seed of everything random")->capture_default_str());
  group(app.add_flag("--resume", common.resume, "Go on with the run in the output folder"));
  group(app.add_flag("--force", common.force, "Replace the run in the output folder"));
  group(
      app.add_flag("--dry-run", common.dry_run, "Check the inputs, say what would be done, stop"));
  group(app.add_flag("--json", common.json, "Print the result as JSON"));
  group(app.add_flag("-q,--quiet", common.quiet, "Errors only"));
  group(app.add_flag("-v,--verbose", common.verbose, "Details"));
  group(app.add_option("--shard", common.shard,
                       "Work on part I of N, counted from 0; 'auto' in a Slurm array")
            ->type_name("I/N|auto")
            ->capture_default_str());
  group(app.add_option("--max-time", common.max_time,
                       "Stop in an orderly way after this time (exit 75), as 90s, 15m, 3h55m")
            ->type_name("TIME"));
  group(app.add_flag("--keep-going{false},--fail-fast", common.fail_fast,
                     "After a failed recording, go on (default) or stop"));
}

void parse(CLI::App& app, const std::vector<std::string>& arguments) {
  for (CLI::Option* option : app.get_options()) {
    if (!option->get_lnames().empty() && option->get_lnames().front() != "help") {
      option->envname(environment_name(option->get_lnames().back()));
    }
  }
  std::exception_ptr missing;  // a required option, which the file may give
  try {
    parse_words(app, arguments);
  } catch (const CLI::RequiredError&) {
    missing = std::current_exception();
  }
  const CLI::Option* config = find_option(app, "config");
  if (config->count() == 0) {
    if (missing) std::rethrow_exception(missing);
    return;
  }
  const std::string file = config->results().front();
  std::vector<std::string> words = arguments;
  for (const CLI::ConfigItem& item : read_config(file, last_word(app.get_name()))) {
    const CLI::Option* option = find_option(app, item.name);
    if (option == nullptr) {
      throw Error(Status::configuration, file, concat("unknown key '", item.name, "'"));
    }
    if (option->count() > 0) continue;
    const auto more = words_of(item, *option);
    words.insert(words.end(), more.begin(), more.end());
  }
  try {
    parse_words(app, words);
  } catch (const CLI::RequiredError&) {
    throw;
  } catch (const CLI::ParseError& error) {
    throw Error(Status::configuration, file, error.what());
  }
}

CLI::Validator number_between(double low, double high) {
  const std::string range = concat(low, " - ", high);
  return CLI::Validator(
      [low, high, range](std::string& text) {
        const auto value = parse_double(text);
        const bool accepted = value && *value >= low && *value <= high;
        return accepted ? std::string() : concat("'", text, "' is no number in ", range);
      },
      concat("in [", range, "]"));
}

void start_time_limit(const CommonOptions& common) {
  if (common.max_time.empty()) return;
  const auto fail = [&] {
    throw Error(Status::usage, concat("--max-time ", common.max_time,
                                      ": expected a time such as 90s, 15m or 3h55m"));
  };
  long long total = 0;
  std::string digits;
  for (const char c :
       common.max_time +
           (std::isdigit(static_cast<unsigned char>(common.max_time.back())) != 0 ? "s" : "")) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      digits += c;
      continue;
    }
    const long long unit = c == 's' ? 1 : c == 'm' ? 60 : c == 'h' ? 3600 : c == 'd' ? 86400 : 0;
    const auto number = parse_integer(digits);
    if (unit == 0 || !number || *number > 100'000'000) fail();
    total += unit * number.value_or(0);
    digits.clear();
  }
  if (total <= 0) fail();
  set_time_limit(std::chrono::seconds(total));
}

int thread_count(const CommonOptions& common) {
  return common.threads > 0 ? common.threads : available_threads();
}

Shard parse_shard(const std::string& text) {
  if (text == "auto") {
    const auto number = [](const char* name, long long missing) {
      const char* value = std::getenv(name);
      return value != nullptr ? parse_integer(value).value_or(missing) : missing;
    };
    const long long id = number("SLURM_ARRAY_TASK_ID", -1);
    const long long step = std::max(1LL, number("SLURM_ARRAY_TASK_STEP", 1));
    const long long count = number("SLURM_ARRAY_TASK_COUNT", 0);
    const long long index = (id - number("SLURM_ARRAY_TASK_MIN", 0)) / step;
    if (id < 0 || count < 1 || index < 0 || index >= count) {
      throw Error(Status::usage, "--shard auto: this is no task of a Slurm array");
    }
    return {static_cast<int>(index), static_cast<int>(count)};
  }
  const std::size_t slash = text.find('/');
  if (slash != std::string::npos) {
    const auto index = parse_integer(std::string_view(text).substr(0, slash));
    const auto count = parse_integer(std::string_view(text).substr(slash + 1));
    if (index && count && *index >= 0 && *index < *count &&
        *count <= std::numeric_limits<int>::max()) {
      return {static_cast<int>(*index), static_cast<int>(*count)};
    }
  }
  throw Error(Status::usage, concat("--shard ", text, ": expected I/N with 0 <= I < N, or auto"));
}

std::vector<std::pair<std::string, std::string>> effective_options(const CLI::App& app) {
  std::vector<std::pair<std::string, std::string>> values;
  for (const CLI::Option* option : app.get_options()) {
    const std::string name = option->get_single_name();
    if (!affects_results(name)) continue;
    std::string value = option->get_default_str();
    if (option->count() > 0) {
      value.clear();
      for (const std::string& part : option->results()) value += (value.empty() ? "" : " ") + part;
    }
    values.emplace_back(name, value);
  }
  return values;
}

std::string quote_command_line(int argc, const char* const* argv) {
  std::string line = "rppg";
  for (int i = 1; i < argc; ++i) line += " " + quote(argv[i]);
  return line;
}

}  // namespace rppg::cli
