// Protocols `toolbox` and `toolbox-2023` against rPPG-Toolbox itself: DeepPhys (trained on PURE) on
// the 42 subjects of UBFC-rPPG, per window and as published aggregates, and single synthetic
// waveforms.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "io/hdf5.h"
#include "results/metrics.h"
#include "results/protocol.h"
#include "results/scoring.h"
#include "results/statistics.h"
#include "support/resources.h"

namespace rppg::results {
namespace {

constexpr double rate_hz = 30;

/// One window of ours with where it came from.
struct Row {
  std::string subject;
  WindowScore window;
};

struct Case {
  std::string band;
  std::string window;
  std::string estimator;
  std::string path() const { return concat("/results/", band, "/", window, "/", estimator); }
};

std::vector<Case> all_cases(const io::Hdf5Reader& file) {
  std::vector<Case> cases;
  for (const std::string& band : file.list("/results")) {
    for (const std::string& window : file.list("/results/" + band)) {
      for (const std::string& estimator : file.list(concat("/results/", band, "/", window))) {
        cases.push_back({band, window, estimator});
      }
    }
  }
  return cases;
}

Protocol protocol_of(const Case& wanted) {
  Protocol protocol = find_protocol(wanted.band == "band_0.6_3.3" ? "toolbox" : "toolbox-2023");
  protocol.window_seconds = wanted.window == "full" ? 0 : wanted.window == "win10s" ? 10 : 30;
  if (wanted.estimator == "peak") protocol.estimator = signal::HeartRateEstimator::peaks;
  return protocol;
}

std::vector<Row> our_rows(const io::Hdf5Reader& file, const Protocol& protocol) {
  std::vector<Row> rows;
  for (const std::string& subject : file.strings("/subject_order")) {
    const std::string group = "/signals/" + subject;
    const Score scored = score({file.doubles(group + "/prediction"), rate_hz},
                               {file.doubles(group + "/label"), rate_hz}, protocol, true);
    for (const WindowScore& window : scored.windows) rows.push_back({subject, window});
  }
  return rows;
}

double relative_error(double ours, double theirs) {
  return std::abs(ours - theirs) / std::max(std::abs(theirs), 1e-12);
}

/// Largest deviations over all cases, printed at the end.
std::map<std::string, double> worst;

void note(const std::string& what, double deviation) {
  worst[what] = std::max(worst[what], deviation);
}

void check_rows(const io::Hdf5Reader& file, const Case& wanted, const std::vector<Row>& rows) {
  const std::string path = wanted.path();
  const auto subjects = file.strings(path + "/window_subject");
  const auto start = file.doubles(path + "/window_start");
  const auto length = file.doubles(path + "/window_len");
  const auto hr_label = file.doubles(path + "/hr_label");
  const auto hr_pred = file.doubles(path + "/hr_pred");
  const auto snr = file.doubles(path + "/snr_db");
  const auto macc = file.doubles(path + "/macc");
  REQUIRE(rows.size() == subjects.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const WindowScore& window = rows[i].window;
    CAPTURE(path);
    CAPTURE(i);
    CHECK(rows[i].subject == subjects[i]);
    CHECK(std::abs(window.start_s * rate_hz - start[i]) < 1e-9);
    CHECK(std::abs(window.seconds * rate_hz - length[i]) < 1e-9);
    const double hr = std::max(std::abs(window.hr_reference_bpm - hr_label[i]),
                               std::abs(window.hr_predicted_bpm - hr_pred[i]));
    CHECK(hr < 1e-9);
    CHECK(std::abs(window.snr_db - snr[i]) < 1e-6);
    CHECK(std::abs(window.macc - macc[i]) < 1e-8);
    note("rows: heart rate (bpm)", hr);
    note("rows: SNR (dB)", std::abs(window.snr_db - snr[i]));
    note("rows: MACC", std::abs(window.macc - macc[i]));
  }
}

void check_aggregates(const io::Hdf5Reader& file, const Case& wanted,
                      const std::vector<MetricValue>& metrics) {
  for (const char* name : {"MAE", "RMSE", "MAPE", "Pearson", "SNR", "MACC"}) {
    const auto found = std::find_if(metrics.begin(), metrics.end(),
                                    [&](const MetricValue& m) { return m.name == name; });
    REQUIRE(found != metrics.end());
    const double value = file.number_attribute(wanted.path(), name);
    const double standard_error = file.number_attribute(wanted.path(), concat(name, "_se"));
    CAPTURE(wanted.path());
    CAPTURE(name);
    CHECK(relative_error(found->value, value) < 1e-6);
    CHECK(relative_error(found->standard_error, standard_error) < 1e-6);
    note(concat("aggregates: ", name), relative_error(found->value, value));
    note(concat("aggregates: ", name, "_se"),
         relative_error(found->standard_error, standard_error));
  }
}

/// The toolbox takes label - prediction and limits at 1.96 sqrt(2) sd; ours are the usual ones.
void check_agreement(const io::Hdf5Reader& file, const Case& wanted, const std::vector<Row>& rows) {
  std::vector<double> reference, prediction;
  for (const Row& row : rows) {
    reference.push_back(row.window.hr_reference_bpm);
    prediction.push_back(row.window.hr_predicted_bpm);
  }
  const BlandAltman ours = bland_altman(reference, prediction);
  const auto theirs = [&](const char* name) { return file.number_attribute(wanted.path(), name); };
  const double bias = theirs("BA_mean_diff_label_minus_pred");
  CAPTURE(wanted.path());
  CHECK(std::abs(ours.bias + bias) < 1e-6 * std::max(1.0, std::abs(bias)));
  CHECK(relative_error(ours.sd, theirs("BA_std_ddof1")) < 1e-6);
  const double root2 = std::sqrt(2.0);
  const double upper = -ours.bias + root2 * (ours.high - ours.bias);
  const double lower = -ours.bias + root2 * (ours.low - ours.bias);
  CHECK(relative_error(upper, theirs("BA_upper")) < 1e-6);
  CHECK(relative_error(lower, theirs("BA_lower")) < 1e-6);
  note("aggregates: BA_upper", relative_error(upper, theirs("BA_upper")));
  note("aggregates: BA_lower", relative_error(lower, theirs("BA_lower")));
  note("aggregates: BA_std", relative_error(ours.sd, theirs("BA_std_ddof1")));
}

TEST_CASE("metrics of rPPG-Toolbox on UBFC-rPPG: every band, window and estimator") {
  const auto path = test::shared("reference/toolbox/a_metrics_ubfc.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  const std::vector<Case> cases = all_cases(file);
  CHECK(cases.size() == 10);
  for (const Case& wanted : cases) {
    const Protocol protocol = protocol_of(wanted);
    const std::vector<Row> rows = our_rows(file, protocol);
    check_rows(file, wanted, rows);
    std::vector<ScoredPair> pairs;
    for (const Row& row : rows) {
      pairs.push_back({row.subject, row.window.hr_reference_bpm, row.window.hr_predicted_bpm,
                       row.window.snr_db, row.window.macc});
    }
    check_aggregates(file, wanted, compute_metrics(pairs, protocol));
    check_agreement(file, wanted, rows);
  }
  for (const auto& [what, deviation] : worst) MESSAGE(what << ": " << deviation);
}

TEST_CASE("metrics of rPPG-Toolbox on single waveforms") {
  const auto path = test::shared("reference/toolbox/c_filters_preproc.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  for (const std::string& name : file.list("/metric_per_video")) {
    const std::string group = "/metric_per_video/" + name;
    const double fs = file.number_attribute(group, "fs");
    const bool differenced = file.number_attribute(group, "diff_flag") != 0;
    const Waveform prediction{file.doubles(group + "/pred"), fs};
    const Waveform reference{file.doubles(group + "/label"), fs};
    for (const char* estimator : {"FFT", "Peak"}) {
      Protocol protocol = find_protocol("toolbox");
      if (std::string(estimator) == "Peak") protocol.estimator = signal::HeartRateEstimator::peaks;
      const Score scored = score(prediction, reference, protocol, differenced);
      REQUIRE(scored.windows.size() == 1);
      const WindowScore& window = scored.windows.front();
      const auto agrees = [&](double ours, const char* quantity, double tolerance) {
        const double theirs = file.number_attribute(group, concat(estimator, "_", quantity));
        CAPTURE(group);
        CAPTURE(estimator);
        CAPTURE(quantity);
        CAPTURE(ours);
        CAPTURE(theirs);
        // Without a rate (fewer than two peaks) the toolbox says NaN, or an SNR of -inf.
        CHECK((std::isfinite(theirs) ? std::abs(ours - theirs) < tolerance : std::isnan(ours)));
      };
      agrees(window.hr_reference_bpm, "hr_label", 1e-9);
      agrees(window.hr_predicted_bpm, "hr_pred", 1e-9);
      agrees(window.snr_db, "snr_db", 1e-6);
      agrees(window.macc, "macc", 1e-8);
    }
  }
}

}  // namespace
}  // namespace rppg::results
