/// The layouts that synthetic data sets come in; one file each.
#pragma once

#include <span>
#include <string_view>

#include "datasets/synthetic.h"
#include "datasets/synthetic/film.h"
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

/// Films the take into one video file.
Truth write_video(const std::filesystem::path& file, const Session& session, const Take& take,
                  const SyntheticOptions& options, double rate_hz);

/// number with leading zeros.
std::string padded(std::int64_t number, std::size_t digits);

}  // namespace rppg::datasets
