#include "results/tables.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>

#include "base/text.h"
#include "io/csv.h"
#include "results/markup.h"

namespace rppg::results {
namespace {

constexpr std::array table_metrics{std::string_view("MAE"),       std::string_view("RMSE"),
                                   std::string_view("MAPE"),      std::string_view("Pearson"),
                                   std::string_view("SNR"),       std::string_view("MACC"),
                                   std::string_view("Within5bpm")};

constexpr std::array all_conditions{Condition::dataset, Condition::state, Condition::view};

const MetricInfo& info(std::string_view metric) {
  const std::vector<MetricInfo>& all = metric_table();
  return *std::find_if(all.begin(), all.end(),
                       [&](const MetricInfo& one) { return one.name == metric; });
}

std::string header(const MetricInfo& metric) {
  const std::string_view title = metric.name == "Within5bpm" ? "\u2264 5 bpm"
                                 : metric.name == "Pearson"  ? "Pearson r"
                                                             : metric.name;
  const bool has_unit = !metric.unit.empty() && metric.unit != "1";
  const std::string_view arrow = metric.direction == Direction::smaller  ? " \u2193"
                                 : metric.direction == Direction::larger ? " \u2191"
                                                                         : "";
  return concat(title, has_unit ? concat(" (", metric.unit, ")") : std::string(), arrow);
}

std::string signed_fixed(double value, int decimals) {
  std::string text = format_fixed(std::abs(value), decimals);
  const bool zero = text.find_first_not_of("0.") == std::string::npos;
  return value < 0 && !zero ? concat("\u2212", text) : text;
}

std::string spread_text(const MetricValue& metric, int decimals, Spread spread) {
  if (spread == Spread::standard_error) {
    if (!std::isfinite(metric.standard_error)) return {};
    return concat("\u00B1 ", format_fixed(metric.standard_error, decimals));
  }
  if (!std::isfinite(metric.ci95_low) || !std::isfinite(metric.ci95_high)) return {};
  return concat("[", signed_fixed(metric.ci95_low, decimals), ", ",
                signed_fixed(metric.ci95_high, decimals), "]");
}

Cell metric_cell(const MetricValue* metric, std::string_view name, Spread spread) {
  if (metric == nullptr || !std::isfinite(metric->value)) return {"\u2013", "", Emphasis::none};
  const int decimals = info(name).decimals;
  return {signed_fixed(metric->value, decimals), spread_text(*metric, decimals, spread),
          Emphasis::none};
}

/// One row of a metric table before it becomes text.
struct Entry {
  const Run* run = nullptr;
  std::string condition;
  std::vector<MetricValue> metrics;
  std::size_t scored = 0;
  std::size_t total = 0;
  std::size_t subjects = 0;
  std::string comparable;  ///< entries with the same text may be ranked against each other

  const MetricValue* metric(std::string_view name) const {
    const auto found = std::find_if(metrics.begin(), metrics.end(),
                                    [&](const MetricValue& value) { return value.name == name; });
    return found == metrics.end() ? nullptr : &*found;
  }
};

/// Marks the best and the second best printed value of a column; equal values share a mark.
void mark_column(const std::vector<Entry>& entries, std::vector<std::vector<Cell>>& rows,
                 std::size_t column, const MetricInfo& metric) {
  const auto rank_value = [&](std::size_t row) -> std::optional<double> {
    const MetricValue* value = entries[row].metric(metric.name);
    if (value == nullptr || !std::isfinite(value->value)) return std::nullopt;
    const double printed = *parse_double(format_fixed(value->value, metric.decimals));
    return metric.direction == Direction::smaller ? printed : -printed;
  };
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::set<double> peers;
    for (std::size_t other = 0; other < rows.size(); ++other) {
      const std::optional<double> value = rank_value(other);
      if (value && entries[other].comparable == entries[row].comparable) peers.insert(*value);
    }
    const std::optional<double> own = rank_value(row);
    if (!own || peers.size() < 2) continue;
    if (*own == *peers.begin()) rows[row][column].emphasis = Emphasis::best;
    if (*own == *std::next(peers.begin())) rows[row][column].emphasis = Emphasis::second;
  }
}

/// Runs that neither method nor data set tells apart need a column with their label.
bool need_labels(const std::vector<Entry>& entries) {
  std::set<std::array<std::string, 3>> seen;
  return !std::all_of(entries.begin(), entries.end(), [&](const Entry& entry) {
    return seen.insert({entry.run->method, entry.run->dataset, entry.condition}).second;
  });
}

void fill(ReportTable& table, const std::vector<Entry>& entries, std::string_view condition,
          Spread spread) {
  const bool labels = need_labels(entries);
  if (!condition.empty()) table.columns.push_back({std::string(condition), false});
  if (labels) table.columns.push_back({"Run", false});
  table.columns.push_back({"Method", false});
  const bool datasets = condition != name(Condition::dataset);
  if (datasets) table.columns.push_back({"Data set", false});
  table.columns.push_back({"n", true});
  const std::size_t first_metric = table.columns.size();
  for (const std::string_view metric : table_metrics) {
    table.columns.push_back({header(info(metric)), true});
  }
  for (const Entry& entry : entries) {
    std::vector<Cell>& row = table.rows.emplace_back();
    if (!condition.empty()) row.push_back({entry.condition, "", Emphasis::none});
    if (labels) row.push_back({entry.run->label, "", Emphasis::none});
    row.push_back({entry.run->method, "", Emphasis::none});
    if (datasets) row.push_back({entry.run->dataset, "", Emphasis::none});
    row.push_back({concat(entry.scored, "/", entry.total), "", Emphasis::none});
    for (const std::string_view metric : table_metrics) {
      row.push_back(metric_cell(entry.metric(metric), metric, spread));
    }
  }
  for (std::size_t i = 0; i < table_metrics.size(); ++i) {
    mark_column(entries, table.rows, first_metric + i, info(table_metrics[i]));
  }
}

std::string spread_sentence(Spread spread) {
  return spread == Spread::standard_error
             ? "Values are given with their standard error (\u00B1)."
             : "Values are given with their 95 % confidence interval (bootstrap over subjects).";
}

void add_notes(ReportTable& table, const std::vector<const Run*>& runs) {
  std::string coverage;
  for (const Run* run : runs) {
    coverage += concat(coverage.empty() ? "Coverage: " : "; ", run->label, " ",
                       run->coverage_text(), ", ", counted(run->subjects(), "subject"));
  }
  table.notes.push_back(coverage + ".");
  const Run& first = *runs.front();
  table.notes.push_back(concat("Protocol ", first.protocol().name, " (", first.protocol_hash,
                               "): ", describe(first.protocol()), "."));
}

/// The recordings that a run was about, as one text.
std::string selection(const Run& run) {
  std::string text;
  for (const LedgerEntry& entry : run.entries) text += concat(entry.dataset, "\t", entry.id, "\n");
  return text;
}

Entry whole_run(const Run& run) {
  return {&run, "", run.metrics, run.scored(), run.coverage.total, run.subjects(), selection(run)};
}

/// The metrics of the recordings of a run that have this value of a condition.
Entry part_of_run(const Run& run, Condition condition, const std::string& wanted) {
  Entry entry;
  entry.run = &run;
  entry.condition = wanted;
  std::vector<ScoredPair> pairs;
  std::set<std::string> subjects;
  for (const RunRecording& recording : run.recordings) {
    if (value(recording, condition) != wanted) continue;
    ++entry.total;
    entry.comparable += concat(recording.id, "\n");
    const std::vector<ScoredPair> own = scored_pairs(recording);
    if (own.empty()) continue;
    ++entry.scored;
    subjects.insert(own.front().subject);
    pairs.insert(pairs.end(), own.begin(), own.end());
  }
  entry.subjects = subjects.size();
  entry.metrics = compute_metrics(pairs, run.protocol());
  return entry;
}

/// Entries of all runs that have several values, ordered by value, then run.
std::vector<Entry> entries_by_condition(const std::vector<const Run*>& runs, Condition condition) {
  std::vector<Entry> entries;
  for (const Run* run : runs) {
    const std::vector<std::string> all = values(*run, condition);
    if (all.size() < 2) continue;
    for (const std::string& one : all) entries.push_back(part_of_run(*run, condition, one));
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& a, const Entry& b) { return a.condition < b.condition; });
  return entries;
}

std::string number_cell(double value) {
  return std::isfinite(value) ? format_number(value) : std::string();
}

void append_csv(const Entry& entry, std::string_view condition, std::string& out) {
  const Run& run = *entry.run;
  const std::string part =
      condition.empty() ? std::string() : concat(condition, "=", entry.condition);
  for (const MetricValue& metric : entry.metrics) {
    for (const std::string& cell : {run.label, run.method, run.dataset, part, run.protocol().name,
                                    run.protocol_hash, metric.name, metric.unit}) {
      out += io::csv_cell(cell) + ",";
    }
    for (const double cell :
         {metric.value, metric.standard_error, metric.ci95_low, metric.ci95_high}) {
      out += number_cell(cell) + ",";
    }
    out += concat(entry.scored, ",", entry.total, ",", entry.subjects, "\n");
  }
}

}  // namespace

std::string_view name(Condition condition) {
  switch (condition) {
    case Condition::dataset:
      return "Data set";
    case Condition::state:
      return "State";
    case Condition::view:
      break;
  }
  return "View";
}

const std::string& value(const RunRecording& recording, Condition condition) {
  switch (condition) {
    case Condition::dataset:
      return recording.dataset;
    case Condition::state:
      return recording.state;
    case Condition::view:
      break;
  }
  return recording.view;
}

std::vector<std::string> values(const Run& run, Condition condition) {
  std::set<std::string> all;
  for (const RunRecording& recording : run.recordings) {
    if (!std::isnan(recording.absolute_error_bpm())) all.insert(value(recording, condition));
  }
  return {all.begin(), all.end()};
}

std::vector<ReportTable> metric_tables(const std::vector<Run>& runs, Spread spread) {
  std::vector<ReportTable> tables;
  for (const std::vector<const Run*>& group : by_protocol(runs)) {
    ReportTable table;
    table.label =
        concat("rppg-", group.front()->protocol().name, "-", group.front()->protocol_hash);
    table.caption = concat("Heart rate and waveform metrics under the protocol ",
                           group.front()->protocol().name, ". ", spread_sentence(spread),
                           " n: recordings scored of all.");
    std::vector<Entry> entries;
    for (const Run* run : group) entries.push_back(whole_run(*run));
    fill(table, entries, "", spread);
    add_notes(table, group);
    tables.push_back(std::move(table));
  }
  return tables;
}

std::vector<ReportTable> condition_tables(const std::vector<Run>& runs, Spread spread) {
  std::vector<ReportTable> tables;
  for (const std::vector<const Run*>& group : by_protocol(runs)) {
    for (const Condition condition : all_conditions) {
      const std::vector<Entry> entries = entries_by_condition(group, condition);
      if (entries.empty()) continue;
      std::string word(name(condition));
      word.front() = word.front() == 'D' ? 'd' : word.front() == 'S' ? 's' : 'v';
      ReportTable table;
      table.label =
          concat("rppg-", group.front()->protocol().name, "-", group.front()->protocol_hash, "-by-",
                 condition == Condition::dataset ? "dataset" : word);
      table.caption =
          concat("The same by ", word, ", protocol ", group.front()->protocol().name, ". ",
                 spread_sentence(spread), " n: recordings scored of all with a result.");
      fill(table, entries, name(condition), spread);
      add_notes(table, group);
      tables.push_back(std::move(table));
    }
  }
  return tables;
}

ReportTable failure_table(const std::vector<Run>& runs) {
  ReportTable table;
  table.label = "rppg-failures";
  table.caption = "Recordings that are not behind the numbers.";
  table.columns = {{"Run", false}, {"Recording", false}, {"Outcome", false}, {"Reason", false}};
  for (const Run& run : runs) {
    const auto add = [&](const std::string& id, std::string_view outcome, const std::string& why) {
      table.rows.push_back({{run.label, "", Emphasis::none},
                            {id, "", Emphasis::none},
                            {std::string(outcome), "", Emphasis::none},
                            {why, "", Emphasis::none}});
    };
    for (const LedgerEntry& entry : run.entries) {
      if (entry.outcome == Outcome::failed || entry.outcome == Outcome::skipped) {
        add(entry.id, name(entry.outcome), entry.reason);
      }
    }
    for (const RunRecording& recording : run.recordings) {
      if (std::isnan(recording.absolute_error_bpm())) {
        add(recording.id, "no heart rate", recording.reason);
      }
    }
  }
  return table;
}

std::string to_csv(const std::vector<Run>& runs) {
  std::string out =
      "run,method,dataset,condition,protocol,protocol_hash,metric,unit,value,standard_error,"
      "ci95_low,ci95_high,recordings_scored,recordings_total,subjects\n";
  for (const Run& run : runs) append_csv(whole_run(run), "", out);
  for (const Condition condition : all_conditions) {
    for (const Run& run : runs) {
      for (const Entry& entry : entries_by_condition({&run}, condition)) {
        append_csv(entry, name(condition), out);
      }
    }
  }
  return out;
}

}  // namespace rppg::results
