/// From data sets to the frames and labels of a training.
#pragma once

#include <string_view>
#include <vector>

#include "cli/estimation.h"
#include "cli/inputs.h"
#include "cli/reading.h"
#include "data/face_videos.h"
#include "training/validation.h"

namespace rppg::cli {

/// Reads all items with their labels into videos, each at its own place, several at a time; a
/// recording with fewer than min_frames frames fails. The result has an entry for every item.
/// Throws Error(interrupted), and with fail_fast the Error of the first recording that fails.
std::vector<training::ValidationRecording> read_videos(const std::vector<Item>& items,
                                                       const RecordingReader& reader,
                                                       std::size_t min_frames, int jobs,
                                                       bool fail_fast, std::string_view label,
                                                       data::FaceVideos& videos);

}  // namespace rppg::cli
