#include "results/label_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/error.h"
#include "base/text.h"
#include "io/json.h"
#include "results/markup.h"

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

std::string treatment(const LabelAnalysis& analysis) {
  if (analysis.bits == 0) return analysis.method;
  return concat(analysis.method, ", ", counted(static_cast<std::size_t>(analysis.bits), "bit"));
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

}  // namespace rppg::results
