// Charts over all runs of a report: coverage, reasons of failure, comparison.
#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "base/text.h"
#include "io/csv.h"
#include "results/figures.h"
#include "results/markup.h"
#include "results/svg.h"

namespace rppg::results {
namespace {

constexpr double row_height = 30;
constexpr std::size_t longest_name = 40;
constexpr std::size_t most_reasons = 8;

/// A chart with one named row per item, the first at the top.
Plot row_plot(std::string_view name, const std::vector<std::string>& names, Axis x, double top,
              double right) {
  Axis y{"", {-0.5, static_cast<double>(names.size()) - 0.5}, {}, 0};
  for (std::size_t i = 0; i < names.size(); ++i) {
    y.ticks.push_back({static_cast<double>(names.size() - 1 - i), shorten(names[i], longest_name)});
  }
  const double height = top + 46 + row_height * static_cast<double>(names.size());
  return {name, {860, height, top, right}, std::move(x), std::move(y)};
}

/// The place of the i-th of n rows on the axis.
double row_place(std::size_t i, std::size_t n) { return static_cast<double>(n - 1 - i); }

struct Share {
  std::string_view name;
  std::size_t count;
  std::string_view colour;
};

std::array<Share, 4> shares_of(const Run& run) {
  return {Share{"scored", run.scored(), palette::blue},
          Share{"failed", run.coverage.failed, palette::vermilion},
          Share{"skipped", run.coverage.skipped, palette::orange},
          Share{"without heart rate", run.coverage.ok - run.scored(), palette::purple}};
}

std::vector<std::string> labels_of(const std::vector<Run>& runs) {
  std::vector<std::string> labels;
  for (const Run& run : runs) labels.push_back(run.label);
  return labels;
}

/// What went wrong, without the file it happened to: reasons that start with a path lose it.
std::string kind_of_reason(std::string_view reason) {
  const std::size_t colon = reason.find(": ");
  const bool path = colon != std::string_view::npos &&
                    reason.substr(0, colon).find('/') != std::string_view::npos;
  return std::string(path ? reason.substr(colon + 2) : reason);
}

Figure comparison_figure(const std::vector<const Run*>& runs, std::size_t number) {
  const std::string name = concat("mae-", file_stem(runs.front()->protocol().name), "-", number);
  std::vector<std::string> names;
  std::vector<double> ends{0};
  for (const Run* run : runs) {
    names.push_back(run->label);
    if (const MetricValue* mae = run->metric("MAE")) {
      ends.insert(ends.end(), {mae->value, mae->ci95_high});
    }
  }
  Plot plot =
      row_plot(name, names, {"MAE (bpm)", {0, range_of(ends, 0.05, 1).high}, {}, 8}, 10, 150);
  std::string csv = "run,method,dataset,mae_bpm,ci95_low_bpm,ci95_high_bpm,scored,total\n";
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Run& run = *runs[i];
    const MetricValue* mae = run.metric("MAE");
    if (mae == nullptr) continue;
    const double y = row_place(i, runs.size());
    const bool interval = std::isfinite(mae->ci95_low) && std::isfinite(mae->ci95_high);
    if (interval) {
      plot.line(std::array{mae->ci95_low, mae->ci95_high}, std::array{y, y},
                {palette::blue, 2, ""});
      for (const double end : {mae->ci95_low, mae->ci95_high}) {
        plot.line(std::array{end, end}, std::array{y - 0.16, y + 0.16}, {palette::blue, 2, ""});
      }
    }
    plot.marker(mae->value, y, 0, 5);
    std::string text = format_fixed(mae->value, 2);
    if (interval) {
      text +=
          concat(" [", format_fixed(mae->ci95_low, 2), ", ", format_fixed(mae->ci95_high, 2), "]");
    }
    plot.text(plot.right() + 8, plot.py(y) + 4, text);
    csv += concat(io::csv_cell(run.label), ",", io::csv_cell(run.method), ",",
                  io::csv_cell(run.dataset), ",", mae->value, ",", mae->ci95_low, ",",
                  mae->ci95_high, ",", run.scored(), ",", run.coverage.total, "\n");
  }
  const std::string caption = concat(
      "Mean absolute error with 95 % confidence interval (bootstrap over subjects), protocol ",
      runs.front()->protocol().name, " (", runs.front()->protocol_hash, ").");
  return {name, "Mean absolute error", caption, plot.finish("Mean absolute error per run", caption),
          csv};
}

}  // namespace

Figure coverage_figure(const std::vector<Run>& runs) {
  Plot plot =
      row_plot("coverage", labels_of(runs), {"share of recordings (%)", {0, 100}, {}, 5}, 34, 90);
  std::vector<LegendEntry> legend;
  for (const Share& share : shares_of(runs.front())) {
    const bool occurs = std::any_of(runs.begin(), runs.end(), [&](const Run& run) {
      const auto all = shares_of(run);
      return std::any_of(all.begin(), all.end(), [&](const Share& other) {
        return other.name == share.name && other.count > 0;
      });
    });
    if (occurs) legend.push_back({std::string(share.name), share.colour, Mark::box, 0});
  }
  plot.legend(legend);
  std::string csv = "run,scored,failed,skipped,without_heart_rate,total\n";
  std::string summary;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Run& run = runs[i];
    const double y = row_place(i, runs.size());
    double start = 0;
    csv += io::csv_cell(run.label);
    for (const Share& share : shares_of(run)) {
      const double width = 100 * static_cast<double>(share.count) /
                           static_cast<double>(std::max<std::size_t>(run.coverage.total, 1));
      if (share.count > 0)
        plot.box({start, start + width}, {y - 0.32, y + 0.32}, share.colour, 0.9);
      start += width;
      csv += concat(",", share.count);
    }
    csv += concat(",", run.coverage.total, "\n");
    plot.text(plot.right() + 8, plot.py(y) + 4, concat(run.scored(), "/", run.coverage.total));
    summary += concat(summary.empty() ? "" : "; ", run.label, ": ", run.coverage_text());
  }
  return {"coverage", "Coverage", "What became of every recording.",
          plot.finish("Coverage of each run", concat(summary, ".")), csv};
}

std::optional<Figure> reasons_figure(const std::vector<Run>& runs) {
  std::map<std::pair<std::string, Outcome>, std::size_t> counts;
  for (const Run& run : runs) {
    for (const LedgerEntry& entry : run.entries) {
      if (entry.outcome != Outcome::failed && entry.outcome != Outcome::skipped) continue;
      ++counts[{kind_of_reason(entry.reason), entry.outcome}];
    }
  }
  if (counts.empty()) return std::nullopt;
  struct Reason {
    std::string text;
    Outcome outcome = Outcome::ok;
    std::size_t count = 0;
  };
  std::vector<Reason> reasons;
  std::string csv = "outcome,reason,recordings\n";
  for (const auto& [key, count] : counts) reasons.push_back({key.first, key.second, count});
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const Reason& a, const Reason& b) { return a.count > b.count; });
  for (const Reason& reason : reasons) {
    csv += concat(name(reason.outcome), ",", io::csv_cell(reason.text), ",", reason.count, "\n");
  }
  const std::size_t kinds = reasons.size();
  if (kinds > most_reasons) reasons.resize(most_reasons);

  std::vector<std::string> names;
  for (const Reason& reason : reasons) names.push_back(reason.text);
  const double most = static_cast<double>(reasons.front().count);
  Plot plot =
      row_plot("reasons", names, {"recordings", {0, std::max(most * 1.02, 5.0)}, {}, 5}, 34, 60);
  plot.legend(
      {{"failed", palette::vermilion, Mark::box, 0}, {"skipped", palette::orange, Mark::box, 0}});
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    const double y = row_place(i, reasons.size());
    plot.box({0, static_cast<double>(reasons[i].count)}, {y - 0.32, y + 0.32},
             reasons[i].outcome == Outcome::failed ? palette::vermilion : palette::orange, 0.9);
    plot.text(plot.right() + 8, plot.py(y) + 4, concat(reasons[i].count));
  }
  std::string caption = "How often each reason kept a recording from its result, over all runs.";
  if (kinds > reasons.size()) {
    caption += concat(" The ", reasons.size(), " most frequent of ", kinds, " are shown.");
  }
  return Figure{"reasons", "Reasons", caption,
                plot.finish("Reasons of failed and skipped recordings", caption), csv};
}

std::vector<Figure> comparison_figures(const std::vector<Run>& runs) {
  std::vector<Figure> figures;
  for (const std::vector<const Run*>& group : by_protocol(runs)) {
    if (group.size() > 1) figures.push_back(comparison_figure(group, figures.size() + 1));
  }
  return figures;
}

}  // namespace rppg::results
