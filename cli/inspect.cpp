// Data sets and videos -> what they consist of, and what is damaged or misaligned.
#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/interrupt.h"
#include "base/log.h"
#include "base/parallel.h"
#include "base/progress.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/inputs.h"
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

std::string frames_text(const Inspection& found) {
  if (found.reading) return concat(found.reading->frames);
  return found.stream && found.stream->frames ? concat(*found.stream->frames) : "-";
}

std::string rate_text(const Inspection& found) {
  const double rate = found.timing   ? found.timing->mean_rate_hz
                      : found.stream ? found.stream->nominal_rate_hz
                                     : 0;
  return rate > 0 ? format_fixed(rate, 2) : "-";
}

using Row = std::vector<std::string>;

Row row_of(const Item& item, const Inspection& found) {
  const data::Recording& recording = item.recording;
  Row row{recording.id, recording.subject, recording.view.empty() ? "-" : recording.view,
          recording.state.empty() ? "-" : recording.state};
  if (found.stream) {
    row.push_back(concat(found.stream->codec, " ", found.stream->width, "x", found.stream->height));
  } else {
    row.push_back("-");
  }
  row.insert(row.end(), {frames_text(found), rate_text(found)});
  if (found.labels) {
    row.push_back(concat(found.labels->samples));
    row.push_back(format_fixed(found.labels->seconds, 2));
  } else {
    row.insert(row.end(), {"-", "-"});
  }
  if (found.labels && found.labels->clocks) {
    const data::ClockReport& clocks = *found.labels->clocks;
    row.push_back(format_fixed(clocks.start_offset_s, 3));
    row.push_back(format_fixed(clocks.end_offset_s, 3));
  } else {
    row.insert(row.end(), {"-", "-"});
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

std::string to_text(const std::vector<Item>& items, const std::vector<Inspection>& inspections) {
  std::vector<Row> rows{{"id", "subject", "view", "state", "video", "frames", "Hz", "labels", "s",
                         "start_s", "end_s", "status"}};
  std::string problems;
  std::set<std::pair<std::string, std::string>> subjects;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const data::Recording& recording = items[i].recording;
    rows.push_back(row_of(items[i], inspections[i]));
    subjects.emplace(recording.dataset, recording.subject);
    for (const std::string& problem : inspections[i].problems) {
      problems += concat(recording.id, ": ", escape_control(problem), "\n");
    }
  }
  return concat(aligned(rows), "\n", items.size(), " recordings of ", subjects.size(),
                " subjects\n", problems);
}

Status run(const Options& options, const CommonOptions& common) {
  const std::vector<Item> items = select_inputs(options.inputs);
  std::vector<Inspection> inspections(items.size());
  Progress progress("inspect", items.size());
  parallel_for(items.size(), thread_count(common), [&](std::size_t i) {
    if (stop_requested()) throw Error(Status::interrupted, "stopped on request");
    inspections[i] = data::inspect(items[i].recording, items[i].layout, options.deep, {});
    progress.advance(concat(items[i].recording.id, " ",
                            inspections[i].problems.empty() ? "ok" : "has a problem"));
  });

  if (common.json) {
    io::OrderedJson document = {{"recordings", io::OrderedJson::array()}};
    for (std::size_t i = 0; i < items.size(); ++i) {
      document["recordings"].push_back(to_json(items[i], inspections[i]));
    }
    print(io::to_text(document));
  } else {
    print(to_text(items, inspections));
  }
  const auto sound = std::count_if(inspections.begin(), inspections.end(),
                                   [](const Inspection& found) { return found.problems.empty(); });
  if (sound == 0) return Status::all_failed;
  return std::cmp_equal(sound, items.size()) ? Status::ok : Status::some_failed;
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
    "Lists all recordings with their video, labels and clocks, and what is wrong with them. lag_s "
    "is "
    "the first label's time minus the first frame's, drift_s how much that changes to the end. "
    "Frame times of video files are known with --deep only. Ends with status 10 when some "
    "recordings have problems, 11 when all have.",
    "", declare};

}  // namespace rppg::cli
