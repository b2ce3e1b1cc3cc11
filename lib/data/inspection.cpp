#include "data/inspection.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/text.h"

namespace rppg::data {
namespace {

/// Frame times: of the images, or of a deep reading; empty when they are not known.
std::vector<double> read_video(const Recording& recording, bool deep,
                               const video::ReaderOptions& options, Inspection& found) {
  video::Reader reader(recording.video, options);
  found.stream = reader.info();
  if (!deep) return recording.video.image_times_s;
  std::vector<double> times;
  while (reader.next()) times.push_back(reader.frame().time_s());
  found.reading = reader.summary();
  const video::ReadSummary& summary = *found.reading;
  const std::string file = recording.video.file.string();
  if (summary.damaged > 0 || summary.packet_errors > 0) {
    found.problems.push_back(concat(file, ": damaged: ", summary.damaged, " of ", summary.frames,
                                    " frames, ", summary.packet_errors,
                                    " packets without a frame: ", summary.first_problem));
  } else if (summary.truncated) {
    found.problems.push_back(concat(file, ": truncated: ", summary.first_problem));
  }
  return times;
}

LabelFacts facts_of(const Labels& labels, const std::vector<double>& frame_times) {
  const RisingTimes times = rising(labels.time_s);
  LabelFacts facts;
  facts.samples = labels.ppg.size();
  facts.nominal_rate_hz = labels.nominal_rate_hz;
  facts.repeated = times.repeated;
  if (times.time_s.empty()) return facts;
  facts.seconds = times.time_s.back() - times.time_s.front();
  if (!frame_times.empty()) facts.clocks = compare_clocks(times.time_s, frame_times);
  return facts;
}

void check_labels(const Labels& labels, const Recording& recording, Inspection& found) {
  const auto problem = [&](const std::string& why) {
    found.problems.push_back(concat(recording.labels.string(), ": ", why));
  };
  const auto [low, high] = std::minmax_element(labels.ppg.begin(), labels.ppg.end());
  if (low == labels.ppg.end()) return problem("no samples");
  if (*low == *high) problem(concat("all samples are ", *low));
}

/// Runs a step; an Error becomes a problem.
template <typename Step>
void noting_problems(Inspection& found, const Step& step) {
  try {
    step();
  } catch (const Error& error) {
    if (error.status() == Status::interrupted) throw;
    found.problems.emplace_back(error.what());
  }
}

}  // namespace

Inspection inspect(const Recording& recording, const Layout* layout, bool deep,
                   const video::ReaderOptions& options) {
  Inspection found;
  if (!recording.problem.empty()) {
    found.problems.push_back(recording.problem);
    return found;
  }
  std::vector<double> frame_times;
  noting_problems(found, [&] { frame_times = read_video(recording, deep, options, found); });
  if (layout != nullptr && !recording.labels.empty()) {
    noting_problems(found, [&] {
      const Labels labels = layout->read_labels(recording);
      if (!labels.frame_time_s.empty()) frame_times = labels.frame_time_s;
      check_labels(labels, recording, found);
      found.labels = facts_of(labels, rising(frame_times).time_s);
    });
  }
  if (frame_times.size() >= 2) {
    const double nominal = recording.rate_hz > 0 ? recording.rate_hz
                           : found.stream        ? found.stream->nominal_rate_hz
                                                 : 0;
    found.timing = measure_timing(rising(frame_times), nominal);
  }
  return found;
}

}  // namespace rppg::data
