/// The analysis of a whole quantisation of labels: as a file, as tables and as charts.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "results/figures.h"
#include "results/label_analysis.h"
#include "results/tables.h"

namespace rppg::results {

/// How labels were treated, and what was found.
struct LabelReport {
  std::string name;  ///< of the data
  std::size_t recordings = 0;
  std::size_t clips = 0;
  std::size_t clip_samples = 0;
  double rate_hz = 0;
  std::vector<LabelAnalysis> analyses;  ///< the first is the untreated (band-passed) label
};

/// The text of analysis.json, and back. Throws Error(malformed) naming the file.
std::string analysis_json(const LabelReport& report);
LabelReport read_analysis(const std::filesystem::path& file);

/// One row per treatment: what it keeps and costs.
ReportTable label_table(const LabelReport& report);

/// Mean power spectra and amplitude distributions of the untreated label and each learned bit
/// depth; how well the rate is kept per bit depth and treatment; where the clean pulse is known,
/// noise removed and pulse lost.
std::vector<Figure> label_figures(const LabelReport& report, std::string_view prefix);

}  // namespace rppg::results
