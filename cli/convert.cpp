// Weights of any origin -> weights file, or safetensors.
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/atomic_file.h"
#include "base/log.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/network_options.h"
#include "cli/run.h"
#include "io/hash.h"
#include "io/json.h"
#include "io/pickle_checkpoint.h"
#include "io/safetensors.h"
#include "models/network.h"

namespace rppg::cli {
namespace {

namespace fs = std::filesystem;
using Texts = std::map<std::string, std::string>;

struct Options {
  std::vector<fs::path> inputs;
  std::string model;
  std::vector<std::string> settings;
};

enum class Format { weights, safetensors, checkpoint };

/// By the end of the name. Throws Error(usage) for others.
Format format_of(const fs::path& file) {
  const std::string extension = file.extension().string();
  if (extension == ".h5" || extension == ".hdf5") return Format::weights;
  if (extension == ".safetensors") return Format::safetensors;
  if (extension == ".pth" || extension == ".pt") return Format::checkpoint;
  throw Error(Status::usage, file, "must end in .h5, .safetensors or .pth");
}

/// What an input says of one network, or a part of it; no model where the format does not name it.
struct Source {
  nn::NetworkRecord network;
  Texts provenance;
};

Source read_source(const fs::path& file) {
  switch (format_of(file)) {
    case Format::weights: {
      nn::WeightsFile weights = nn::read_weights(file);
      const auto part = weights.parts.find(models::main_part);
      if (part == weights.parts.end() || weights.parts.size() != 1) {
        throw Error(Status::malformed, file, "holds other networks than one called 'model'");
      }
      return {std::move(part->second), std::move(weights.provenance)};
    }
    case Format::safetensors:
      return {{.model = {}, .settings = {}, .input = {}, .tensors = io::read_safetensors(file)},
              {}};
    case Format::checkpoint:
      break;
  }
  return {{.model = {}, .settings = {}, .input = {}, .tensors = io::read_pickle_checkpoint(file)},
          {}};
}

/// What stands before every name: the dictionaries around the tensors ("state_dict/"), and
/// "module.", which PyTorch's DataParallel adds.
std::string common_prefix(const std::vector<io::NamedArray>& tensors) {
  const auto all_start_with = [&](const std::string& prefix) {
    return std::all_of(tensors.begin(), tensors.end(), [&](const io::NamedArray& tensor) {
      return tensor.name.starts_with(prefix);
    });
  };
  if (tensors.empty()) return {};
  const std::string& first = tensors.front().name;
  std::string prefix = first.substr(0, first.rfind('/') + 1);
  if (!all_start_with(prefix)) prefix.clear();
  return all_start_with(prefix + "module.") ? prefix + "module." : prefix;
}

void strip_prefix(std::vector<io::NamedArray>& tensors, const fs::path& file) {
  const std::string prefix = common_prefix(tensors);
  if (prefix.empty()) return;
  for (io::NamedArray& tensor : tensors) tensor.name.erase(0, prefix.size());
  log::info(concat(file.string(), ": all names begin with '", escape_control(prefix),
                   "', which is left out"));
}

models::CheckpointShapes shapes_of(const std::vector<io::NamedArray>& tensors) {
  models::CheckpointShapes shapes;
  for (const io::NamedArray& tensor : tensors) shapes[tensor.name] = tensor.extents;
  return shapes;
}

/// The settings of the input, those that shapes tell, and then those of the command line.
models::Settings settings_of(const models::ModelEntry& entry, const nn::NetworkRecord& network,
                             const models::Settings& changes, const fs::path& file) {
  models::Settings settings = network.settings;
  if (network.model.empty() && entry.infer != nullptr) {
    for (const auto& [name, value] : entry.infer(shapes_of(network.tensors))) {
      if (changes.count(name) > 0) continue;
      settings[name] = value;
      log::info(concat(file.string(), ": ", name, " ", value, ", from the shapes of the tensors"));
    }
  }
  for (const auto& [name, value] : changes) settings[name] = value;
  return settings;
}

/// The model's name, checked against what the input says of itself.
std::string model_of(const nn::NetworkRecord& network, const std::string& wanted,
                     const fs::path& file) {
  if (network.model.empty()) {
    if (wanted.empty()) throw Error(Status::usage, file, "names no model; say it with --model");
    return wanted;
  }
  if (!wanted.empty() && wanted != network.model) {
    throw Error(Status::malformed, file,
                concat("holds model '", network.model, "', expected '", wanted, "'"));
  }
  return network.model;
}

/// What one file holds.
struct Input {
  fs::path file;
  Source source;
};

std::vector<Input> read_inputs(const std::vector<fs::path>& files) {
  std::vector<Input> inputs;
  for (const fs::path& file : files) {
    inputs.push_back({file, read_source(file)});
    strip_prefix(inputs.back().source.network.tensors, file);
  }
  return inputs;
}

/// Scope of the part that the tensors belong to; empty for the network itself.
std::string part_of(const models::ModelEntry& entry, const std::vector<io::NamedArray>& tensors) {
  return entry.part_of != nullptr ? entry.part_of(shapes_of(tensors)).value_or("") : "";
}

/// A part as messages name it.
std::string title_of(const std::string& part) { return part.empty() ? "the network itself" : part; }

/// Throws Error(malformed) that lists the parts whose tensors no file has.
void require_all_parts(const models::ModelEntry& entry, const nn::NetworkRecord& network,
                       const std::map<std::string, fs::path>& files) {
  std::string missing;
  const auto require = [&](const std::string& part, bool is_there) {
    if (!is_there) missing += concat(missing.empty() ? "" : ", ", title_of(part));
  };
  require("", files.count("") > 0);
  for (const std::string& part : entry.parts) {
    const auto belongs = [&](const io::NamedArray& tensor) {
      return tensor.name.starts_with(part + ".");
    };
    require(part, std::any_of(network.tensors.begin(), network.tensors.end(), belongs));
  }
  if (missing.empty()) return;
  throw Error(
      Status::malformed, files.begin()->second,
      concat(entry.name, " is made of ", entry.parts.size() + 1, " files; missing ", missing));
}

void note_source(Texts& provenance, const fs::path& file, const std::string& part) {
  const std::string key = part.empty() ? "source" : concat("source_", part);
  provenance[key] = file.filename().string();
  provenance[key + "_sha256"] = io::sha256_file(file);
}

/// The files of one network as one, under the name of that of the network itself.
Input put_together(std::vector<Input> inputs, const models::ModelEntry& entry) {
  Source all;
  std::map<std::string, fs::path> files;
  for (auto& [file, source] : inputs) {
    const std::string part = part_of(entry, source.network.tensors);
    const auto [before, is_new] = files.try_emplace(part, file);
    if (!is_new) {
      throw Error(Status::malformed, file,
                  concat("holds ", title_of(part), ", as ", before->second.string(), " does"));
    }
    if (part.empty()) {
      all.network.model = source.network.model;
      all.network.settings = source.network.settings;
    }
    all.provenance.merge(source.provenance);
    note_source(all.provenance, file, part);
    for (io::NamedArray& tensor : source.network.tensors) {
      if (!part.empty()) tensor.name.insert(0, part + ".");
      all.network.tensors.push_back(std::move(tensor));
    }
  }
  require_all_parts(entry, all.network, files);
  return {files.at(""), std::move(all)};
}

/// The inputs as the network of a weights file, every tensor checked.
Source convert(const Options& options) {
  std::vector<Input> inputs = read_inputs(options.inputs);
  const auto& [first, its] = inputs.front();
  const models::ModelEntry& entry = models::find_model(model_of(its.network, options.model, first));
  for (const auto& [file, source] : inputs) {
    model_of(source.network, std::string(entry.name), file);
  }
  if (inputs.size() > entry.parts.size() + 1) {
    throw Error(Status::usage,
                concat(entry.name, " is made of ", entry.parts.size() + 1,
                       entry.parts.empty() ? " file" : " files", ", given were ", inputs.size()));
  }
  auto [file, source] = put_together(std::move(inputs), entry);
  nn::NetworkRecord& network = source.network;
  const models::Settings settings =
      settings_of(entry, network, parse_settings(options.settings), file);
  models::Network made(entry, settings, 0);
  nn::load_tensors(made.parameters(), network.tensors, file);
  network = made.record();
  source.provenance["converted_by"] = concat("rppg ", version());
  return source;
}

/// What a weights file says in groups, as the texts that safetensors has.
Texts metadata_of(const Source& source) {
  Texts metadata{{"format", "pt"}, {"model", source.network.model}};
  for (const auto& [name, value] : source.network.settings) {
    metadata["settings." + name] = format_number(value);
  }
  for (const auto& [name, text] : source.network.input) metadata["input." + name] = text;
  for (const auto& [name, text] : source.provenance) metadata["provenance." + name] = text;
  return metadata;
}

void write(const fs::path& file, const Source& source) {
  if (format_of(file) == Format::safetensors) {
    io::write_safetensors(file, source.network.tensors, metadata_of(source));
  } else {
    write_file(file, nn::weights_image({{{models::main_part, source.network}}, source.provenance}));
  }
}

std::size_t element_count(const nn::NetworkRecord& network) {
  std::size_t count = 0;
  for (const io::NamedArray& tensor : network.tensors) {
    count += tensor.values.size() + tensor.integers.size();
  }
  return count;
}

void print_summary(const Source& source, const fs::path& out, bool json) {
  const nn::NetworkRecord& network = source.network;
  if (json) {
    return print(io::to_text(io::OrderedJson{{"output", out.string()},
                                             {"model", network.model},
                                             {"settings", network.settings},
                                             {"input", network.input},
                                             {"tensors", network.tensors.size()},
                                             {"numbers", element_count(network)},
                                             {"provenance", source.provenance}}));
  }
  std::string settings;
  for (const auto& [name, value] : network.settings) settings += concat(" ", name, "=", value);
  print(concat("model     ", network.model, "\nsettings ", settings, "\ntensors   ",
               network.tensors.size(), " of ", element_count(network), " numbers\nsource    ",
               source.provenance.at("source_sha256"), "\noutput    ", out.string(), "\n"));
}

/// Throws where the output cannot be, before any work.
void check_output(const fs::path& out, const CommonOptions& common) {
  if (out.empty()) throw Error(Status::usage, "convert needs an output file (-o FILE)");
  if (format_of(out) == Format::checkpoint) {
    throw Error(Status::usage, out, "must end in .h5 or .safetensors; .pth is not written");
  }
  if (common.resume) throw Error(Status::usage, "convert has no --resume");
  if (fs::exists(out) && !common.force) {
    throw Error(Status::cannot_create, out, "exists already; use --force");
  }
}

Status run(const Options& options, const CommonOptions& common) {
  check_output(common.out, common);
  const Source source = convert(options);
  if (!common.dry_run) write(common.out, source);
  print_summary(source, common.out, common.json);
  return Status::ok;
}

std::function<Status()> declare(CLI::App& app, const CommonOptions& common) {
  auto options = std::make_shared<Options>();
  app.add_option("input", options->inputs,
                 "Weights: .pth of PyTorch, .safetensors, or .h5 of this program; all files of a "
                 "network that is published as several")
      ->required()
      ->type_name("IN.pth");
  app.add_option("--model", options->model,
                 "Network that the tensors belong to; .h5 files name theirs")
      ->check(CLI::IsMember(model_names()))
      ->type_name("NAME");
  declare_settings_option(app, options->settings);
  return [options, &common] { return run(*options, common); };
}

}  // namespace

const Command convert_command{
    "convert", "Turn released weights into a weights file, or into safetensors",
    "Reads weights that PyTorch saved (without running anything of the file), safetensors or a "
    "weights file, checks name, shape and type of every tensor against the network, and writes -o "
    "FILE.h5 for --model of other commands, or -o FILE.safetensors for other programs, with the "
    "SHA-256 of the input. Dictionaries and 'module.' before all names are left out, and said so. "
    "Settings that shapes tell are taken from there, others from --set or the network's defaults. "
    "Tensors that are missing, left over, of other shapes or not finite are all listed in one "
    "error. The six files of LQ-rPPG's network (c2f) and its label quantisers, in any order, "
    "become "
    "one weights file.",
    "", declare};

}  // namespace rppg::cli
