// PURE: NN-MM/NN-MM/Image<ns>.png (or NN-MM/*.png) and NN-MM.json.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "datasets/discovery.h"
#include "datasets/layouts.h"
#include "io/json.h"

namespace rppg::datasets {
namespace {

namespace fs = std::filesystem;

constexpr double nominal_rate_hz = 30;
constexpr double oximeter_rate_hz = 60;
constexpr double tolerated_share =
    0.05;  ///< of images that the JSON file lists and that are missing
constexpr std::array<std::string_view, 6> setups{"steady",           "talking",
                                                 "slow-translation", "fast-translation",
                                                 "small-rotation",   "medium-rotation"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "NN-MM"
bool is_id(std::string_view name) {
  return name.size() == 5 && is_digit(name[0]) && is_digit(name[1]) && name[2] == '-' &&
         is_digit(name[3]) && is_digit(name[4]);
}

std::string_view state_of(std::string_view setup) {
  const auto number = parse_integer(setup).value_or(0);
  const bool known = number >= 1 && number <= static_cast<long long>(setups.size());
  return known ? setups[static_cast<std::size_t>(number - 1)] : "";
}

data::Recording describe(const fs::path& root, const std::string& id) {
  data::Recording recording;
  recording.id = id;
  recording.dataset = pure.name;
  recording.subject = id.substr(0, 2);
  recording.session = id.substr(3);
  recording.state = state_of(recording.session);
  recording.rate_hz = nominal_rate_hz;
  const fs::path folder = root / id;
  const fs::path images = is_folder(folder / id) ? folder / id : folder;
  recording.video.file = images;
  if (is_folder(images)) recording.video = image_folder(images, nominal_rate_hz);
  const std::string json = concat(id, ".json");
  recording.labels = is_there(folder / json) ? folder / json : root / json;
  if (!is_there(recording.labels)) recording.labels = folder / json;
  if (recording.video.images.empty()) {
    add_problem(recording, concat(images.string(), ": no images"));
  }
  add_problem(recording, file_problem(recording.labels));
  return recording;
}

std::vector<data::Recording> discover(const fs::path& root) {
  std::set<std::string> ids;
  for (const fs::path& entry : sorted_entries(root)) {
    const bool folder = is_folder(entry);
    const bool labels = !folder && entry.extension() == ".json";
    const std::string name = (labels ? entry.stem() : entry.filename()).string();
    if ((folder || labels) && is_id(name)) ids.insert(name);
  }
  if (ids.empty()) {
    throw Error(Status::malformed, root,
                "no PURE recording: expected folders NN-MM with NN-MM.json and NN-MM/*.png");
  }
  std::vector<data::Recording> recordings;
  for (const std::string& id : ids) recordings.push_back(describe(root, id));
  sort_by_subject(recordings);
  return recordings;
}

/// One of the two lists of a PURE file, with errors that name file and element.
class Packages {
 public:
  Packages(const io::Json& document, const fs::path& file, std::string_view name)
      : file_(file), name_(name) {
    if (!document.is_object() || !document.contains(name_) || !document[name_].is_array()) {
      throw Error(Status::malformed, file_, concat("no list \"", name_, "\""));
    }
    list_ = &document[name_];
    if (list_->empty()) throw Error(Status::malformed, file_, concat("\"", name_, "\" is empty"));
  }

  std::size_t size() const { return list_->size(); }

  std::int64_t stamp_ns(std::size_t index) const {
    const io::Json* stamp = member((*list_)[index], "Timestamp");
    if (stamp == nullptr || !stamp->is_number_integer() || *stamp < 0 ||
        *stamp > std::numeric_limits<std::int64_t>::max()) {
      fail(index, "Timestamp is not a whole number of nanoseconds");
    }
    return stamp->get<std::int64_t>();
  }

  double value(std::size_t index, const char* key) const {
    const io::Json* values = member((*list_)[index], "Value");
    const io::Json* number = values == nullptr ? nullptr : member(*values, key);
    if (number == nullptr || !number->is_number()) {
      fail(index, concat("Value.", key, " is not a number"));
    }
    return number->get<double>();
  }

 private:
  static const io::Json* member(const io::Json& object, const char* key) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
  }

  [[noreturn]] void fail(std::size_t index, std::string_view why) const {
    throw Error(Status::malformed, file_, concat("\"", name_, "\"[", index, "]: ", why));
  }

  const fs::path& file_;
  std::string name_;
  const io::Json* list_ = nullptr;
};

/// Images of the folder against images of the file.
void check_count(const data::Recording& recording, std::size_t listed) {
  const std::size_t found = recording.video.images.size();
  if (found == listed) return;
  const std::string what =
      concat("lists ", listed, " images, but ", recording.video.file.string(), " has ", found);
  const double difference = std::abs(static_cast<double>(found) - static_cast<double>(listed));
  if (difference > tolerated_share * static_cast<double>(std::max(found, listed))) {
    throw Error(Status::malformed, recording.labels, what);
  }
  log::warning(concat(recording.labels.string(), ": ", what));
}

}  // namespace

data::Labels read_pure_labels(const data::Recording& recording) {
  const io::Json document = io::read_json(recording.labels, label_limit_bytes);
  const Packages samples(document, recording.labels, "/FullPackage");
  const Packages frames(document, recording.labels, "/Image");
  std::optional<std::int64_t> zero_ns;
  if (!recording.video.images.empty()) {
    check_count(recording, frames.size());
    zero_ns = first_stamp_ns(recording.video);
  }
  data::Labels labels;
  labels.nominal_rate_hz = oximeter_rate_hz;
  if (!zero_ns) {
    zero_ns = frames.stamp_ns(0);
    for (std::size_t i = 0; i < frames.size(); ++i) {
      labels.frame_time_s.push_back(seconds_between(*zero_ns, frames.stamp_ns(i)));
    }
  }
  for (std::size_t i = 0; i < samples.size(); ++i) {
    labels.time_s.push_back(seconds_between(*zero_ns, samples.stamp_ns(i)));
    labels.ppg.push_back(samples.value(i, "waveform"));
    labels.device_hr_bpm.push_back(samples.value(i, "pulseRate"));
  }
  return labels;
}

const data::Layout pure{
    .name = "pure",
    .title = "PURE",
    .description = "NN-MM/NN-MM/Image<ns>.png (or NN-MM/*.png) and NN-MM/NN-MM.json",
    .reference = "Stricker et al., RO-MAN 2014",
    .discover = discover,
    .read_labels = read_pure_labels};

}  // namespace rppg::datasets
