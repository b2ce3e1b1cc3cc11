// MCD-rPPG: video/, meta/ and ppg_sync/ per camera, ppg/ per state, and the table db.csv.
#include <algorithm>
#include <array>
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

/// Camera and angle belong together in this data set.
struct Camera {
  std::string_view name;
  std::string_view view;
};
constexpr std::array<Camera, 3> cameras{
    {{"FullHDwebcam", "frontal"}, {"USBVideo", "left"}, {"IriunWebcam", "right"}}};

struct State {
  std::string_view name;
  std::string_view description;
};
constexpr std::array<State, 2> states{{{"before", "rest"}, {"after", "after-exercise"}}};

/// One video of one camera, with the paths that db.csv gives (empty without it).
struct Entry {
  std::string subject;
  const Camera* camera = nullptr;
  const State* state = nullptr;
  std::string video;
  std::string ppg_sync;
  std::string meta;
  std::string ppg;

  std::string id() const { return concat(subject, "_", camera->name, "_", state->name); }
};

template <typename Table>
auto find_name(const Table& table, std::string_view name) -> decltype(table.data()) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [name](const auto& row) { return row.name == name; });
  return found == table.end() ? nullptr : &*found;
}

/// The first of the candidates that exists, else the last one.
fs::path first_existing(const fs::path& root, const std::vector<std::string>& candidates) {
  for (const std::string& candidate : candidates) {
    if (!candidate.empty() && is_there(root / candidate)) return root / candidate;
  }
  return root / candidates.back();
}

/// ppg_sync, or the sensor's own samples where there is none.
fs::path find_labels(const fs::path& root, const Entry& entry) {
  const std::string id = entry.id();
  fs::path synchronised = first_existing(root, {entry.ppg_sync, concat("ppg_sync/", id, ".txt")});
  if (is_there(synchronised)) return synchronised;
  const fs::path raw =
      first_existing(root, {entry.ppg, concat("ppg/", entry.subject, "_", entry.state->name, ".PW"),
                            concat("ppg/", id, ".PW")});
  return is_there(raw) ? raw : synchronised;
}

data::Recording describe(const fs::path& root, const Entry& entry) {
  data::Recording recording;
  recording.id = entry.id();
  recording.dataset = mcd_rppg.name;
  recording.subject = entry.subject;
  recording.session = entry.state->name;
  recording.view = entry.camera->view;
  recording.state = entry.state->description;
  recording.video.file =
      first_existing(root, {entry.video, concat("video/", recording.id, ".avi")});
  const fs::path meta = first_existing(root, {entry.meta, concat("meta/", recording.id, ".txt")});
  recording.frame_times = meta.string();
  recording.labels = find_labels(root, entry);
  for (const fs::path& file : {recording.video.file, meta, recording.labels}) {
    add_problem(recording, file_problem(file));
  }
  return recording;
}

/// The view of db.csv must be that of the camera, or labels of views would be wrong everywhere.
void check_view(const io::Table::Row& row, const Camera& camera) {
  const std::string_view view = row["view"];
  const bool same =
      view.empty() || view == camera.view || (view == "front" && camera.view == "frontal");
  if (!same) row.fail("view", concat("camera ", camera.name, " is the ", camera.view, " one"));
}

std::vector<Entry> read_table(const fs::path& file) {
  const io::Table table(read_file(file), file);
  table.require_columns({"patient_id", "step", "camera"});
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const io::Table::Row row = table.row(i);
    const Camera* camera = find_name(cameras, row["camera"]);
    if (camera == nullptr) row.fail("camera", concat("unknown camera '", row["camera"], "'"));
    const State* state = find_name(states, row["step"]);
    if (state == nullptr) row.fail("step", "expected before or after");
    if (row["patient_id"].empty()) row.fail("patient_id", "empty");
    check_view(row, *camera);
    entries.push_back({std::string(row["patient_id"]), camera, state, std::string(row["video"]),
                       std::string(row["ppg_sync"]), std::string(row["meta"]),
                       std::string(row["ppg"])});
  }
  return entries;
}

/// Recordings by the names of the files in a folder, SUBJECT_CAMERA_STATE.*.
void add_files(const fs::path& folder, std::vector<Entry>& entries) {
  if (!is_folder(folder)) return;
  for (const fs::path& file : sorted_entries(folder)) {
    const std::string name = file.stem().string();
    const auto parts = split(name, '_');
    if (parts.size() != 3 || parts[0].empty()) continue;
    const Camera* camera = find_name(cameras, parts[1]);
    const State* state = find_name(states, parts[2]);
    if (camera == nullptr || state == nullptr) continue;
    entries.push_back({std::string(parts[0]), camera, state, {}, {}, {}, {}});
  }
}

std::vector<data::Recording> discover(const fs::path& root) {
  std::vector<Entry> entries;
  sorted_entries(root);
  if (is_there(root / "db.csv")) entries = read_table(root / "db.csv");
  for (const char* folder : {"video", "ppg_sync"}) add_files(root / folder, entries);
  if (entries.empty()) {
    throw Error(Status::malformed, root,
                "no MCD-rPPG recording: expected db.csv and video/ID_CAMERA_STATE.avi with "
                "meta/ and ppg_sync/ID_CAMERA_STATE.txt");
  }
  std::set<std::string> seen;
  std::vector<data::Recording> recordings;
  for (const Entry& entry : entries) {
    if (seen.insert(entry.id()).second) recordings.push_back(describe(root, entry));
  }
  sort_by_subject(recordings);
  return recordings;
}

}  // namespace

const data::Layout mcd_rppg{
    .name = "mcd-rppg",
    .title = "MCD-rPPG",
    .description =
        "db.csv, video/ID_CAMERA_STATE.avi, meta/ and ppg_sync/ID_CAMERA_STATE.txt, "
        "ppg/ID_STATE.PW",
    .reference = "Egorov et al., ACM Multimedia 2025",
    .discover = discover,
    .read_labels = read_mcd_rppg_labels};

}  // namespace rppg::datasets
