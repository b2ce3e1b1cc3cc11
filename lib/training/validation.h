/// How well a network does on recordings that it is not trained on.
#pragma once

#include <string>
#include <vector>

#include "data/face_videos.h"
#include "models/model.h"
#include "results/ledger.h"
#include "results/protocol.h"
#include "signal/waveform.h"
#include "tensor/arena.h"
#include "training/objectives.h"

namespace rppg::training {

/// One recording to validate on; its frames stand at the same place of the FaceVideos.
struct ValidationRecording {
  results::LedgerEntry entry;  ///< ok, or why it is left out
  std::string session;
  std::string view;
  std::string state;
  std::vector<double> frame_time_s;
  double start_s = 0;  ///< of the reference
  Waveform reference;  ///< on the even grid
  double face_coverage = 0;
};

struct ValidationResult {
  double loss = 0;      ///< mean over the whole clips of all recordings; NaN without one
  double mae_bpm = 0;   ///< of the heart rate, over the windows of all recordings; NaN without one
  std::string metrics;  ///< text of metrics.json, as `evaluate` writes it for the same recordings
};

class Validation {
 public:
  /// videos must outlive this; a recording without frames there is one that failed.
  Validation(const data::FaceVideos& videos, std::vector<ValidationRecording> recordings,
             const results::Protocol& protocol);

  /// Throws Error(interrupted) when a stop was requested, Error(malformed) for outputs that are not
  /// finite.
  ValidationResult operator()(const models::Model& model, const Objective& objective, Arena& arena,
                              int threads) const;

 private:
  const data::FaceVideos& videos_;
  std::vector<ValidationRecording> recordings_;
  results::Protocol protocol_;
};

}  // namespace rppg::training
