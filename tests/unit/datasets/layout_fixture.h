/// What tests of the layouts have in common: recordings by id, errors as text, copies of fixtures.
#pragma once

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/atomic_file.h"
#include "base/error.h"
#include "data/recording.h"
#include "support/resources.h"

namespace rppg::test {

/// Text of the Error that call throws, "accepted" without one.
template <typename Call>
std::string error_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

inline std::vector<std::string> ids(const std::vector<data::Recording>& recordings) {
  std::vector<std::string> result;
  for (const data::Recording& recording : recordings) result.push_back(recording.id);
  return result;
}

inline const data::Recording& by_id(const std::vector<data::Recording>& recordings,
                                    std::string_view id) {
  const auto found =
      std::find_if(recordings.begin(), recordings.end(),
                   [id](const data::Recording& recording) { return recording.id == id; });
  if (found == recordings.end()) throw std::runtime_error("no recording " + std::string(id));
  return *found;
}

/// A copy of a fixture folder that a test may damage.
class FixtureCopy {
 public:
  explicit FixtureCopy(std::string_view name) {
    std::filesystem::copy(fixture(name), folder_.path(), std::filesystem::copy_options::recursive);
  }
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
};

/// A recording that is nothing but a label file with this text.
class LabelFile {
 public:
  LabelFile(std::string_view name, std::string_view text) {
    recording_.labels = folder_.path() / name;
    write_file(recording_.labels, text);
  }
  const data::Recording& recording() const { return recording_; }

 private:
  TemporaryFolder folder_;
  data::Recording recording_;
};

}  // namespace rppg::test
