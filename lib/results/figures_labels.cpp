// Charts of an analysis of labels.
#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "results/label_report.h"
#include "results/markup.h"
#include "results/svg.h"

namespace rppg::results {
namespace {

/// Learned bit depths and the untreated label, which is the first.
std::vector<const LabelAnalysis*> shown(const LabelReport& report) {
  std::vector<const LabelAnalysis*> result;
  for (const LabelAnalysis& analysis : report.analyses) {
    if (result.empty() || analysis.method == learned_method) result.push_back(&analysis);
  }
  return result;
}

/// What a chart of one quantity over a common axis shows.
struct Lines {
  std::string name;
  std::string title;
  std::string caption;
  Axis x_axis;
  Axis y_axis;
  std::vector<double> LabelAnalysis::*values;
  double (*shown)(double value);
};

/// One line per bit depth, and one for the label.
Figure lines_figure(const LabelReport& report, const Lines& lines, const std::vector<double>& x) {
  const auto analyses = shown(report);
  Plot plot(lines.name, {560, 260, 34, 14}, lines.x_axis, lines.y_axis);
  std::vector<LegendEntry> legend;
  std::string csv = "x";
  for (std::size_t i = 0; i < analyses.size(); ++i) {
    const bool label = i == 0;
    std::vector<double> y;
    for (const double value : analyses[i]->*lines.values) y.push_back(lines.shown(value));
    const std::string_view colour = label ? palette::ink : palette::category(i - 1);
    plot.line(x, y, {colour, label ? 2.0 : 1.2, label ? "4 2" : ""});
    legend.push_back({label ? "label" : counted(static_cast<std::size_t>(analyses[i]->bits), "bit"),
                      colour, label ? Mark::dashed : Mark::line, i});
    csv += concat(",", analyses[i]->method, "-", analyses[i]->bits);
  }
  plot.legend(legend);
  csv += "\n";
  for (std::size_t at = 0; at < x.size(); ++at) {
    csv += concat(x[at]);
    for (const LabelAnalysis* each : analyses) csv += concat(",", (each->*lines.values)[at]);
    csv += "\n";
  }
  return {lines.name, lines.title, lines.caption, plot.finish(lines.title, lines.caption), csv};
}

double percent(double share) { return 100 * share; }
double decibels(double share) { return 10 * std::log10(std::max(share, 1e-12)); }

Figure spectrum_figure(const LabelReport& report, std::string_view prefix) {
  std::vector<double> hz(report.analyses.front().spectrum.size());
  for (std::size_t i = 0; i < hz.size(); ++i) {
    hz[i] = static_cast<double>(i) * spectrum_bin_hz(report.rate_hz);
  }
  return lines_figure(report,
                      {concat(prefix, ".spectrum"),
                       "Power spectra of labels",
                       "Mean power spectrum of clips, each of power one: the label in the pulse "
                       "band and its quantised forms. Steps of coarse labels show as harmonics.",
                       {"frequency (Hz)", {0, hz.back()}, {}, 9},
                       {"share of power per bin (dB)", {-70, 0}, {}, 6},
                       &LabelAnalysis::spectrum,
                       decibels},
                      hz);
}

Figure amplitude_figure(const LabelReport& report, std::string_view prefix) {
  std::vector<double> centres(histogram_cells);
  for (std::size_t i = 0; i < centres.size(); ++i) {
    centres[i] = histogram_low + (static_cast<double>(i) + 0.5) * histogram_cell;
  }
  std::vector<double> highest{0};
  for (const LabelAnalysis* each : shown(report)) {
    for (const double share : each->histogram) highest.push_back(percent(share));
  }
  return lines_figure(report,
                      {concat(prefix, ".amplitudes"),
                       "Amplitudes of labels",
                       "Distribution of samples over cells of 0.125 SD: a quantised label has as "
                       "many peaks as codes are used.",
                       {"amplitude (SD)", {-3, 3}, {}, 7},
                       {"share of samples (%)", range_of(highest), {}, 5},
                       &LabelAnalysis::histogram,
                       percent},
                      centres);
}

/// A quantity per bit depth, one line per method that has bit depths.
Figure depth_figure(const LabelReport& report, const std::string& name, const std::string& title,
                    const std::string& caption, const std::string& y_label,
                    double LabelAnalysis::*value) {
  std::vector<std::string> methods;
  std::vector<double> heights{0};
  int most_bits = 1;
  for (const LabelAnalysis& each : report.analyses) {
    if (each.bits == 0) continue;
    if (std::find(methods.begin(), methods.end(), each.method) == methods.end()) {
      methods.push_back(each.method);
    }
    heights.push_back(each.*value);
    most_bits = std::max(most_bits, each.bits);
  }
  std::vector<Tick> ticks;
  for (int bits = 1; bits <= most_bits; ++bits) {
    ticks.push_back({static_cast<double>(bits), concat(bits)});
  }
  Plot plot(name, {560, 260, 34, 14}, {"bits", {0.7, most_bits + 0.3}, ticks, 6},
            {y_label, range_of(heights, 0.08, 0.1), {}, 5});
  std::vector<LegendEntry> legend;
  std::string csv = "method,bits,value\n";
  for (std::size_t i = 0; i < methods.size(); ++i) {
    std::vector<double> x, y;
    for (const LabelAnalysis& each : report.analyses) {
      if (each.bits == 0 || each.method != methods[i]) continue;
      x.push_back(each.bits);
      y.push_back(each.*value);
      plot.marker(x.back(), y.back(), i, 4);
      csv += concat(each.method, ",", each.bits, ",", each.*value, "\n");
    }
    plot.line(x, y, {palette::category(i), 1.5, ""});
    legend.push_back({methods[i], palette::category(i), Mark::marker, i});
  }
  plot.legend(legend);
  return {name, title, caption, plot.finish(title, caption), csv};
}

}  // namespace

std::vector<Figure> label_figures(const LabelReport& report, std::string_view prefix) {
  std::vector<Figure> figures{spectrum_figure(report, prefix), amplitude_figure(report, prefix)};
  const std::string stem(prefix);
  figures.push_back(depth_figure(report, stem + ".rate", "Heart rate kept",
                                 "Mean |difference| of the heart rates of label and treated label.",
                                 "HR MAE (bpm)", &LabelAnalysis::hr_mae_bpm));
  if (report.analyses.front().clean_known) {
    figures.push_back(
        depth_figure(report, stem + ".noise", "Agreement with the clean pulse",
                     concat("Signal to noise with respect to the known pulse; ",
                            format_fixed(report.analyses.front().clean_snr_before_db, 2),
                            " dB before any treatment."),
                     "SNR (dB)", &LabelAnalysis::clean_snr_db));
  }
  return figures;
}

}  // namespace rppg::results
