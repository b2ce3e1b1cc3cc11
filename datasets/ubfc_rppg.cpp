// UBFC-rPPG: release 2 (vid.avi, ground_truth.txt) and release 1 (vid.avi, gtdump.xmp).
#include <array>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "datasets/discovery.h"
#include "datasets/label_lines.h"
#include "datasets/layouts.h"

namespace rppg::datasets {
namespace {

namespace fs = std::filesystem;

constexpr double release_2_rate_hz = 30;
constexpr double release_1_label_rate_hz = 62;
constexpr std::string_view release_1_labels = "gtdump.xmp";
constexpr std::string_view release_2_labels = "ground_truth.txt";

/// vid.avi, else the first vid.* that there is.
fs::path find_video(const fs::path& folder) {
  fs::path usual = folder / "vid.avi";
  if (is_there(usual)) return usual;
  for (const fs::path& entry : sorted_entries(folder)) {
    if (entry.stem() == "vid") return entry;
  }
  return usual;
}

bool is_release_2_name(std::string_view name) {
  constexpr std::string_view prefix = "subject";
  return name.starts_with(prefix) && parse_integer(name.substr(prefix.size())).has_value();
}

/// Release 1 has folders "5-gt" and "after-exercise".
bool is_release_1_name(std::string_view name) {
  return name == "after-exercise" || name.ends_with("-gt");
}

bool is_recording(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return is_folder(folder) && (is_release_1_name(name) || is_release_2_name(name) ||
                               is_there(folder / release_1_labels) ||
                               is_there(folder / release_2_labels) || is_there(folder / "vid.avi"));
}

data::Recording describe(const fs::path& folder) {
  const std::string name = folder.filename().string();
  const bool release_2 = is_there(folder / release_2_labels) ||
                         (is_release_2_name(name) && !is_there(folder / release_1_labels));
  data::Recording recording;
  recording.id = name;
  recording.dataset = ubfc_rppg.name;
  recording.subject = name;
  if (name == "after-exercise") recording.state = name;
  recording.video.file = find_video(folder);
  recording.labels = folder / (release_2 ? release_2_labels : release_1_labels);
  if (release_2) recording.rate_hz = release_2_rate_hz;
  add_problem(recording, file_problem(recording.video.file));
  add_problem(recording, file_problem(recording.labels));
  return recording;
}

std::vector<data::Recording> discover(const fs::path& root) {
  std::vector<data::Recording> recordings;
  for (const fs::path& folder : {root, root / "DATASET_1", root / "DATASET_2"}) {
    if (folder != root && !is_folder(folder)) continue;
    for (const fs::path& entry : sorted_entries(folder)) {
      if (is_recording(entry)) recordings.push_back(describe(entry));
    }
  }
  if (recordings.empty()) {
    throw Error(Status::malformed, root,
                "no UBFC-rPPG recording: expected folders subjectN with vid.avi and "
                "ground_truth.txt, or N-gt with vid.avi and gtdump.xmp");
  }
  sort_by_subject(recordings);
  return recordings;
}

data::Labels read_labels(const data::Recording& recording) {
  return recording.labels.extension() == ".xmp" ? read_ubfc_rppg_1_labels(recording)
                                                : read_ubfc_rppg_labels(recording);
}

}  // namespace

data::Labels read_ubfc_rppg_labels(const data::Recording& recording) {
  LabelLines lines(recording.labels);
  std::array<std::vector<double>, 3> rows;
  while (lines.next()) {
    if (lines.number() > rows.size()) lines.fail("more than 3 lines (PPG, heart rate, time)");
    std::vector<double>& row = rows[lines.number() - 1];
    row = lines.values();
    if (row.size() != rows[0].size()) {
      lines.fail(concat(row.size(), " values, but line 1 has ", rows[0].size()));
    }
  }
  if (lines.number() < rows.size()) {
    lines.fail("the file ends here; 3 lines (PPG, heart rate, time) are needed");
  }
  auto& [ppg, device_hr_bpm, time_s] = rows;
  if (time_s.empty() || !(time_s.front() < time_s.back())) lines.fail("the time does not rise");
  data::Labels labels;
  labels.frame_time_s = time_s;
  labels.time_s = std::move(time_s);
  labels.ppg = std::move(ppg);
  labels.device_hr_bpm = std::move(device_hr_bpm);
  labels.nominal_rate_hz = release_2_rate_hz;
  labels.per_frame = true;
  return labels;
}

data::Labels read_ubfc_rppg_1_labels(const data::Recording& recording) {
  constexpr std::size_t columns = 4;
  LabelLines lines(recording.labels);
  data::Labels labels;
  labels.nominal_rate_hz = release_1_label_rate_hz;
  while (lines.next()) {
    const auto cells = split(lines.line(), ',');
    if (cells.size() < columns) {
      lines.fail(concat(cells.size(), " columns instead of 4 (time in ms, heart rate, SpO2, PPG)"));
    }
    labels.time_s.push_back(lines.value(trim(cells[0])) * 1e-3);
    labels.device_hr_bpm.push_back(lines.value(trim(cells[1])));
    lines.value(trim(cells[2]));
    labels.ppg.push_back(lines.value(trim(cells[3])));
  }
  if (!(labels.time_s.front() < labels.time_s.back())) lines.fail("the time does not rise");
  return labels;
}

const data::Layout ubfc_rppg{
    .name = "ubfc-rppg",
    .title = "UBFC-rPPG",
    .description =
        "subjectN/vid.avi and ground_truth.txt (release 2), or N-gt/vid.avi and "
        "gtdump.xmp (release 1)",
    .reference = "Bobbia et al., Pattern Recognition Letters 124, 2019",
    .discover = discover,
    .read_labels = read_labels};

}  // namespace rppg::datasets
