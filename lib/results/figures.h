/// The charts of a report; each comes with the numbers that it shows.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/run.h"
#include "results/tables.h"

namespace rppg::results {

/// A chart for the page and for a file of its own.
struct Figure {
  std::string name;  ///< file name without extension; letters, digits, '.', '_' and '-' only
  std::string title;
  std::string caption;
  std::string svg;
  std::string csv;
};

// Charts of the heart rates of one run; `prefix` opens the file name and is unique per run. They
// need at least one scored recording.

/// x: mean of prediction and reference, y: prediction - reference, bias and bias +- 1.96 SD with
/// their 95 % confidence intervals (Bland and Altman 1986).
Figure bland_altman_figure(const Run& run, std::string_view prefix);
/// Prediction over reference, with identity and +-5 bpm.
Figure scatter_figure(const Run& run, std::string_view prefix);
/// Share of windows whose |error| is at most x, with the values at 2, 3 and 5 bpm.
Figure cumulative_error_figure(const Run& run, std::string_view prefix);
/// Mean |error| of each subject, sorted.
Figure subject_error_figure(const Run& run, std::string_view prefix);
/// Box and points of |error| per value of the condition; none for fewer than two values.
std::optional<Figure> condition_figure(const Run& run, Condition condition,
                                       std::string_view prefix);

/// Waveforms and spectra of one recording.
struct Example {
  std::string role;  ///< "best", "median", "worst"
  std::string id;
  double absolute_error_bpm = 0;
  Figure waveform;
  Figure spectrum;
};

/// The recordings with the smallest, the (lower) median and the largest mean |error|, ties in order
/// of id; each recording once.
std::vector<Example> example_figures(const Run& run, std::string_view prefix);

// Charts of several runs.

/// Recordings scored, failed, skipped and without a heart rate, as shares of each run.
Figure coverage_figure(const std::vector<Run>& runs);
/// How often each reason of failing and skipping occurs; none without any.
std::optional<Figure> reasons_figure(const std::vector<Run>& runs);
/// MAE with its 95 % confidence interval per run, one chart per protocol that has several runs.
std::vector<Figure> comparison_figures(const std::vector<Run>& runs);

/// A file name made of text: what is no letter, digit, '.', '_' or '-' becomes '_'.
std::string file_stem(std::string_view text);

}  // namespace rppg::results
