/// Trainings that were repeated with other seeds, and what differs between such groups.
#pragma once

#include <vector>

#include "results/run.h"
#include "results/tables.h"

namespace rppg::results {

/// Runs whose folders stand in the same folder are repetitions: one row for each such folder, one
/// table per protocol that has any of several runs.
///
/// Metrics: mean and unbiased standard deviation over the repetitions. Against the first row, on
/// the same recordings: per subject the mean |error| over its recordings and all repetitions, of
/// which the mean difference with its 95 % interval (bootstrap over subjects), and the two-sided p
/// of Wilcoxon's signed-rank test. Subjects, not recordings or seeds, are what is independent.
std::vector<ReportTable> repetition_tables(const std::vector<Run>& runs);

}  // namespace rppg::results
