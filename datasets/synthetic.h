/// Synthetic data sets with a known pulse, in the exact layout of public ones.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace rppg::datasets {

struct SyntheticOptions {
  std::string layout;
  std::filesystem::path folder;
  int subjects = 8;
  double seconds = 30;  ///< of each recording
  int width = 640;
  int height = 480;
  std::string difficulty = "easy";
  std::uint64_t seed = 1;
  std::string codec;                         ///< "" = what the public data set has
  double rate_hz = 0;                        ///< of the frames; 0 = that of the public data set
  int recordings = 1;                        ///< per subject (pure: its setups)
  double bitrate_kbps = 0;                   ///< of mpeg4 and h264; 0 = that of the preset
  std::vector<std::filesystem::path> faces;  ///< photographs; subjects take turns; none: drawn
  std::string label_noise;                   ///< changes the preset's, as "bursts=0.1,wander=0.2"
  std::string timing;                        ///< the same for the camera's clock, as "dropped=0.01"
  bool quirks = false;                       ///< oddities of the public files, whatever the preset
};

/// One recording that can be made, independently of all others.
struct SyntheticRecording {
  std::string id;
  std::vector<std::filesystem::path> files;  ///< relative to the data set's folder
  std::int64_t frames = 0;
  std::function<void()> write;
};

struct SyntheticPlan {
  std::vector<SyntheticRecording> recordings;
  std::vector<std::filesystem::path> index_files;  ///< about all recordings, relative
  std::function<void()> write_index;               ///< empty without index files
  std::uint64_t bytes = 0;                         ///< at most needed on disk
};

/// "ubfc-rppg, pure, mcd-rppg".
std::string synthetic_layout_names();

/// What label_noise and timing may name, with ranges and units; and the presets.
std::string synthetic_label_noise_help();
std::string synthetic_timing_help();
std::string synthetic_difficulty_names();

/// What would be written; touches nothing. Subject i is the same whatever the number of subjects.
/// Throws Error(usage) for options that are unknown, out of range or unfit for the layout.
SyntheticPlan plan_synthetic(const SyntheticOptions& options);

/// Throws Error(cannot_create) when folder cannot be made, is not empty (unless `force`) or has
/// less free space than the plan needs.
void prepare_synthetic_folder(const SyntheticPlan& plan, const std::filesystem::path& folder,
                              bool force);

}  // namespace rppg::datasets
