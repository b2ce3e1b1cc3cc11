/// The summary of a run: metrics.json and metrics.csv, made of the ledger and the stored results
/// alone, so that direct, resumed and merged runs give the same bytes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "results/ledger.h"
#include "results/metrics.h"
#include "results/protocol.h"
#include "results/store.h"

namespace rppg::results {

/// What the summary keeps of one recording; waveforms are not among it.
struct SummaryRow {
  LedgerEntry entry;
  std::string session;
  std::string view;
  std::string state;
  std::string status;  ///< ok (also for cached), failed, skipped
  std::string reason;  ///< of the ledger; "no_pulse" for a result without a heart rate
  std::vector<WindowScore> windows;  ///< none without a result
  double quality = 0;
  double lag_s = 0;
  double drift_s_per_min = 0;
  std::optional<double> face_coverage;  ///< share of frames with a face
};

/// Row of a recording that failed or was skipped.
SummaryRow summarize(const LedgerEntry& entry);
/// Row of a recording with a result.
SummaryRow summarize(const LedgerEntry& entry, const RecordingResult& result);

/// Metrics over all windows of all rows; the bootstrap draws subjects of a data set.
std::vector<MetricValue> compute_metrics(const std::vector<SummaryRow>& rows,
                                         const Protocol& protocol);

/// Text of metrics.json; docs/formats.md, "Metrics". Rates, SNR and MACC of a recording with
/// several windows are the means over its windows with finite values; the windows stand beside
/// them. What is not finite is null.
std::string metrics_json(const std::vector<SummaryRow>& rows,
                         const std::vector<MetricValue>& metrics, const Protocol& protocol);

/// Text of metrics.csv: a header and one line per recording; what is not finite is an empty cell.
std::string metrics_csv(const std::vector<SummaryRow>& rows);

}  // namespace rppg::results
