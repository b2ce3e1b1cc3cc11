/// The tables of a report: what stands in them, and their Markdown, LaTeX, HTML and CSV.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results/run.h"

namespace rppg::results {

/// What stands behind the ± of a metric.
enum class Spread { standard_error, ci95 };

enum class Emphasis { none, best, second };

struct Cell {
  std::string text;
  std::string spread;  ///< "± 0.12" or "[0.9, 1.4]"; may be empty
  Emphasis emphasis = Emphasis::none;
};

struct Column {
  std::string header;
  bool numeric = false;  ///< aligned to the right
};

struct ReportTable {
  std::string label;  ///< of LaTeX, without "tab:"
  std::string caption;
  std::vector<Column> columns;
  std::vector<std::vector<Cell>> rows;
  std::vector<std::string> notes;  ///< lines under the table: coverage, protocol
};

/// One table per protocol, in order of first appearance: a row per run, a column per metric. Among
/// runs of the same recordings the best value is marked, and the second best. Notes: n/N of each
/// run, the protocol with its hash.
std::vector<ReportTable> metric_tables(const std::vector<Run>& runs, Spread spread);

/// What recordings of one run can differ by.
enum class Condition { dataset, state, view };
std::string_view name(Condition condition);
const std::string& value(const RunRecording& recording, Condition condition);
/// The values that occur among scored recordings, sorted; fewer than two make no comparison.
std::vector<std::string> values(const Run& run, Condition condition);

/// Metrics per value of a condition, one table per protocol and condition that has several.
std::vector<ReportTable> condition_tables(const std::vector<Run>& runs, Spread spread);

/// All recordings without a result, and those whose result has no heart rate; no rows when every
/// recording of every run was scored.
ReportTable failure_table(const std::vector<Run>& runs);

/// One line per run, condition and metric, numbers in full: run, method, dataset, condition,
/// protocol, protocol_hash, metric, unit, value, standard_error, ci95_low, ci95_high,
/// recordings_scored, recordings_total, subjects.
std::string to_csv(const std::vector<Run>& runs);

std::string to_markdown(const ReportTable& table);
/// A booktabs table that a paper can \input.
std::string to_latex(const ReportTable& table);
std::string to_html(const ReportTable& table);

}  // namespace rppg::results
