// Networks -> parameters, multiply-adds, speed and memory.
#include "models/complexity.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <sys/resource.h>
#include <vector>

#include "base/text.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/network_options.h"
#include "cli/settings.h"
#include "io/json.h"
#include "kernels/kernels.h"
#include "models/speed.h"

namespace rppg::cli {
namespace {

using models::Complexity;
using models::Cost;
using models::Speed;

struct Options {
  std::vector<std::string> models;
  std::vector<std::string> settings;
  int frames = 0;
  bool measure = false;
  bool thop = false;
};

/// Of one network.
struct Result {
  nn::NetworkRecord network;
  std::string title;
  Complexity complexity;
  std::optional<Speed> forward;
  std::optional<Speed> training;
};

Index frames_of(const models::Network& network, const Options& options) {
  const models::InputFormat& input = network.model().input();
  const Index frames = options.frames > 0 ? options.frames : input.clip_frames;
  if (frames % input.frame_multiple != 0) {
    throw Error(Status::usage, concat("--frames of ", network.entry().name,
                                      " must be a multiple of ", input.frame_multiple));
  }
  if (input.bounded && frames > input.clip_frames) {
    throw Error(Status::usage, concat("--frames of ", network.entry().name, " must be at most ",
                                      input.clip_frames));
  }
  return frames;
}

Result examine(const std::string& name, const Options& options, int threads) {
  models::Network network(models::find_model(name), parse_settings(options.settings), 1);
  const Index frames = frames_of(network, options);
  Result result;
  result.network = network.record();
  result.title = network.entry().title;
  result.complexity = models::complexity_of(network, frames, threads);
  if (options.measure) {
    const models::Timed timed = models::timed(network, frames);
    result.forward = models::measure_forward(timed, threads);
    result.training = models::measure_training(timed, threads);
  }
  return result;
}

/// The most memory that the process had at any time.
std::int64_t peak_resident_bytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return std::int64_t{usage.ru_maxrss} * 1024;
}

double per_frame(const Cost& cost, const Complexity& complexity) {
  return cost.multiply_adds / static_cast<double>(complexity.frames);
}

// --- Text ----------------------------------------------------------------------------------------

using Row = std::vector<std::string>;

/// Columns as wide as their widest cell; numbers, from the third one on, to the right.
std::string aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - row[i].size(), ' ');
      text += i < 2 ? row[i] + space + "  " : space + row[i] + (i + 1 < row.size() ? "  " : "\n");
    }
  }
  return text;
}

Row row_of(const std::string& name, const std::string& op, const Cost& cost, const Cost& thop,
           const Complexity& complexity, bool with_thop) {
  Row row{name, op, concat(cost.parameters), format_fixed(per_frame(cost, complexity), 0)};
  if (with_thop) {
    row.push_back(concat(thop.parameters));
    row.push_back(format_fixed(per_frame(thop, complexity), 0));
  }
  return row;
}

std::string megabytes(std::size_t bytes) {
  return format_fixed(static_cast<double>(bytes) * 1e-6, 1);
}

std::string speed_text(const char* what, const Speed& speed) {
  return concat(what, format_fixed(speed.frames_per_second, 1), " frames/s, ",
                megabytes(speed.arena_bytes), " MB of activations\n");
}

std::string to_text(const Result& result, bool thop) {
  const Complexity& complexity = result.complexity;
  std::vector<Row> rows{{"layer", "op", "parameters", "MACs/frame"}};
  if (thop) rows[0].insert(rows[0].end(), {"thop parameters", "thop MACs/frame"});
  for (const models::LayerCost& layer : complexity.layers) {
    rows.push_back(row_of(layer.name, layer.op, layer.cost, layer.thop, complexity, thop));
  }
  rows.push_back(
      row_of("total", "", complexity.total(), complexity.thop_total(), complexity, thop));
  std::string text = concat(result.network.model, " (", result.title, "), clip of ",
                            complexity.frames, " frames;");
  for (const auto& [name, value] : result.network.settings) text += concat(" ", name, "=", value);
  text += "\n" + aligned(rows);
  if (result.forward) text += speed_text("forward        ", *result.forward);
  if (result.training) text += speed_text("training step  ", *result.training);
  return text;
}

std::string document_text(const std::vector<Result>& results, const Options& options, int threads) {
  std::string text;
  for (const Result& result : results) {
    text += (text.empty() ? "" : "\n") + to_text(result, options.thop);
  }
  if (!options.measure) return text;
  return text + concat("\n", threads, threads == 1 ? " thread, " : " threads, ", kernels().isa,
                       "; the process took up to ",
                       megabytes(static_cast<std::size_t>(peak_resident_bytes())), " MB\n");
}

// --- JSON ----------------------------------------------------------------------------------------

io::OrderedJson to_json(const Cost& cost, const Complexity& complexity) {
  return {{"parameters", cost.parameters}, {"macs_per_frame", per_frame(cost, complexity)}};
}

io::OrderedJson to_json(const Speed& speed) {
  return {{"frames_per_second", speed.frames_per_second}, {"arena_bytes", speed.arena_bytes}};
}

io::OrderedJson to_json(const Result& result, bool thop) {
  const Complexity& complexity = result.complexity;
  io::OrderedJson object = {{"model", result.network.model},
                            {"title", result.title},
                            {"settings", result.network.settings},
                            {"frames", complexity.frames}};
  object.update(to_json(complexity.total(), complexity));
  if (thop) object["thop"] = to_json(complexity.thop_total(), complexity);
  object["layers"] = io::OrderedJson::array();
  for (const models::LayerCost& layer : complexity.layers) {
    io::OrderedJson row = {{"name", layer.name}, {"op", layer.op}};
    row.update(to_json(layer.cost, complexity));
    if (thop) row["thop"] = to_json(layer.thop, complexity);
    object["layers"].push_back(row);
  }
  if (result.forward) object["forward"] = to_json(*result.forward);
  if (result.training) object["training"] = to_json(*result.training);
  return object;
}

std::string document_json(const std::vector<Result>& results, const Options& options, int threads) {
  io::OrderedJson document = {{"models", io::OrderedJson::array()}};
  for (const Result& result : results) document["models"].push_back(to_json(result, options.thop));
  if (options.measure) {
    document["threads"] = threads;
    document["instruction_set"] = kernels().isa;
    document["peak_resident_bytes"] = peak_resident_bytes();
  }
  return io::to_text(document);
}

Status run(const Options& options, const CommonOptions& common) {
  const int threads = thread_count(common);
  std::vector<Result> results;
  for (const std::string& name : options.models.empty() ? model_names() : options.models) {
    results.push_back(examine(name, options, threads));
  }
  print(common.json ? document_json(results, options, threads)
                    : document_text(results, options, threads));
  return Status::ok;
}

std::function<Status()> declare(CLI::App& app, const CommonOptions& common) {
  auto options = std::make_shared<Options>();
  app.add_option("model", options->models, "Networks; all when none is named")
      ->check(CLI::IsMember(model_names()))
      ->type_name("MODEL");
  declare_settings_option(app, options->settings);
  app.add_option("--frames", options->frames, "Length of the clip; 0 = the network's own")
      ->check(CLI::Range(0, 100000))
      ->capture_default_str();
  app.add_flag("--thop", options->thop, "Also as the tool thop counts, whose numbers papers quote");
  app.add_flag("--measure", options->measure,
               "Frames per second, forward and in training, and memory, on this machine");
  return [options, &common] { return run(*options, common); };
}

}  // namespace

const Command complexity_command{
    "complexity", "Count parameters and operations of networks, and measure their speed",
    "Lists the layers of networks with their trained parameters and multiply-adds (MACs) per frame "
    "of a clip, as a forward pass reports them; biases, norms and pools count no MACs. --thop adds "
    "what the Python tool thop 0.1.1 reports for the published PyTorch modules: 4 operations for "
    "each number that a norm makes, all taps of transposed convolutions, pools; nothing for "
    "modules "
    "that it does not see run. --measure runs one clip at a time and tells the median of five "
    "runs.",
    "", declare};

}  // namespace rppg::cli
