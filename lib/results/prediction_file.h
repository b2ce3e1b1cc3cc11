/// Waveforms that some other program (or an earlier run) stored, to be scored without video.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "results/protocol.h"
#include "results/store.h"
#include "signal/waveform.h"

namespace rppg::results {

struct StoredPrediction {
  std::string id;
  std::string dataset;
  std::string subject;
  Waveform prediction;
  Waveform reference;
};

/// Reads HDF5 (every group with the data sets `prediction` and `reference` or `label`, at most four
/// levels down; results.h5 of ours is one such file) or CSV (columns id, prediction, reference, and
/// optionally time, subject); docs/formats.md, "Predictions". The rate is the group's attribute
/// `rate_hz` (or `fs`), else that of the file, else from the column `time`, else rate_hz.
///
/// Throws Error(missing), or Error(malformed) naming the group or line: no predictions, no rate,
/// values that are not finite.
std::vector<StoredPrediction> read_predictions(const std::filesystem::path& file, double rate_hz);

/// The prediction with this id, which must be there.
const StoredPrediction& find_stored(const std::vector<StoredPrediction>& all,
                                    const std::string& id);

RecordingResult score_stored(const StoredPrediction& stored, const Protocol& protocol,
                             bool differenced);

}  // namespace rppg::results
