/// The public layouts, one file each, and their label files (which manifests name, too).
#pragma once

#include <filesystem>

#include "data/dataset.h"

namespace rppg::datasets {

extern const data::Layout ubfc_rppg;
extern const data::Layout pure;
extern const data::Layout mcd_rppg;
extern const data::Layout manifest;

/// Label files longer than this are refused (the longest public one has 2 MB).
constexpr std::size_t label_limit_bytes = std::size_t{32} << 20;

/// UBFC-rPPG release 2, ground_truth.txt: a line of PPG values, one of the device's heart rates and
/// one of times (s), each with a value per frame. Throws as Layout::read_labels does, as all below.
data::Labels read_ubfc_rppg_labels(const data::Recording& recording);

/// UBFC-rPPG release 1, gtdump.xmp: rows "time (ms), heart rate, SpO2, PPG" without header, on the
/// clock of the video.
data::Labels read_ubfc_rppg_1_labels(const data::Recording& recording);

/// PURE, NN-MM.json: the oximeter's packages and the images, both with stamps in ns. Images that do
/// not carry their stamps in their names, and video files, take the stamps of the JSON file.
data::Labels read_pure_labels(const data::Recording& recording);

/// MCD-rPPG: ppg_sync (a value per frame and its distance from the frame, s), or the sensor's own
/// samples (.PW), with the stamps of the frames from `frame_times` (a file of meta/).
/// A flat PPG (standard deviation below 5 counts) and one without samples near the frames are
/// refused.
data::Labels read_mcd_rppg_labels(const data::Recording& recording);

}  // namespace rppg::datasets
