// Own recordings, listed in a CSV or TSV file.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/text.h"
#include "datasets/discovery.h"
#include "datasets/layouts.h"
#include "io/csv.h"

namespace rppg::datasets {
namespace {

namespace fs = std::filesystem;
using Row = io::Table::Row;

constexpr std::array<std::string_view, 12> columns{"id",      "video",   "labels", "labels_format",
                                                   "subject", "session", "view",   "state",
                                                   "fps",     "start_s", "stop_s", "sha256"};
constexpr std::string_view free_prefix = "x_";
constexpr std::size_t longest_id = 128;

/// Columns time (s, on the clock of the video) and ppg.
data::Labels read_csv_labels(const data::Recording& recording) {
  const io::Table table(read_file(recording.labels, label_limit_bytes), recording.labels);
  table.require_columns({"time", "ppg"});
  if (table.size() == 0) throw Error(Status::malformed, recording.labels, "no samples");
  data::Labels labels;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const Row row = table.row(i);
    for (const char* column : {"time", "ppg"}) {
      if (!std::isfinite(row.number(column))) row.fail(column, "not a finite number");
    }
    labels.time_s.push_back(row.number("time"));
    labels.ppg.push_back(row.number("ppg"));
  }
  return labels;
}

struct LabelFormat {
  std::string_view name;
  data::Labels (*read)(const data::Recording& recording);
};
constexpr std::array<LabelFormat, 5> formats{{{"csv", read_csv_labels},
                                              {"ubfc-rppg", read_ubfc_rppg_labels},
                                              {"ubfc-rppg-1", read_ubfc_rppg_1_labels},
                                              {"pure", read_pure_labels},
                                              {"mcd-rppg", read_mcd_rppg_labels}}};

const LabelFormat* find_format(std::string_view name) {
  const auto found =
      std::find_if(formats.begin(), formats.end(),
                   [name](const LabelFormat& format) { return format.name == name; });
  return found == formats.end() ? nullptr : &*found;
}

std::string unknown_format(std::string_view name) {
  std::string list;
  for (const LabelFormat& format : formats) list += concat(list.empty() ? "" : ", ", format.name);
  return concat("unknown labels_format '", name, "'; expected one of ", list);
}

void check_columns(const io::Table& table, const fs::path& file) {
  table.require_columns({"id", "video"});
  for (const std::string& column : table.columns()) {
    if (column.starts_with(free_prefix)) continue;
    if (std::find(columns.begin(), columns.end(), column) != columns.end()) continue;
    std::string list;
    for (const std::string_view name : columns) list += concat(name, ", ");
    throw Error(Status::malformed, file,
                concat("line 1: unknown column '", column, "'; known are ", list, "and x_..."));
  }
}

bool is_id(std::string_view id) {
  constexpr std::string_view letters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !id.empty() && id.size() <= longest_id && id != "." && id != ".." &&
         id.find_first_not_of(letters) == std::string_view::npos;
}

/// 0 when the cell is empty.
double non_negative(const Row& row, std::string_view column) {
  const double value = row.number(column);
  if (std::isnan(value)) return 0;
  if (value < 0 || std::isinf(value)) row.fail(column, "must be a number from 0");
  return value;
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

void set_video(data::Recording& recording, const fs::path& file) {
  recording.video.file = file;
  if (!is_folder(file)) {
    add_problem(recording, file_problem(file));
    return;
  }
  recording.video = image_folder(file, recording.rate_hz);
  if (recording.video.images.empty()) add_problem(recording, concat(file.string(), ": no images"));
  if (!first_stamp_ns(recording.video) && recording.rate_hz <= 0) {
    add_problem(recording, concat(file.string(), ": a folder of images needs fps"));
  }
  if (!recording.sha256.empty()) {
    add_problem(recording, concat(file.string(), ": sha256 is for video files only"));
  }
}

void set_labels(data::Recording& recording, const fs::path& file) {
  recording.labels = file;
  add_problem(recording, file_problem(file));
  if (find_format(recording.labels_format) == nullptr) {
    add_problem(recording, unknown_format(recording.labels_format));
  }
  if (recording.labels_format == "mcd-rppg") {
    const fs::path meta = file.parent_path().parent_path() / "meta" / file.filename();
    recording.frame_times = meta.string();
    add_problem(recording, file_problem(meta));
  }
}

data::Recording describe(const Row& row, const fs::path& folder) {
  data::Recording recording;
  recording.id = row["id"];
  if (!is_id(recording.id)) row.fail("id", "must be 1 to 128 of the characters A-Z a-z 0-9 . _ -");
  recording.dataset = manifest.name;
  recording.subject = row["subject"].empty() ? row["id"] : row["subject"];
  recording.session = row["session"];
  recording.view = row["view"];
  recording.state = row["state"];
  recording.labels_format = row["labels_format"];
  recording.rate_hz = non_negative(row, "fps");
  recording.start_s = non_negative(row, "start_s");
  recording.stop_s = non_negative(row, "stop_s");
  recording.sha256 = lower_case(row["sha256"]);
  if (row["video"].empty()) {
    add_problem(recording, concat("line ", row.line(), " names no video"));
  } else {
    set_video(recording, folder / row["video"]);
  }
  if (!row["labels"].empty()) set_labels(recording, folder / row["labels"]);
  if (recording.stop_s > 0 && recording.stop_s <= recording.start_s) {
    add_problem(recording, concat("line ", row.line(), ": stop_s is not after start_s"));
  }
  return recording;
}

std::vector<data::Recording> discover(const fs::path& file) {
  const io::Table table(read_file(file), file);
  check_columns(table, file);
  if (table.size() == 0) throw Error(Status::malformed, file, "no recording below the header");
  std::vector<data::Recording> recordings;
  std::set<std::string> ids;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const Row row = table.row(i);
    recordings.push_back(describe(row, file.parent_path()));
    if (!ids.insert(recordings.back().id).second) row.fail("id", "is there twice");
  }
  sort_by_subject(recordings);
  return recordings;
}

data::Labels read_labels(const data::Recording& recording) {
  if (recording.labels.empty()) {
    throw Error(Status::missing, concat(recording.id, ": the manifest names no labels"));
  }
  const LabelFormat* format = find_format(recording.labels_format);
  if (format == nullptr) {
    throw Error(Status::malformed, recording.labels, unknown_format(recording.labels_format));
  }
  return format->read(recording);
}

}  // namespace

const data::Layout manifest{.name = "manifest",
                            .title = "Own recordings",
                            .description =
                                "a CSV file with the columns id, video, labels, "
                                "labels_format, subject, ...",
                            .reference = "",
                            .discover = discover,
                            .read_labels = read_labels};

}  // namespace rppg::datasets
