/// Output folders with known numbers, for the tests of reports.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "results/ledger.h"
#include "results/store.h"

namespace rppg::test {

struct FakeRecording {
  std::string id;
  std::string subject;
  double reference_bpm = 70;
  double prediction_bpm = 70;  ///< NaN: no heart rate
  std::string dataset = "pure";
  std::string state;
  std::string view;
};

/// 12 s at 30 Hz: pulses of these rates, the prediction with noise, and one window with exactly
/// these rates.
results::RecordingResult fake_result(const FakeRecording& fake);

/// The folder that `evaluate --method METHOD` would have written for these recordings.
void write_fake_run(const std::filesystem::path& folder, const std::string& method,
                    const std::vector<FakeRecording>& recordings,
                    const std::vector<results::LedgerEntry>& others = {},
                    const std::string& protocol = "default");

/// n recordings with errors of 0, 0.5, 1, ... bpm, signs in turn.
std::vector<FakeRecording> fake_recordings(int n, double scale = 0.5);

}  // namespace rppg::test
