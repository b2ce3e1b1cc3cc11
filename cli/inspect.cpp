// Data sets and videos -> what they consist of, and what is damaged or misaligned.
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/interrupt.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/inputs.h"
#include "cli/run.h"
#include "cli/settings.h"
#include "data/inspection.h"
#include "io/json.h"

namespace rppg::cli {
namespace {

struct Options {
  std::vector<std::string> inputs;
  bool deep = false;
};

using data::Inspection;

io::OrderedJson stream_json(const video::StreamInfo& info) {
  io::OrderedJson object = {{"container", info.container},
                            {"codec", info.codec},
                            {"width", info.width},
                            {"height", info.height},
                            {"rotation_degrees", info.rotation_degrees},
                            {"pixel_format", info.pixel_format},
                            {"color_range", info.color_range},
                            {"color_matrix", info.color_matrix},
                            {"nominal_rate_hz", info.nominal_rate_hz},
                            {"video_streams", info.video_streams}};
  object["frames_declared"] = info.frames ? io::OrderedJson(*info.frames) : nullptr;
  return object;
}

io::OrderedJson timing_json(const data::FrameTiming& timing) {
  return {{"mean_rate_hz", timing.mean_rate_hz},
          {"min_interval_s", timing.min_interval_s},
          {"max_interval_s", timing.max_interval_s},
          {"stamps_not_rising", timing.repeated},
          {"gaps", timing.gaps}};
}

io::OrderedJson labels_json(const data::LabelFacts& labels) {
  io::OrderedJson object = {{"samples", labels.samples},
                            {"seconds", labels.seconds},
                            {"nominal_rate_hz", labels.nominal_rate_hz},
                            {"stamps_not_rising", labels.repeated}};
  if (labels.clocks) {
    object["mean_rate_hz"] = labels.clocks->label_rate_hz;
    object["start_offset_s"] = labels.clocks->start_offset_s;
    object["end_offset_s"] = labels.clocks->end_offset_s;
  }
  return object;
}

io::OrderedJson to_json(const Item& item, const Inspection& found) {
  const data::Recording& recording = item.recording;
  io::OrderedJson object = {{"id", recording.id},
                            {"dataset", recording.dataset},
                            {"subject", recording.subject},
                            {"session", recording.session},
                            {"view", recording.view},
                            {"state", recording.state},
                            {"file", recording.video.file.string()}};
  if (found.stream) object["video"] = stream_json(*found.stream);
  if (found.reading) {
    object["decoded"] = {{"frames", found.reading->frames},
                         {"damaged", found.reading->damaged},
                         {"packets_without_frame", found.reading->packet_errors},
                         {"truncated", found.reading->truncated}};
  }
  if (found.timing) object["timing"] = timing_json(*found.timing);
  if (found.labels) object["labels"] = labels_json(*found.labels);
  object["problems"] = found.problems;
  return object;
}

/// Decoded frames, or else as declared; 0 when not known.
std::int64_t frames_of(const Inspection& found) {
  if (found.reading) return found.reading->frames;
  return found.stream ? found.stream->frames.value_or(0) : 0;
}

double nominal_rate_of(const Item& item, const Inspection& found) {
  if (item.recording.rate_hz > 0) return item.recording.rate_hz;
  return found.stream ? found.stream->nominal_rate_hz : 0;
}

double seconds_of(const Item& item, const Inspection& found) {
  const double rate = found.timing ? found.timing->mean_rate_hz : nominal_rate_of(item, found);
  return rate > 0 ? static_cast<double>(frames_of(found)) / rate : 0;
}

/// What all recordings of one layout come to.
struct DatasetFacts {
  std::size_t recordings = 0;
  std::size_t with_problems = 0;
  double seconds = 0;
  std::set<std::string> subjects;
  std::set<std::string> views;
  std::set<std::string> states;
};

/// By layout; plain videos are the layout "video".
std::map<std::string, DatasetFacts> summarize(const std::vector<Item>& items,
                                              const std::vector<Inspection>& inspections) {
  std::map<std::string, DatasetFacts> datasets;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const data::Recording& recording = items[i].recording;
    DatasetFacts& facts = datasets[recording.dataset];
    ++facts.recordings;
    if (!inspections[i].problems.empty()) ++facts.with_problems;
    facts.seconds += seconds_of(items[i], inspections[i]);
    facts.subjects.insert(recording.subject);
    if (!recording.view.empty()) facts.views.insert(recording.view);
    if (!recording.state.empty()) facts.states.insert(recording.state);
  }
  return datasets;
}

io::OrderedJson to_json(const std::string& name, const DatasetFacts& facts) {
  return {{"name", name},
          {"recordings", facts.recordings},
          {"with_problems", facts.with_problems},
          {"subjects", facts.subjects.size()},
          {"views", facts.views},
          {"states", facts.states},
          {"seconds", facts.seconds}};
}

std::string to_text(const std::string& name, const DatasetFacts& facts) {
  std::string text =
      concat(name, ": ", facts.recordings, " recordings of ", facts.subjects.size(), " subjects, ",
             format_fixed(facts.seconds, 1), " s, ", facts.with_problems, " with problems");
  const auto append = [&](std::string_view what, const std::set<std::string>& values) {
    std::string separator = concat("; ", what, ": ");
    for (const std::string& value : values) {
      text += std::exchange(separator, ", ") + value;
    }
  };
  append("views", facts.views);
  append("states", facts.states);
  return text + "\n";
}

using Row = std::vector<std::string>;

const Row header{"id",     "subject",  "view",       "state",   "video",
                 "pixels", "frames",   "nominal_Hz", "mean_Hz", "gaps",
                 "labels", "label_Hz", "start_s",    "end_s",   "status"};

std::string or_dash(std::string text) { return text.empty() ? "-" : text; }

std::string rate_text(double rate_hz) { return rate_hz > 0 ? format_fixed(rate_hz, 2) : "-"; }

std::string pixels_text(const video::StreamInfo& info) {
  const std::string turned =
      info.rotation_degrees == 0 ? "" : concat(" rotated ", info.rotation_degrees);
  return concat(info.pixel_format, " ", info.color_range, " ", info.color_matrix, turned);
}

Row row_of(const Item& item, const Inspection& found) {
  const data::Recording& recording = item.recording;
  Row row{recording.id, recording.subject, or_dash(recording.view), or_dash(recording.state)};
  if (found.stream) {
    const video::StreamInfo& info = *found.stream;
    row.push_back(concat(info.container, "/", info.codec, " ", info.width, "x", info.height));
    row.push_back(pixels_text(info));
  } else {
    row.insert(row.end(), {"-", "-"});
  }
  row.push_back(frames_of(found) > 0 ? concat(frames_of(found)) : "-");
  row.push_back(rate_text(nominal_rate_of(item, found)));
  row.push_back(found.timing ? rate_text(found.timing->mean_rate_hz) : "-");
  row.push_back(found.timing ? concat(found.timing->gaps) : "-");
  row.push_back(found.labels ? concat(found.labels->samples) : "-");
  if (found.labels && found.labels->clocks) {
    const data::ClockReport& clocks = *found.labels->clocks;
    row.insert(row.end(), {rate_text(clocks.label_rate_hz), format_fixed(clocks.start_offset_s, 3),
                           format_fixed(clocks.end_offset_s, 3)});
  } else {
    row.insert(row.end(), {"-", "-", "-"});
  }
  row.push_back(found.problems.empty() ? "ok" : "PROBLEM");
  return row;
}

/// Columns as wide as their widest cell.
std::string aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.front().size(), 0);
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      text += row[i] + std::string(widths[i] - row[i].size() + 2, ' ');
    }
    text += row.back() + "\n";
  }
  return text;
}

std::string table_of(const std::vector<Item>& items, const std::vector<Inspection>& inspections) {
  std::vector<Row> rows{header};
  std::string problems;
  for (std::size_t i = 0; i < items.size(); ++i) {
    rows.push_back(row_of(items[i], inspections[i]));
    for (const std::string& problem : inspections[i].problems) {
      problems += concat(items[i].recording.id, ": ", escape_control(problem), "\n");
    }
  }
  std::string text = aligned(rows) + "\n";
  for (const auto& [name, facts] : summarize(items, inspections)) text += to_text(name, facts);
  return text + problems;
}

std::string document_of(const std::vector<Item>& items,
                        const std::vector<Inspection>& inspections) {
  io::OrderedJson document = {{"datasets", io::OrderedJson::array()},
                              {"recordings", io::OrderedJson::array()}};
  for (const auto& [name, facts] : summarize(items, inspections)) {
    document["datasets"].push_back(to_json(name, facts));
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    document["recordings"].push_back(to_json(items[i], inspections[i]));
  }
  return io::to_text(document);
}

Status run(const Options& options, const CommonOptions& common) {
  const std::vector<Item> items = items_of_shard(select_inputs(options.inputs), common);
  if (common.dry_run) return print_plan(items, common);
  std::vector<Inspection> inspections(items.size());
  Progress progress("inspect", items.size());
  parallel_for(items.size(), thread_count(common), [&](std::size_t i) {
    if (stop_requested()) throw Error(Status::interrupted, "stopped on request");
    inspections[i] = data::inspect(items[i].recording, items[i].layout, options.deep, {});
    progress.advance(concat(items[i].recording.id, " ",
                            inspections[i].problems.empty() ? "ok" : "has a problem"));
  });

  print(common.json ? document_of(items, inspections) : table_of(items, inspections));
  const auto damaged =
      std::count_if(inspections.begin(), inspections.end(),
                    [](const Inspection& found) { return !found.problems.empty(); });
  if (damaged == 0) return Status::ok;
  return std::cmp_equal(damaged, items.size()) ? Status::all_failed : Status::some_failed;
}

std::function<Status()> declare(CLI::App& app, const CommonOptions& common) {
  auto options = std::make_shared<Options>();
  app.add_option("input", options->inputs, "Data sets LAYOUT:PATH[@BEGIN-END], or videos")
      ->required()
      ->type_name("DATASET|VIDEO");
  app.add_flag("--deep", options->deep, "Decode every frame: count, damage, time stamps");
  return [options, &common] { return run(*options, common); };
}

}  // namespace

const Command inspect_command{
    "inspect", "Show what data sets and videos hold, and what is damaged",
    "Lists all recordings with their video, labels and clocks, and what is wrong with them. "
    "start_s and end_s are the times of the first and last label minus those of the first and last "
    "frame: equal ones are a lag, a difference between them is drift. Frame times of video files "
    "whose labels hold none are known with --deep only, which decodes every frame. Ends with "
    "status "
    "10 when some recordings have problems, 11 when all have.",
    "", declare};

}  // namespace rppg::cli
