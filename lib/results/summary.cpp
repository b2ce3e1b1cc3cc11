#include "results/summary.h"

#include <cmath>
#include <limits>
#include <set>

#include "base/text.h"
#include "io/csv.h"
#include "results/protocol_json.h"

namespace rppg::results {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Subjects of two data sets are two subjects even under one name.
std::string subject_of(const SummaryRow& row) {
  return concat(row.entry.dataset, "/", row.entry.subject);
}

/// Mean over the windows where it is finite; NaN without one. Exact for a single window.
double mean(const SummaryRow& row, double WindowScore::*quantity) {
  double sum = 0;
  std::size_t n = 0;
  for (const WindowScore& window : row.windows) {
    if (!std::isfinite(window.*quantity)) continue;
    sum += window.*quantity;
    ++n;
  }
  return n == 0 ? nan : sum / static_cast<double>(n);
}

std::vector<LedgerEntry> entries_of(const std::vector<SummaryRow>& rows) {
  std::vector<LedgerEntry> entries;
  for (const SummaryRow& row : rows) entries.push_back(row.entry);
  return entries;
}

io::OrderedJson coverage_json(const std::vector<SummaryRow>& rows) {
  const Coverage coverage = count(entries_of(rows));
  return {{"total", coverage.total},
          {"ok", coverage.ok},
          {"failed", coverage.failed},
          {"skipped", coverage.skipped}};
}

/// value, or null when it is not finite.
io::OrderedJson number(double value) {
  return std::isfinite(value) ? io::OrderedJson(value) : io::OrderedJson(nullptr);
}

io::OrderedJson metric_json(const MetricValue& metric) {
  io::OrderedJson object = {{"value", number(metric.value)},
                            {"standard_error", number(metric.standard_error)}};
  object["ci95"] = io::OrderedJson::array({number(metric.ci95_low), number(metric.ci95_high)});
  object["unit"] = metric.unit;
  object["n"] = metric.n;
  if (!metric.reason.empty()) object["reason"] = metric.reason;
  return object;
}

io::OrderedJson window_json(const WindowScore& window) {
  return {{"start_s", number(window.start_s)},
          {"seconds", number(window.seconds)},
          {"hr_reference_bpm", number(window.hr_reference_bpm)},
          {"hr_predicted_bpm", number(window.hr_predicted_bpm)},
          {"snr_db", number(window.snr_db)},
          {"macc", number(window.macc)}};
}

io::OrderedJson recording_json(const SummaryRow& row) {
  io::OrderedJson object = {{"id", row.entry.id}};
  object["dataset"] = row.entry.dataset;
  object["subject"] = row.entry.subject;
  object["status"] = row.status;
  if (!row.reason.empty()) object["reason"] = row.reason;
  if (!has_result(row.entry)) return object;
  object["session"] = row.session;
  object["view"] = row.view;
  object["state"] = row.state;
  object["hr_reference_bpm"] = number(mean(row, &WindowScore::hr_reference_bpm));
  object["hr_predicted_bpm"] = number(mean(row, &WindowScore::hr_predicted_bpm));
  object["snr_db"] = number(mean(row, &WindowScore::snr_db));
  object["macc"] = number(mean(row, &WindowScore::macc));
  object["quality"] = number(row.quality);
  object["lag_s"] = number(row.lag_s);
  object["drift_s_per_min"] = number(row.drift_s_per_min);
  if (row.face_coverage) object["face_coverage"] = number(*row.face_coverage);
  if (row.windows.size() > 1) {
    object["windows"] = io::OrderedJson::array();
    for (const WindowScore& window : row.windows) object["windows"].push_back(window_json(window));
  }
  return object;
}

std::string csv_number(double value) {
  return std::isfinite(value) ? format_number(value) : std::string();
}

std::string csv_line(const SummaryRow& row) {
  std::string line;
  for (const std::string& text : {row.entry.id, row.entry.dataset, row.entry.subject, row.session,
                                  row.view, row.state, row.status, row.reason}) {
    line += io::csv_cell(text) + ",";
  }
  const double reference = mean(row, &WindowScore::hr_reference_bpm);
  const double predicted = mean(row, &WindowScore::hr_predicted_bpm);
  return line + concat(csv_number(reference), ",", csv_number(predicted), ",",
                       csv_number(predicted - reference), ",",
                       csv_number(mean(row, &WindowScore::snr_db)), ",",
                       csv_number(mean(row, &WindowScore::macc)), ",", csv_number(row.quality), ",",
                       csv_number(row.lag_s), ",", csv_number(row.drift_s_per_min), "\n");
}

}  // namespace

SummaryRow summarize(const LedgerEntry& entry) {
  SummaryRow row;
  row.entry = entry;
  row.status = name(has_result(entry) ? Outcome::ok : entry.outcome);
  row.reason = entry.reason;
  row.quality = row.lag_s = row.drift_s_per_min = nan;
  return row;
}

SummaryRow summarize(const LedgerEntry& entry, const RecordingResult& result) {
  SummaryRow row = summarize(entry);
  row.session = result.session;
  row.view = result.view;
  row.state = result.state;
  if (result.status != "ok") row.reason = result.status;
  row.windows = result.score.windows;
  row.quality = result.quality;
  row.lag_s = result.score.lag_s;
  row.drift_s_per_min = result.score.drift_s_per_min;
  const auto coverage = result.numbers.find("face_coverage");
  if (coverage != result.numbers.end()) row.face_coverage = coverage->second;
  return row;
}

std::vector<MetricValue> compute_metrics(const std::vector<SummaryRow>& rows,
                                         const Protocol& protocol) {
  std::vector<ScoredPair> pairs;
  for (const SummaryRow& row : rows) {
    for (const WindowScore& window : row.windows) {
      pairs.push_back({subject_of(row), window.hr_reference_bpm, window.hr_predicted_bpm,
                       window.snr_db, window.macc});
    }
  }
  return compute_metrics(pairs, protocol);
}

std::string metrics_json(const std::vector<SummaryRow>& rows,
                         const std::vector<MetricValue>& metrics, const Protocol& protocol) {
  std::set<std::string> subjects;
  std::size_t windows = 0;
  io::OrderedJson recordings = io::OrderedJson::array();
  for (const SummaryRow& row : rows) {
    if (!row.windows.empty()) subjects.insert(subject_of(row));
    windows += row.windows.size();
    recordings.push_back(recording_json(row));
  }
  io::OrderedJson document;
  document["protocol"] = protocol_json(protocol);
  document["coverage"] = coverage_json(rows);
  document["subjects"] = subjects.size();
  document["windows"] = windows;
  document["metrics"] = io::OrderedJson::object();
  for (const MetricValue& metric : metrics) document["metrics"][metric.name] = metric_json(metric);
  document["recordings"] = std::move(recordings);
  return io::to_text(document);
}

std::string metrics_csv(const std::vector<SummaryRow>& rows) {
  std::string text =
      "id,dataset,subject,session,view,state,status,reason,hr_reference_bpm,hr_predicted_bpm,"
      "error_bpm,snr_db,macc,quality,lag_s,drift_s_per_min\n";
  for (const SummaryRow& row : rows) text += csv_line(row);
  return text;
}

}  // namespace rppg::results
