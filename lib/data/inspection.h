/// What a recording consists of, and what is wrong with it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/frame_times.h"
#include "video/reader.h"

namespace rppg::data {

struct LabelFacts {
  std::size_t samples = 0;
  double seconds = 0;
  double nominal_rate_hz = 0;
  std::int64_t repeated = 0;          ///< stamps that do not rise
  std::optional<ClockReport> clocks;  ///< where the times of the frames are known
};

struct Inspection {
  std::optional<video::StreamInfo> stream;    ///< none when the video cannot be opened
  std::optional<video::ReadSummary> reading;  ///< of a deep inspection
  std::optional<FrameTiming> timing;          ///< where the times of the frames are known
  std::optional<LabelFacts> labels;           ///< none without, or when they cannot be read
  std::vector<std::string> problems;          ///< one line each; empty = sound
};

/// Opens video and labels (layout may be null: no labels); deep decodes every frame and compares
/// the checksum. What align() would refuse is a problem, too, as far as frame times are known.
/// Problems of the recording are part of the result. Throws Error(interrupted) only.
Inspection inspect(const Recording& recording, const Layout* layout, bool deep,
                   const video::ReaderOptions& options);

}  // namespace rppg::data
