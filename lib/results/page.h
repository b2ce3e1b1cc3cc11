/// A whole report of one or several runs, and its page: one HTML file without scripts that loads
/// nothing.
#pragma once

#include <string>
#include <vector>

#include "results/figures.h"
#include "results/run.h"
#include "results/tables.h"

namespace rppg::results {

/// The charts of one run; empty when none of its recordings was scored.
struct RunCharts {
  std::vector<Figure> rates;
  std::vector<Example> examples;
};

struct Report {
  std::vector<Run> runs;
  std::vector<ReportTable> metrics;  ///< one per protocol
  std::vector<ReportTable> conditions;
  ReportTable failures;
  std::vector<Figure> coverage;
  std::vector<Figure> comparisons;
  std::vector<RunCharts> charts;  ///< one per run
};

/// Makes all tables and charts. runs must not be empty. Throws as read_waveforms does.
Report make_report(std::vector<Run> runs, Spread spread);

/// All charts of the report, in the order of the page.
std::vector<const Figure*> figures(const Report& report);

std::string tables_markdown(const Report& report);
std::string tables_latex(const Report& report);

/// The page. Equal run folders give equal bytes: of run.json only what does not change between
/// repetitions of a run is shown.
std::string report_page(const Report& report);

}  // namespace rppg::results
