/// One recording of a data set, and its contact-PPG labels.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "video/reader.h"

namespace rppg::data {

/// One video with its subject, conditions and label file. Nothing is opened to make one.
struct Recording {
  std::string id;       ///< unique in its data set, [A-Za-z0-9._-]{1,128}; names outputs
  std::string dataset;  ///< layout name, "pure"
  std::string subject;  ///< splits never part the recordings of one subject
  std::string session;  ///< which recording of the subject: "01", "after"
  std::string view;     ///< "frontal", "left", "right", or "" where there is one camera
  std::string state;    ///< condition in words: "steady", "rest", "after-exercise"
  video::VideoSource video;
  std::filesystem::path labels;  ///< label file; empty when there is none
  std::string labels_format;     ///< manifest only: how `labels` is read
  std::string frame_times;       ///< file of frame times, where the layout has one (MCD-rPPG meta)
  double rate_hz = 0;   ///< nominal frame rate that the layout or manifest states; 0 = none
  double start_s = 0;   ///< part of the video to use
  double stop_s = 0;    ///< 0 = to its end
  std::string sha256;   ///< expected digest of the video file; empty = not checked
  std::string problem;  ///< why it cannot be used, found on discovery; empty = none
};

/// Contact PPG of one recording. Both time axes run on one clock.
struct Labels {
  std::vector<double> time_s;  ///< of the samples, as stored (may repeat or jump)
  std::vector<double> ppg;
  /// One per video frame; empty when the container's own stamps are the frame times.
  std::vector<double> frame_time_s;
  std::vector<double>
      device_hr_bpm;           ///< what the device showed; for `inspect` only, never a reference
  double nominal_rate_hz = 0;  ///< of the PPG, as the layout defines it
  bool per_frame = false;      ///< sample i belongs to frame i (UBFC-rPPG release 2, MCD-rPPG)
};

}  // namespace rppg::data
