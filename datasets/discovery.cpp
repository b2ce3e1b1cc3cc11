// Steps that finding the recordings of a layout has in common.
#include "datasets/discovery.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "data/split.h"

namespace rppg::datasets {

namespace fs = std::filesystem;

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> entries;
  fs::directory_iterator iterator(folder, error);
  for (; !error && iterator != fs::directory_iterator(); iterator.increment(error)) {
    const fs::path& entry = iterator->path();
    if (!entry.filename().string().starts_with('.')) entries.push_back(entry);
  }
  if (error) {
    throw Error(Status::missing, folder, concat("cannot list folder: ", error.message()));
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(path, error);
}

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

std::string file_problem(const fs::path& file) {
  std::error_code error;
  const fs::file_status status = fs::status(file, error);
  if (status.type() == fs::file_type::not_found) return concat(file.string(), ": no such file");
  if (error) return concat(file.string(), ": cannot open: ", error.message());
  if (!fs::is_regular_file(status)) return concat(file.string(), ": not a regular file");
  const auto size = fs::file_size(file, error);
  if (!error && size == 0) return concat(file.string(), ": empty file");
  return "";
}

void add_problem(data::Recording& recording, std::string_view problem) {
  if (problem.empty()) return;
  recording.problem += concat(recording.problem.empty() ? "" : "; ", problem);
}

void sort_by_subject(std::vector<data::Recording>& recordings) {
  std::stable_sort(recordings.begin(), recordings.end(),
                   [](const data::Recording& a, const data::Recording& b) {
                     if (data::subject_less(a.subject, b.subject)) return true;
                     if (data::subject_less(b.subject, a.subject)) return false;
                     return a.id < b.id;
                   });
}

namespace {

bool is_image(const fs::path& file) {
  constexpr std::array<std::string_view, 6> endings{".png", ".PNG",  ".jpg",
                                                    ".JPG", ".jpeg", ".JPEG"};
  return std::find(endings.begin(), endings.end(), file.extension().string()) != endings.end();
}

/// Of "Image1392643993642815000.png"; "Image0001.png" is a count and no stamp.
std::optional<std::int64_t> image_stamp_ns(const fs::path& image) {
  constexpr std::string_view prefix = "Image";
  constexpr std::size_t digits = 19;  // since 2001
  const std::string stem = image.stem().string();
  if (!stem.starts_with(prefix) || stem.size() != prefix.size() + digits) return std::nullopt;
  const auto stamp_ns = parse_integer(std::string_view(stem).substr(prefix.size()));
  if (!stamp_ns || *stamp_ns < 0) return std::nullopt;
  return *stamp_ns;
}

/// Times of images that all carry stamps, after sorting by them; empty when one does not.
std::vector<double> stamped_times(std::vector<fs::path>& images) {
  std::vector<std::pair<std::int64_t, fs::path>> stamped;
  for (const fs::path& image : images) {
    const auto stamp_ns = image_stamp_ns(image);
    if (!stamp_ns) return {};
    stamped.emplace_back(*stamp_ns, image);
  }
  std::sort(stamped.begin(), stamped.end());
  std::vector<double> times_s;
  for (std::size_t i = 0; i < stamped.size(); ++i) {
    times_s.push_back(seconds_between(stamped.front().first, stamped[i].first));
    images[i] = stamped[i].second;
  }
  return times_s;
}

}  // namespace

video::VideoSource image_folder(const fs::path& folder, double rate_hz) {
  video::VideoSource source;
  source.file = folder;
  source.images = sorted_entries(folder);
  std::erase_if(source.images, [](const fs::path& file) { return !is_image(file); });
  source.image_times_s = stamped_times(source.images);
  if (source.image_times_s.empty()) {
    for (std::size_t i = 0; i < source.images.size(); ++i) {
      source.image_times_s.push_back(rate_hz > 0 ? static_cast<double>(i) / rate_hz : 0);
    }
  }
  return source;
}

std::optional<std::int64_t> first_stamp_ns(const video::VideoSource& source) {
  const auto has_stamp = [](const fs::path& image) { return image_stamp_ns(image).has_value(); };
  const bool stamped = std::all_of(source.images.begin(), source.images.end(), has_stamp);
  return stamped && !source.images.empty() ? image_stamp_ns(source.images.front()) : std::nullopt;
}

double seconds_between(std::int64_t begin_ns, std::int64_t end_ns) {
  return static_cast<double>(end_ns - begin_ns) * 1e-9;
}

}  // namespace rppg::datasets
