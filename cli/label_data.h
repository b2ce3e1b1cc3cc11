/// From data sets and label files to clips of contact PPG; no video is opened.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/inputs.h"
#include "data/alignment.h"
#include "results/ledger.h"
#include "signal/pulse_label.h"

namespace rppg::cli {

/// Data sets, and label files in a format that their name tells: ground_truth.txt (UBFC-rPPG),
/// gtdump.xmp (its first release), *.csv (columns time, ppg), *.json (PURE), other *.txt
/// (MCD-rPPG). Throws as select_items, and Error(usage) for another name.
std::vector<Item> select_labels(const std::vector<std::string>& inputs);

struct LabelReading {
  data::Alignment alignment = data::Alignment::timestamps;
  double rate_hz = 30;
  std::size_t clip_samples = 160;
};

/// The labels of one recording.
struct LabelRecording {
  results::LedgerEntry entry;
  double start_s = 0;              ///< of sample 0, on the labels' clock
  std::vector<std::size_t> clips;  ///< clip i begins at sample clips[i] * clip_samples
  std::vector<std::vector<double>> raw;
  std::vector<std::vector<double>> prepared;
  std::vector<std::vector<double>> clean;  ///< empty where the clean pulse is not known
};

/// Reads all items, several at a time; clips without a wave are left out, a recording without any
/// clip fails. The result has an entry for every item. Throws Error(interrupted), and with
/// fail_fast the Error of the first recording that fails.
std::vector<LabelRecording> read_labels(const std::vector<Item>& items, const LabelReading& how,
                                        int jobs, bool fail_fast);

/// The clips of these recordings; clean pulses only if all have theirs.
signal::LabelClips clips_of(const std::vector<LabelRecording>& recordings,
                            const std::vector<std::size_t>& which, double rate_hz);

}  // namespace rppg::cli
