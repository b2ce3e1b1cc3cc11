#include "data/inspection.h"

#include <array>

#include "base/error.h"
#include "base/text.h"
#include "data/alignment.h"
#include "io/hash.h"

namespace rppg::data {
namespace {

/// Damage that decoding met; empty without.
std::string problem_of(const video::ReadSummary& summary, const video::StreamInfo& info) {
  const bool damaged = summary.damaged > 0 || summary.packet_errors > 0;
  if (!damaged && !summary.truncated) return "";
  const std::string declared = info.frames ? concat(" of ", *info.frames) : "";
  return concat(summary.truncated ? "truncated" : "damaged", ": decoded ", summary.frames, declared,
                " frames, ", summary.damaged, " of them damaged, ", summary.packet_errors,
                " packets without a frame: ", summary.first_problem);
}

/// Frame times: of the images, or of a deep reading; empty when they are not known.
std::vector<double> read_video(const Recording& recording, bool deep,
                               const video::ReaderOptions& options, Inspection& found) {
  video::Reader reader(recording.video, options);
  found.stream = reader.info();
  if (!deep) return recording.video.image_times_s;
  if (!recording.sha256.empty() && io::sha256_file(recording.video.file) != recording.sha256) {
    found.problems.push_back(
        concat(recording.video.file.string(), ": checksum differs from the manifest's"));
  }
  std::vector<double> times;
  while (reader.next()) times.push_back(reader.frame().time_s());
  found.reading = reader.summary();
  if (const std::string problem = problem_of(*found.reading, *found.stream); !problem.empty()) {
    found.problems.push_back(concat(recording.video.file.string(), ": ", problem));
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

/// Throws what makes the recording useless for an evaluation on time stamps.
void require_alignable(const Recording& recording, const std::vector<double>& frame_times,
                       const Labels* labels) {
  if (labels != nullptr && frame_times.empty()) return require_usable(*labels, recording);
  const std::vector<std::array<double, 3>> black(frame_times.size(), {0, 0, 0});
  align(recording, frame_times, black, recording.rate_hz, labels, {});
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
      const std::vector<double> video_times =
          frame_times.empty() ? labels.frame_time_s : frame_times;
      if (!labels.frame_time_s.empty()) frame_times = labels.frame_time_s;
      found.labels = facts_of(labels, rising(frame_times).time_s);
      require_alignable(recording, video_times, &labels);
    });
  } else if (!frame_times.empty()) {
    noting_problems(found, [&] { require_alignable(recording, frame_times, nullptr); });
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
