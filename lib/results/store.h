/// Results of one recording as an HDF5 file, and results.h5 of a whole run.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "io/hdf5.h"
#include "results/scoring.h"
#include "signal/waveform.h"

namespace rppg::results {

/// Everything that is kept of one recording; docs/formats.md, "Recordings".
struct RecordingResult {
  std::string id;
  std::string dataset;
  std::string subject;
  std::string session;
  std::string view;
  std::string state;
  std::string status = "ok";  ///< "ok", or "no_pulse" when the quality is too low for a heart rate

  double start_s = 0;   ///< time of sample 0
  Waveform prediction;  ///< as the method or model gives it
  Waveform reference;   ///< empty without labels
  Score score;
  double heart_rate_bpm = 0;  ///< over the whole recording; NaN for no_pulse
  double quality = 0;         ///< signal quality of the prediction, 0..1

  std::vector<double> face_time_s;                    ///< per video frame
  std::vector<std::array<std::int64_t, 4>> face_box;  ///< x, y, width, height
  std::vector<std::uint8_t> face_state;               ///< video::FaceState

  std::map<std::string, double> numbers;     ///< further attributes: "frame_rate_mean_hz", ...
  std::map<std::string, std::string> texts;  ///< "method", "protocol", "codec", ...
};

/// The bytes of recordings/ID.h5; equal results give equal bytes.
std::vector<std::byte> recording_image(const RecordingResult& result);

/// Reads recordings/ID.h5 (group "/") or a group of results.h5.
/// Throws Error(malformed) naming file and data set.
RecordingResult read_recording(const std::filesystem::path& file, const std::string& group = "/");

/// Ids in a results.h5.
std::vector<std::string> recording_ids(const std::filesystem::path& results_file);

/// Builds results.h5, a group per recording in the order of the calls. Only the image of the file
/// is held in memory (about 60 kB for a minute of waveforms), so that results can be added one by
/// one as they are read.
class ResultsWriter {
 public:
  ResultsWriter();
  void add(const RecordingResult& result);
  /// The finished file; the writer is empty afterwards.
  std::vector<std::byte> finish();

 private:
  io::Hdf5Writer writer_;
};

/// The bytes of results.h5: one group per recording, in order of id.
std::vector<std::byte> results_image(const std::vector<RecordingResult>& results);

}  // namespace rppg::results
