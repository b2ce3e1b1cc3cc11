/// A whole report of one or several runs, and its page: one HTML file without scripts that loads
/// nothing.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "results/figures.h"
#include "results/label_report.h"
#include "results/run.h"
#include "results/tables.h"

namespace rppg::results {

/// The charts of one run; empty when none of its recordings was scored.
struct RunCharts {
  std::vector<Figure> rates;
  std::vector<Example> examples;
};

/// A quantisation of labels, from the folder of that name.
struct LabelRun {
  std::string label;
  LabelReport report;
  ReportTable table;
  std::vector<Figure> figures;
};

struct Report {
  std::vector<Run> runs;
  std::vector<LabelRun> labels;
  std::vector<ReportTable> metrics;      ///< one per protocol
  std::vector<ReportTable> repetitions;  ///< where they are wanted
  std::vector<ReportTable> conditions;
  ReportTable failures;
  std::vector<Figure> coverage;
  std::vector<Figure> comparisons;
  std::vector<RunCharts> charts;  ///< one per run
};

/// Whether a folder is one of `quantize-labels` (it holds an analysis.json) and not of runs.
bool holds_labels(const std::filesystem::path& folder);

struct ReportOptions {
  Spread spread = Spread::standard_error;
  bool repetitions = false;  ///< runs in the same folder are repetitions of one training
};

/// Makes all tables and charts of runs and of folders of `quantize-labels`; one of the two is not
/// empty. Throws as read_waveforms and read_analysis do.
Report make_report(std::vector<Run> runs, const std::vector<std::filesystem::path>& label_folders,
                   const ReportOptions& options = {});

/// All charts of the report, in the order of the page.
std::vector<const Figure*> figures(const Report& report);

std::string tables_markdown(const Report& report);
std::string tables_latex(const Report& report);

/// The page. Equal run folders give equal bytes: of run.json only what does not change between
/// repetitions of a run is shown.
std::string report_page(const Report& report);

}  // namespace rppg::results
