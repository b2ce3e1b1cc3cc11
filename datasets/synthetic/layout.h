/// The layouts that synthetic data sets come in; one file each.
#pragma once

#include <filesystem>
#include <span>
#include <string_view>

#include "datasets/synthetic.h"
#include "datasets/synthetic/body/frame_clock.h"
#include "datasets/synthetic/scene/film.h"
#include "video/writer.h"

namespace rppg::datasets {

/// One layout: what it accepts and how its recordings are made.
struct SyntheticLayout {
  std::string_view name;
  std::span<const std::string_view> codecs;  ///< the first one is that of the public data set
  int max_subjects = 0;
  int max_recordings = 1;  ///< per subject
  /// options are checked, and the codec is filled in.
  SyntheticPlan (*plan)(const SyntheticOptions& options);
};

extern const SyntheticLayout synthetic_ubfc_rppg;
extern const SyntheticLayout synthetic_pure;
extern const SyntheticLayout synthetic_mcd_rppg;

/// Frames of a recording at this rate; at least 2.
std::int64_t frame_count(const SyntheticOptions& options, double rate_hz);

/// The preset of the options with what they change.
Difficulty difficulty_of(const SyntheticOptions& options);

/// Photograph of subject `index`: they take turns; empty without any.
std::filesystem::path face_of(const SyntheticOptions& options, int index);

/// Of video files: ".mp4" for H.264, else ".avi".
std::string video_suffix(const SyntheticOptions& options);

/// Films the take into one video file at this rate in its header, less the last frames_lost frames.
Truth write_video(const std::filesystem::path& file, const Session& session, const Take& take,
                  const SyntheticOptions& options, double rate_hz, std::size_t frames_lost = 0);

/// number with leading zeros.
std::string padded(std::int64_t number, std::size_t digits);

}  // namespace rppg::datasets
