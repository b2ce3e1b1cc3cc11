#include "results/page.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <utility>

#include "base/text.h"
#include "base/version.h"
#include "results/markup.h"
#include "results/repetitions.h"

namespace rppg::results {
namespace {

constexpr std::string_view style_sheet = R"css(
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1a1a1a;
  font: 16px/1.55 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; }
main, header, footer { max-width: 1120px; margin: 0 auto; padding: 0 28px; }
header { padding-top: 44px; }
h1, h2, h3 { font-family: Georgia, "Liberation Serif", serif; font-weight: normal;
  line-height: 1.25; }
h1 { font-size: 33px; margin: 0 0 6px; }
h2 { font-size: 24px; margin: 52px 0 14px; padding-top: 14px; border-top: 1px solid #d8d8d8; }
h3 { font-size: 19px; margin: 34px 0 10px; }
h3 small { font: 14px "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif;
  color: #5a5a5a; }
p { margin: 0 0 10px; max-width: 78ch; }
a { color: #0a58a0; }
nav { margin: 14px 0 0; font-size: 15px; }
nav a { margin-right: 18px; white-space: nowrap; }
.lead { color: #4a4a4a; font-size: 17px; }
.coverage { margin: 22px 0 0; padding: 12px 18px; border-left: 4px solid #0072B2;
  background: #f2f7fb; max-width: none; }
.coverage.partial { border-color: #D55E00; background: #fdf4ee; }
.coverage b { font-size: 19px; }
.table { overflow-x: auto; margin: 18px 0 26px; }
table { border-collapse: collapse; min-width: 560px; border-top: 1.5px solid #1a1a1a;
  border-bottom: 1.5px solid #1a1a1a; font-size: 14.5px; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 0 0 8px; font-size: 15px; color: #333; }
th { font-weight: 600; text-align: left; border-bottom: 0.8px solid #1a1a1a; white-space: nowrap;
  vertical-align: bottom; }
th, td { padding: 5px 13px 5px 0; }
th:last-child, td:last-child { padding-right: 4px; }
td { vertical-align: top; overflow-wrap: break-word; }
tbody tr + tr td, tbody tr + tr th { border-top: 0.5px solid #e6e6e6; }
tbody th { font-weight: normal; color: #5a5a5a; border-bottom: none; vertical-align: top; }
.short { white-space: nowrap; }
.number { text-align: right; white-space: nowrap; padding-left: 10px; }
.spread { color: #5a5a5a; font-size: 12.5px; }
.note { font-size: 13px; color: #5a5a5a; margin: 6px 0 0; max-width: none; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr));
  gap: 26px 34px; }
.wide { grid-column: 1 / -1; }
.pair { display: grid; grid-template-columns: 56fr 30fr; gap: 6px 20px; grid-column: 1 / -1; }
figure { margin: 0; }
figure svg { width: 100%; height: auto; display: block; }
figcaption { font-size: 13.5px; line-height: 1.45; color: #404040; margin-top: 6px; }
figcaption b { color: #1a1a1a; }
code { font: 13px/1.5 "DejaVu Sans Mono", "Liberation Mono", Menlo, Consolas, monospace;
  overflow-wrap: anywhere; }
footer { margin-top: 56px; padding-bottom: 40px; color: #5a5a5a; font-size: 13px; }
@media (max-width: 700px) { .pair { grid-template-columns: 1fr; } }
@media print { body { font-size: 11pt; } figure, .table { break-inside: avoid; } nav { display: none; } }
)css";

/// The run's own part of identifiers and file names; unique because labels are.
std::string run_prefix(const Run& run, std::size_t index) {
  return concat(index + 1, "-", file_stem(run.label));
}

RunCharts charts_of(const Run& run, std::size_t index) {
  RunCharts charts;
  if (run.scored() == 0) return charts;
  const std::string prefix = run_prefix(run, index);
  charts.rates = {bland_altman_figure(run, prefix), scatter_figure(run, prefix),
                  cumulative_error_figure(run, prefix)};
  for (const Condition condition : {Condition::dataset, Condition::state, Condition::view}) {
    if (auto figure = condition_figure(run, condition, prefix)) {
      charts.rates.push_back(std::move(*figure));
    }
  }
  charts.rates.push_back(subject_error_figure(run, prefix));
  charts.examples = example_figures(run, prefix);
  return charts;
}

/// Numbered figures, as a paper has them.
class FigureWriter {
 public:
  std::string operator()(const Figure& figure, std::string_view css_class = {}) {
    const std::string attribute =
        css_class.empty() ? std::string() : concat(" class=\"", css_class, "\"");
    return concat("<figure", attribute, ">\n", figure.svg, "<figcaption><b>Figure ", ++count_,
                  ".</b> ", to_xml(figure.caption), "</figcaption>\n</figure>\n");
  }

 private:
  std::size_t count_ = 0;
};

bool is_wide(const Figure& figure) {
  return figure.svg.find("viewBox=\"0 0 860 ") != std::string::npos;
}

/// How much of the runs is behind the page.
std::string coverage_box(const Report& report) {
  std::size_t scored = 0;
  std::size_t total = 0;
  bool full = true;
  for (const Run& run : report.runs) {
    scored += run.scored();
    total += run.coverage.total;
    full = full && run.fully_covered();
  }
  return concat("<p class=\"coverage", full ? "" : " partial", "\"><b>", scored, " of ", total,
                " recordings</b> are behind the numbers on this page.",
                full ? "" : " The others are listed below with their reasons.", "</p>\n");
}

std::string link(std::string_view target, std::string_view text) {
  return concat("<a href=\"#", target, "\">", to_xml(text), "</a>");
}

std::string navigation(const Report& report) {
  std::string out = "<nav>";
  if (!report.runs.empty()) out += link("results", "Results") + link("coverage", "Coverage");
  for (std::size_t i = 0; i < report.runs.size(); ++i) {
    out += link(concat("run-", i + 1), shorten(report.runs[i].label, 30));
  }
  for (std::size_t i = 0; i < report.labels.size(); ++i) {
    out += link(concat("labels-", i + 1), shorten(report.labels[i].label, 30));
  }
  if (!report.runs.empty()) out += link("protocol", "Protocol") + link("provenance", "Provenance");
  return out + "</nav>\n";
}

std::string header(const Report& report) {
  std::set<std::string> datasets;
  for (const Run& run : report.runs) datasets.insert(run.dataset);
  for (const LabelRun& labels : report.labels) datasets.insert(labels.report.name);
  std::string names;
  for (const std::string& name : datasets) names += concat(names.empty() ? "" : ", ", name);
  return concat("<header>\n<h1>Pulse from video: evaluation report</h1>\n<p class=\"lead\">",
                counted(report.runs.size() + report.labels.size(), "run"), " on ",
                to_xml(shorten(names, 200)), "</p>\n",
                report.runs.empty() ? std::string() : coverage_box(report), navigation(report),
                "</header>\n");
}

std::string results_section(const Report& report, FigureWriter& write) {
  std::string out = "<section id=\"results\">\n<h2>Results</h2>\n";
  for (const auto* some : {&report.metrics, &report.repetitions}) {
    for (const ReportTable& table : *some) out += to_html(table);
  }
  for (const Figure& figure : report.comparisons) out += write(figure, "wide");
  for (const ReportTable& table : report.conditions) out += to_html(table);
  return out + "</section>\n";
}

std::string coverage_section(const Report& report, FigureWriter& write) {
  std::string out = "<section id=\"coverage\">\n<h2>Coverage</h2>\n<div class=\"grid\">\n";
  for (const Figure& figure : report.coverage) out += write(figure, "wide");
  out += "</div>\n";
  if (!report.failures.rows.empty()) out += to_html(report.failures);
  return out + "</section>\n";
}

std::string run_section(const Run& run, const RunCharts& charts, std::size_t index,
                        FigureWriter& write) {
  std::string out =
      concat("<section id=\"run-", index + 1, "\">\n<h2><bdi>", to_xml(shorten(run.label, 80)),
             "</bdi></h2>\n<p>Method <b>", to_xml(shorten(run.method, 80)), "</b> on ",
             to_xml(shorten(run.dataset, 120)), ", protocol ", to_xml(run.protocol().name), ": ",
             to_xml(run.coverage_text()), ", ", counted(run.subjects(), "subject"), ".</p>\n");
  if (charts.rates.empty()) {
    return out +
           "<p>No recording has a heart rate and a reference; there is nothing to draw.</p>\n"
           "</section>\n";
  }
  out += "<div class=\"grid\">\n";
  for (const Figure& figure : charts.rates) out += write(figure, is_wide(figure) ? "wide" : "");
  out +=
      "</div>\n<h3>Waveforms <small>chosen by rule: smallest, lower median and largest mean "
      "|error|</small></h3>\n<div class=\"grid\">\n";
  for (const Example& example : charts.examples) {
    out += "<div class=\"pair\">\n";
    out += write(example.waveform);
    out += write(example.spectrum);
    out += "</div>\n";
  }
  return out + "</div>\n</section>\n";
}

std::string label_section(const LabelRun& labels, std::size_t index, FigureWriter& write) {
  std::string out = concat("<section id=\"labels-", index + 1, "\">\n<h2><bdi>",
                           to_xml(shorten(labels.label, 80)), "</bdi></h2>\n",
                           to_html(labels.table), "<div class=\"grid\">\n");
  for (const Figure& figure : labels.figures) out += write(figure, is_wide(figure) ? "wide" : "");
  return out + "</div>\n</section>\n";
}

/// A table of names and values, one column of values per item.
std::string fact_table(const std::vector<std::pair<std::string, std::vector<std::string>>>& facts,
                       bool code) {
  std::string out = "<div class=\"table\">\n<table>\n<tbody>\n";
  for (const auto& [name, cells] : facts) {
    out += concat("<tr><th scope=\"row\">", to_xml(name), "</th>");
    for (const std::string& cell : cells) {
      out += concat("<td>", code ? "<code>" : "", to_xml(cell), code ? "</code>" : "", "</td>");
    }
    out += "</tr>\n";
  }
  return out + "</tbody>\n</table>\n</div>\n";
}

std::string rmse_error_text(RmseError error) {
  switch (error) {
    case RmseError::root:
      return "\u221A(SD(e\u00B2) / \u221An)";
    case RmseError::square:
      return "SD(e\u00B2) / \u221An";
    case RmseError::delta_method:
      break;
  }
  return "SD(e\u00B2) / (2 RMSE \u221An)";
}

std::string protocol_section(const Report& report) {
  std::vector<const Run*> firsts;
  for (const auto& group : by_protocol(report.runs)) firsts.push_back(group.front());
  std::vector<std::pair<std::string, std::vector<std::string>>> facts;
  const auto add = [&](const char* name, const std::function<std::string(const Protocol&)>& text) {
    auto& [key, cells] = facts.emplace_back(name, std::vector<std::string>());
    for (const Run* run : firsts) cells.push_back(text(run->protocol()));
  };
  const auto yes = [](bool value, std::string_view one, std::string_view other) {
    return std::string(value ? one : other);
  };
  add("name", [](const Protocol& p) { return p.name; });
  add("hash of all parameters", [](const Protocol& p) { return protocol_hash(p); });
  add("band", [](const Protocol& p) {
    return concat(p.band.low_hz, "\u2013", p.band.high_hz, " Hz (", 60 * p.band.low_hz, "\u2013",
                  60 * p.band.high_hz, " bpm)");
  });
  add("detrending",
      [](const Protocol& p) { return concat("smoothness priors, \u03BB = ", p.detrend_lambda); });
  add("filter", [](const Protocol& p) {
    return concat("Butterworth band-pass of order ", p.filter_order, ", zero phase");
  });
  add("window", [&](const Protocol& p) {
    if (p.window_seconds <= 0) return std::string("whole recording");
    return concat(
        p.window_seconds, " s, not overlapping; ",
        yes(p.keep_remainder, "the shorter last one counts", "the shorter last one is left out"));
  });
  add("heart rate", [](const Protocol& p) { return std::string(signal::name(p.estimator)); });
  add("reference heart rate",
      [](const Protocol&) { return std::string("contact PPG by the same filter and estimator"); });
  add("SNR", [](const Protocol& p) {
    return concat(p.snr.factor, " log10, within \u00B1", p.snr.half_width_hz,
                  " Hz of the reference rate and its second harmonic");
  });
  add("MACC", [&](const Protocol& p) {
    return yes(p.full_macc, "all circular lags", "all circular lags but the last");
  });
  add("alignment", [&](const Protocol& p) {
    return yes(p.index_alignment, "by index at the nominal rate", "by time stamps");
  });
  add("face crop", [&](const Protocol& p) {
    return yes(p.reference_crops, "as in rPPG-Toolbox, 72 \u00D7 72", "as the method wants it");
  });
  add("clips of a network", [&](const Protocol& p) {
    return yes(p.whole_clips, "whole ones only; reference standardised in each", "all frames");
  });
  add("standard error of RMSE", [](const Protocol& p) { return rmse_error_text(p.rmse_error); });
  return concat("<section id=\"protocol\">\n<h2>Protocol</h2>\n", fact_table(facts, false),
                "</section>\n");
}

std::string provenance_section(const Report& report) {
  std::string out = "<section id=\"provenance\">\n<h2>Provenance</h2>\n";
  for (const Run& run : report.runs) {
    const RunFacts& source = run.record.facts;
    std::vector<std::pair<std::string, std::vector<std::string>>> facts;
    const auto add = [&](const std::string& name, const std::string& text) {
      if (!text.empty()) facts.push_back({name, {text}});
    };
    add("command line", source.command_line);
    add("version",
        source.commit.empty() ? source.version : concat(source.version, " (", source.commit, ")"));
    add("seed", std::to_string(source.seed));
    for (const auto& [name, hash] : source.hashes) add(concat("hash of ", name), hash);
    std::string options;
    for (const auto& [name, text] : source.config) {
      if (!text.empty()) options += concat(options.empty() ? "" : ", ", name, " = ", text);
    }
    add("effective options", options);
    out += concat("<h3><bdi>", to_xml(shorten(run.label, 80)), "</bdi></h3>\n",
                  fact_table(facts, true));
  }
  return out + "</section>\n";
}

/// All tables, in the order of the page.
std::vector<const ReportTable*> tables(const Report& report) {
  std::vector<const ReportTable*> all;
  for (const auto* some : {&report.metrics, &report.repetitions, &report.conditions}) {
    for (const ReportTable& table : *some) all.push_back(&table);
  }
  if (!report.failures.rows.empty()) all.push_back(&report.failures);
  for (const LabelRun& labels : report.labels) all.push_back(&labels.table);
  return all;
}

}  // namespace

bool holds_labels(const std::filesystem::path& folder) {
  return std::filesystem::exists(folder / "analysis.json") &&
         !std::filesystem::exists(folder / "metrics.json");
}

Report make_report(std::vector<Run> runs, const std::vector<std::filesystem::path>& label_folders,
                   const ReportOptions& options) {
  Report report;
  if (!runs.empty()) {
    report.metrics = metric_tables(runs, options.spread);
    if (options.repetitions) report.repetitions = repetition_tables(runs);
    report.conditions = condition_tables(runs, options.spread);
    report.failures = failure_table(runs);
    report.coverage.push_back(coverage_figure(runs));
    if (auto reasons = reasons_figure(runs)) report.coverage.push_back(std::move(*reasons));
    report.comparisons = comparison_figures(runs);
  }
  for (std::size_t i = 0; i < runs.size(); ++i) report.charts.push_back(charts_of(runs[i], i));
  report.runs = std::move(runs);
  for (const std::filesystem::path& folder : label_folders) {
    LabelRun run{folder.lexically_normal().filename().string(),
                 read_analysis(folder / "analysis.json"),
                 {},
                 {}};
    const std::string prefix =
        concat("labels-", report.labels.size() + 1, "-", file_stem(run.label));
    run.table = label_table(run.report);
    run.figures = label_figures(run.report, prefix);
    report.labels.push_back(std::move(run));
  }
  return report;
}

std::vector<const Figure*> figures(const Report& report) {
  std::vector<const Figure*> all;
  for (const Figure& figure : report.comparisons) all.push_back(&figure);
  for (const Figure& figure : report.coverage) all.push_back(&figure);
  for (const RunCharts& charts : report.charts) {
    for (const Figure& figure : charts.rates) all.push_back(&figure);
    for (const Example& example : charts.examples) {
      all.insert(all.end(), {&example.waveform, &example.spectrum});
    }
  }
  for (const LabelRun& labels : report.labels) {
    for (const Figure& figure : labels.figures) all.push_back(&figure);
  }
  return all;
}

std::string tables_markdown(const Report& report) {
  std::string out;
  for (const ReportTable* table : tables(report)) {
    out += concat(out.empty() ? "" : "\n", to_markdown(*table));
  }
  return out;
}

std::string tables_latex(const Report& report) {
  std::string out =
      "% Needs \\usepackage{booktabs}; \\input this file where the tables shall stand.\n";
  for (const ReportTable* table : tables(report)) out += concat("\n", to_latex(*table));
  return out;
}

std::string report_page(const Report& report) {
  FigureWriter write;
  std::string out = concat(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>Pulse from video: evaluation report</title>\n<style>",
      style_sheet, "</style>\n</head>\n<body>\n", header(report), "<main>\n");
  if (!report.runs.empty()) {
    out += results_section(report, write);
    out += coverage_section(report, write);
  }
  for (std::size_t i = 0; i < report.runs.size(); ++i) {
    out += run_section(report.runs[i], report.charts[i], i, write);
  }
  for (std::size_t i = 0; i < report.labels.size(); ++i) {
    out += label_section(report.labels[i], i, write);
  }
  if (!report.runs.empty()) out += protocol_section(report) + provenance_section(report);
  out += concat("</main>\n<footer>Written by rppg ", version(), " (", commit(),
                "). Best value bold, second best underlined, among runs of ",
                "the same recordings under the same protocol.</footer>\n</body>\n</html>\n");
  return out;
}

}  // namespace rppg::results
