/// A finished output folder, read back for a report.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "results/ledger.h"
#include "results/metrics.h"
#include "results/protocol.h"
#include "results/provenance.h"
#include "results/store.h"

namespace rppg::results {

/// One recording that has a result, as far as tables and charts of rates need it.
struct RunRecording {
  std::string id;
  std::string dataset;
  std::string subject;
  std::string view;
  std::string state;
  std::string reason;  ///< "no_pulse" where there is no heart rate; else empty
  std::vector<WindowScore> windows;

  /// Mean |prediction - reference| over the windows where both are finite; NaN without one.
  double absolute_error_bpm() const;
};

struct Run {
  std::filesystem::path folder;
  std::string label;    ///< shortest end of the folder's path that no other run of the report has
  std::string method;   ///< name of the method or model
  std::string dataset;  ///< names of the data sets, joined by " + "

  RunRecord record;  ///< run.json
  std::string protocol_hash;

  // metrics.json
  std::vector<MetricValue> metrics;
  Coverage coverage;
  std::vector<RunRecording> recordings;

  std::vector<LedgerEntry> entries;  ///< ledger.jsonl

  const Protocol& protocol() const { return record.protocol; }
  /// Recordings with at least one window whose rates are both finite: those behind the metrics.
  std::size_t scored() const;
  /// Their subjects (data set and subject together).
  std::size_t subjects() const;
  /// Every recording is behind the metrics, and the run came to its end.
  bool fully_covered() const;
  /// "40/42 recordings scored (1 failed, 1 skipped)".
  std::string coverage_text() const;
  /// The metric of that name, letter case ignored; nullptr when there is none.
  const MetricValue* metric(std::string_view name) const;
};

/// All windows with finite rates, as the metrics take them.
std::vector<ScoredPair> scored_pairs(const RunRecording& recording);
std::vector<ScoredPair> scored_pairs(const Run& run);

/// Reads folders that `evaluate` or `merge` wrote.
///
/// Throws Error: missing where a folder holds no scored run; malformed, naming the file, where one
/// of its files is damaged or ledger, metrics and results do not add up; usage for the same folder
/// twice.
std::vector<Run> read_runs(const std::vector<std::filesystem::path>& folders);

/// Runs of the same protocol (name and hash) together, in order of first appearance: numbers of
/// different protocols never stand in one table or chart.
std::vector<std::vector<const Run*>> by_protocol(const std::vector<Run>& runs);

/// Everything stored of one recording, waveforms included. Throws as read_recording does.
RecordingResult read_waveforms(const Run& run, const std::string& id);

/// Compares metrics with expected values, {"LABEL": {"MAE": {"value": 1.2, "tolerance": 0.1}}}.
///
/// One line for each that deviates, is undefined or belongs to a run that is not there; none when
/// all agree. Throws Error(malformed) naming the file where it is not of this form.
std::vector<std::string> deviations(const std::vector<Run>& runs,
                                    const std::filesystem::path& expected_file);

}  // namespace rppg::results
