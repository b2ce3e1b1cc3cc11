#include "results/repetitions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "results/markup.h"
#include "results/statistics.h"

namespace rppg::results {
namespace {

/// The runs of one folder.
struct Group {
  std::string name;
  std::vector<const Run*> runs;
};

std::vector<Group> groups_of(const std::vector<const Run*>& runs) {
  std::vector<Group> groups;
  for (const Run* run : runs) {
    const std::string name = run->folder.lexically_normal().parent_path().filename().string();
    auto found = std::find_if(groups.begin(), groups.end(),
                              [&](const Group& group) { return group.name == name; });
    if (found == groups.end()) found = groups.insert(groups.end(), {name, {}});
    found->runs.push_back(run);
  }
  return groups;
}

Cell text(std::string value, std::string spread = {}) {
  return {std::move(value), std::move(spread), Emphasis::none};
}

Cell none() { return text("\u2013"); }

/// Mean and unbiased standard deviation over the repetitions.
Cell metric_cell(const Group& group, std::string_view metric, int decimals) {
  double sum = 0, squares = 0;
  for (const Run* run : group.runs) {
    const MetricValue* value = run->metric(metric);
    if (value == nullptr || !std::isfinite(value->value)) return none();
    sum += value->value;
    squares += value->value * value->value;
  }
  const auto n = static_cast<double>(group.runs.size());
  const double variance = n > 1 ? std::max(0.0, (squares - sum * sum / n) / (n - 1)) : 0;
  return text(format_fixed(sum / n, decimals),
              n > 1 ? concat("\u00B1 ", format_fixed(std::sqrt(variance), decimals)) : "");
}

struct Mean {
  double sum = 0;
  int count = 0;
};

/// Mean |error| of each subject over recordings and repetitions, by data set and name; recordings
/// without a heart rate are left out.
std::map<std::string, double> subject_errors(const Group& group) {
  std::map<std::string, Mean> means;
  for (const Run* run : group.runs) {
    for (const RunRecording& recording : run->recordings) {
      const double error = recording.absolute_error_bpm();
      if (std::isnan(error)) continue;
      Mean& mean = means[concat(recording.dataset, " ", recording.subject)];
      mean.sum += error;
      ++mean.count;
    }
  }
  std::map<std::string, double> errors;
  for (const auto& [subject, mean] : means) errors[subject] = mean.sum / mean.count;
  return errors;
}

/// Difference and p of a group against the first; dashes where their subjects differ.
std::array<Cell, 2> comparison(const Group& first, const Group& group) {
  const auto before = subject_errors(first), after = subject_errors(group);
  std::vector<std::string> subjects;
  std::vector<double> differences;
  for (const auto& [subject, error] : after) {
    const auto other = before.find(subject);
    if (other == before.end()) return {none(), none()};
    subjects.push_back(subject);
    differences.push_back(error - other->second);
  }
  if (&first == &group || differences.empty() || before.size() != after.size()) {
    return {none(), none()};
  }
  double mean = 0;
  for (const double difference : differences) {
    mean += difference / static_cast<double>(differences.size());
  }
  const Interval interval = bootstrap_interval(subjects, [&](std::span<const std::size_t> drawn) {
    double sum = 0;
    for (const std::size_t i : drawn) sum += differences[i];
    return sum / static_cast<double>(drawn.size());
  });
  const double p = wilcoxon_signed_rank(differences).p_two_sided;
  const bool bounded = std::isfinite(interval.low) && std::isfinite(interval.high);
  return {text(format_fixed(mean, 2), bounded ? concat("[", format_fixed(interval.low, 2), ", ",
                                                       format_fixed(interval.high, 2), "]")
                                              : ""),
          text(p < 0.001 ? "< 0.001" : format_fixed(p, 3))};
}

}  // namespace

std::vector<ReportTable> repetition_tables(const std::vector<Run>& runs) {
  std::vector<ReportTable> tables;
  for (const std::vector<const Run*>& same : by_protocol(runs)) {
    const std::vector<Group> groups = groups_of(same);
    if (std::none_of(groups.begin(), groups.end(),
                     [](const Group& group) { return group.runs.size() > 1; })) {
      continue;
    }
    const Run& first = *same.front();
    ReportTable table;
    table.label = concat("rppg-", first.protocol().name, "-", first.protocol_hash, "-repetitions");
    table.caption = concat(
        "Repeated trainings under the protocol ", first.protocol().name,
        ": mean \u00B1 standard deviation over the repetitions. Difference: of the mean |error| "
        "to the first row, with its 95 % confidence interval over subjects; p: Wilcoxon "
        "signed-rank test over subjects, two-sided.");
    table.columns = {{"Group", false},           {"Runs", true},
                     {"MAE (bpm) \u2193", true}, {"RMSE (bpm) \u2193", true},
                     {"Pearson r \u2191", true}, {"SNR (dB) \u2191", true},
                     {"Difference (bpm)", true}, {"p", true}};
    for (const Group& group : groups) {
      std::vector<Cell> row{text(group.name),
                            text(concat(group.runs.size())),
                            metric_cell(group, "MAE", 2),
                            metric_cell(group, "RMSE", 2),
                            metric_cell(group, "Pearson", 3),
                            metric_cell(group, "SNR", 2)};
      for (Cell& cell : comparison(groups.front(), group)) row.push_back(std::move(cell));
      table.rows.push_back(std::move(row));
    }
    table.notes = {
        concat(counted(subject_errors(groups.front()).size(), "subject"), " in the first row.")};
    tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace rppg::results
