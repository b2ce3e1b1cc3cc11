#include "cli/inputs.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <iterator>
#include <map>
#include <utility>

#include "base/text.h"
#include "data/split.h"
#include "datasets/registry.h"

namespace rppg::cli {
namespace {

namespace fs = std::filesystem;

bool names_layout(const std::string& input) {
  return std::any_of(
      datasets::layouts().begin(), datasets::layouts().end(),
      [&](const data::Layout& layout) { return input.starts_with(concat(layout.name, ":")); });
}

/// text as an id: other characters than letters, digits, '.', '_' and '-' become '_'.
std::string id_of(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '_' && c != '-';
      },
      '_');
  if (text.empty() || text.front() == '.' || text.front() == '-') text.insert(0, "video");
  return text.substr(0, 120);
}

std::string folder_name(const fs::path& file) {
  return fs::absolute(file).lexically_normal().parent_path().filename().string();
}

data::Recording video_recording(const std::string& input, const std::string& id) {
  data::Recording recording;
  recording.video.file = input;
  recording.dataset = "video";
  recording.id = recording.subject = id;
  if (!fs::exists(input)) recording.problem = concat(input, ": cannot open: no such file");
  return recording;
}

}  // namespace

std::vector<Item> select_items(const std::vector<std::string>& dataset_names) {
  std::vector<Item> items;
  for (const std::string& text : dataset_names) {
    const data::DatasetName name = data::parse_dataset_name(text);
    const data::Layout& layout = datasets::find_layout(name.layout);
    for (data::Recording& recording :
         data::select_subjects(layout.discover(name.path), name.begin, name.end)) {
      if (dataset_names.size() > 1) recording.id = concat(layout.name, "-", recording.id);
      items.push_back({&layout, std::move(recording)});
    }
  }
  sort_by_id(items);
  return items;
}

std::vector<Item> select_inputs(const std::vector<std::string>& inputs) {
  std::vector<std::string> videos;
  std::vector<std::string> dataset_names;
  std::partition_copy(inputs.begin(), inputs.end(), std::back_inserter(dataset_names),
                      std::back_inserter(videos), names_layout);
  std::map<std::string, int> same_stem;
  for (const std::string& video : videos) ++same_stem[fs::path(video).stem().string()];

  std::vector<Item> items = select_items(dataset_names);
  for (const std::string& video : videos) {
    const std::string stem = fs::path(video).stem().string();
    const bool shared = same_stem[stem] > 1;
    const std::string id = id_of(shared ? concat(folder_name(video), "-", stem) : stem);
    items.push_back({nullptr, video_recording(video, id)});
  }
  data::require_unique_ids(recordings_of(items));
  return items;
}

std::vector<data::Recording> recordings_of(const std::vector<Item>& items) {
  std::vector<data::Recording> recordings;
  recordings.reserve(items.size());
  for (const Item& item : items) recordings.push_back(item.recording);
  return recordings;
}

void sort_by_id(std::vector<Item>& items) {
  std::sort(items.begin(), items.end(),
            [](const Item& a, const Item& b) { return a.recording.id < b.recording.id; });
  data::require_unique_ids(recordings_of(items));
}

}  // namespace rppg::cli
