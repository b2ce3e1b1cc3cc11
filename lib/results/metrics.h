/// Metrics over recordings: MAE, RMSE, MAPE, Pearson, SNR, MACC and their uncertainty.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "results/protocol.h"

namespace rppg::results {

/// One scored window with the subject it belongs to.
struct ScoredPair {
  std::string subject;  ///< unique over all data sets: what the bootstrap draws
  double hr_reference_bpm = 0;
  double hr_predicted_bpm = 0;
  double snr_db = 0;
  double macc = 0;
};

struct MetricValue {
  std::string name;           ///< "MAE"
  std::string unit;           ///< "bpm"
  double value = 0;           ///< NaN when undefined; `reason` says why
  double standard_error = 0;  ///< NaN for those without a customary one (MedianAE, CCC)
  double ci95_low = 0;        ///< bootstrap over subjects; NaN with fewer than two
  double ci95_high = 0;
  std::string reason;  ///< why undefined, or how many windows are left out; else empty
  std::size_t n = 0;   ///< windows behind the value
};

/// All metrics, in the order of the table in metrics.cpp: MAE, RMSE, MAPE, Pearson, SNR, MACC,
/// MedianAE, Within5bpm, CCC, Bias (prediction - reference), LoALow, LoAHigh.
/// Equations: docs/methods.md, "Metrics". Windows whose rates (for SNR and MACC: whose value) are
/// not finite are left out and counted in the reason.
std::vector<MetricValue> compute_metrics(const std::vector<ScoredPair>& pairs,
                                         const Protocol& protocol);

/// Whether smaller or larger values are better.
enum class Direction { smaller, larger, none };
struct MetricInfo {
  std::string_view name;
  std::string_view unit;
  Direction direction;
  int decimals;  ///< as printed in tables
};
/// All metrics in the order in which they are computed and printed.
const std::vector<MetricInfo>& metric_table();

/// A condition such as "mae>3" (names without regard to case; < <= > >=).
struct Gate {
  std::string metric;
  std::string comparison;
  double limit = 0;
};
/// Throws Error(usage).
Gate parse_gate(std::string_view text);
/// True when the gate's condition is met (or the metric is undefined): the run shall fail.
bool gate_fails(const Gate& gate, const std::vector<MetricValue>& metrics);

}  // namespace rppg::results
