#include "results/label_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "io/json.h"
#include "results/markup.h"
#include "results/svg.h"

namespace rppg::results {
namespace {

/// Calls visit(key, member) for every number: the one list behind writing and reading.
template <class AnyAnalysis, class Visit>
void for_each_number(AnyAnalysis& analysis, const Visit& visit) {
  visit("bits", analysis.bits);
  visit("codes", analysis.codes);
  visit("used_codes", analysis.used_codes);
  visit("entropy_bits", analysis.entropy_bits);
  visit("hr_mae_bpm", analysis.hr_mae_bpm);
  visit("hr_within_1_bpm", analysis.hr_within_1);
  visit("mse", analysis.mse);
  visit("peak_to_peak_cv", analysis.peak_to_peak_cv);
}

template <class AnyAnalysis, class Visit>
void for_each_clean_number(AnyAnalysis& analysis, const Visit& visit) {
  visit("snr_before_db", analysis.clean_snr_before_db);
  visit("snr_db", analysis.clean_snr_db);
  visit("hr_mae_bpm", analysis.clean_hr_mae_bpm);
  visit("pulse_lost", analysis.pulse_lost);
}

template <class AnyAnalysis, class Visit>
void for_each_distribution(AnyAnalysis& analysis, const Visit& visit) {
  visit("morphology", analysis.morphology);
  visit("snr_db", analysis.snr_db);
  visit("peak_to_peak", analysis.peak_to_peak);
}

template <class AnyDistribution, class Visit>
void for_each_moment(AnyDistribution& distribution, const Visit& visit) {
  visit("mean", distribution.mean);
  visit("sd", distribution.sd);
  visit("q25", distribution.q25);
  visit("median", distribution.median);
  visit("q75", distribution.q75);
}

io::OrderedJson json_of(const LabelAnalysis& analysis) {
  io::OrderedJson json{{"method", analysis.method}};
  for_each_number(analysis, [&](const char* key, auto value) { json[key] = value; });
  for_each_distribution(analysis, [&](const char* key, const Distribution& distribution) {
    for_each_moment(distribution,
                    [&](const char* moment, double value) { json[key][moment] = value; });
  });
  if (analysis.clean_known) {
    for_each_clean_number(analysis,
                          [&](const char* key, double value) { json["known_pulse"][key] = value; });
  }
  json["spectrum"] = analysis.spectrum;
  json["histogram"] = analysis.histogram;
  return json;
}

double number(const io::Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

LabelAnalysis analysis_of(const io::Json& json) {
  LabelAnalysis analysis;
  analysis.method = json.at("method").get<std::string>();
  for_each_number(analysis, [&]<class T>(const char* key, T& value) {
    value = static_cast<T>(number(json.at(key)));
  });
  for_each_distribution(analysis, [&](const char* key, Distribution& distribution) {
    for_each_moment(distribution, [&](const char* moment, double& value) {
      value = number(json.at(key).at(moment));
    });
  });
  analysis.clean_known = json.contains("known_pulse");
  if (analysis.clean_known) {
    for_each_clean_number(analysis, [&](const char* key, double& value) {
      value = number(json.at("known_pulse").at(key));
    });
  }
  analysis.spectrum = json.at("spectrum").get<std::vector<double>>();
  analysis.histogram = json.at("histogram").get<std::vector<double>>();
  return analysis;
}

std::string bits_text(int bits) { return counted(static_cast<std::size_t>(bits), "bit"); }

std::string treatment(const LabelAnalysis& analysis) {
  if (analysis.bits == 0) return analysis.method;
  return concat(analysis.method, ", ", bits_text(analysis.bits));
}

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
    legend.push_back({label ? "label" : bits_text(analyses[i]->bits), colour,
                      label ? Mark::dashed : Mark::line, i});
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

std::string analysis_json(const LabelReport& report) {
  io::OrderedJson json{{"name", report.name},
                       {"recordings", report.recordings},
                       {"clips", report.clips},
                       {"clip_samples", report.clip_samples},
                       {"rate_hz", report.rate_hz},
                       {"spectrum_bin_hz", spectrum_bin_hz(report.rate_hz)},
                       {"histogram_low", histogram_low},
                       {"histogram_cell", histogram_cell}};
  for (const LabelAnalysis& analysis : report.analyses) {
    json["analyses"].push_back(json_of(analysis));
  }
  return io::to_text(json);
}

LabelReport read_analysis(const std::filesystem::path& file) {
  const io::Json json = io::read_json(file);
  try {
    LabelReport report;
    report.name = json.at("name").get<std::string>();
    report.recordings = json.at("recordings").get<std::size_t>();
    report.clips = json.at("clips").get<std::size_t>();
    report.clip_samples = json.at("clip_samples").get<std::size_t>();
    report.rate_hz = json.at("rate_hz").get<double>();
    for (const io::Json& analysis : json.at("analyses")) {
      report.analyses.push_back(analysis_of(analysis));
    }
    const bool whole =
        !report.analyses.empty() && report.rate_hz > 0 &&
        std::all_of(report.analyses.begin(), report.analyses.end(), [&](const LabelAnalysis& each) {
          return each.histogram.size() == histogram_cells &&
                 each.spectrum.size() == report.analyses.front().spectrum.size();
        });
    if (whole) return report;
  } catch (const io::Json::exception& error) {
    throw Error(Status::malformed, file, concat("no analysis of labels: ", error.what()));
  }
  throw Error(Status::malformed, file, "no analysis of labels: its parts do not fit");
}

ReportTable label_table(const LabelReport& report) {
  const bool clean = report.analyses.front().clean_known;
  ReportTable table;
  table.label = concat("labels-", file_stem(report.name));
  table.caption = concat("Labels of ", report.name, ", quantised and smoothed.");
  table.columns = {{"treatment"},          {"codes used", true},       {"entropy (bits)", true},
                   {"HR MAE (bpm)", true}, {"within 1 bpm (%)", true}, {"correlation", true},
                   {"MSE", true},          {"SNR (dB)", true},         {"peak to peak (SD)", true},
                   {"its CV", true}};
  if (clean) {
    for (const char* header :
         {"SNR to pulse (dB)", "noise removed (dB)", "pulse lost (%)", "HR MAE to pulse (bpm)"}) {
      table.columns.push_back({header, true});
    }
  }
  const auto cell = [](double value, int decimals) {
    return Cell{std::isfinite(value) ? format_fixed(value, decimals) : "\u2013", "",
                Emphasis::none};
  };
  for (const LabelAnalysis& each : report.analyses) {
    std::vector<Cell> row{{treatment(each), "", Emphasis::none}};
    row.push_back(each.codes > 0
                      ? Cell{concat(each.used_codes, "/", each.codes), "", Emphasis::none}
                      : Cell{"\u2013", "", Emphasis::none});
    row.push_back(each.codes > 0 ? cell(each.entropy_bits, 2) : Cell{"\u2013", "", Emphasis::none});
    for (const auto& [value, decimals] : {std::pair{each.hr_mae_bpm, 2},
                                          {100 * each.hr_within_1, 1},
                                          {each.morphology.median, 3},
                                          {each.mse, 4},
                                          {each.snr_db.mean, 2},
                                          {each.peak_to_peak.mean, 2},
                                          {each.peak_to_peak_cv, 2}}) {
      row.push_back(cell(value, decimals));
    }
    if (clean) {
      row.push_back(cell(each.clean_snr_db, 2));
      row.push_back(cell(each.clean_snr_db - each.clean_snr_before_db, 2));
      row.push_back(cell(100 * each.pulse_lost, 2));
      row.push_back(cell(each.clean_hr_mae_bpm, 2));
    }
    table.rows.push_back(std::move(row));
  }
  table.notes = {concat(report.clips, " clips of ", report.clip_samples, " samples at ",
                        report.rate_hz, " Hz from ", counted(report.recordings, "recording"),
                        "; rates by Welch spectra of single clips.")};
  return table;
}

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
