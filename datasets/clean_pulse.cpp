#include "datasets/clean_pulse.h"

#include <filesystem>

#include "base/error.h"
#include "base/text.h"
#include "io/json.h"

namespace rppg::datasets {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> truth_file(const data::Recording& recording) {
  const fs::path folder = recording.labels.parent_path();
  const std::string name = concat(recording.labels.stem().string(), ".truth.json");
  for (const fs::path& file : {folder / "truth.json", folder.parent_path() / "truth" / name}) {
    if (fs::exists(file)) return file;
  }
  return std::nullopt;
}

}  // namespace

std::optional<CleanPulse> read_clean_pulse(const data::Recording& recording) {
  const std::optional<fs::path> file = truth_file(recording);
  if (!file) return std::nullopt;
  const io::Json json = io::read_json(*file);
  CleanPulse result;
  try {
    result.stamp_s = json.at("stamp_s").get<std::vector<double>>();
    result.pulse = json.at("finger_pulse").get<std::vector<double>>();
  } catch (const io::Json::exception& error) {
    throw Error(Status::malformed, *file, error.what());
  }
  if (result.pulse.empty() || result.pulse.size() != result.stamp_s.size()) {
    throw Error(Status::malformed, *file, "finger_pulse and stamp_s differ in length");
  }
  return result;
}

}  // namespace rppg::datasets
