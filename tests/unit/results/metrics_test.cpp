#include "results/metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "base/error.h"

namespace rppg::results {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Errors 2, -1, 3, -4; |e| 2 1 3 4; e^2 4 1 9 16.
const std::vector<ScoredPair> pairs{
    {"a", 60, 62, 3, 0.9}, {"a", 70, 69, 1, 0.8}, {"b", 80, 83, 2, 0.7}, {"c", 90, 86, 4, 0.6}};

MetricValue metric(const std::vector<MetricValue>& metrics, std::string_view name) {
  const auto found = std::find_if(metrics.begin(), metrics.end(),
                                  [&](const MetricValue& m) { return m.name == name; });
  REQUIRE(found != metrics.end());
  return *found;
}

TEST_CASE("metrics follow their equations") {
  const auto metrics = compute_metrics(pairs, find_protocol("default"));
  const auto value = [&](std::string_view name) { return metric(metrics, name).value; };
  const auto standard_error = [&](std::string_view name) {
    return metric(metrics, name).standard_error;
  };
  CHECK(value("MAE") == doctest::Approx(2.5));
  CHECK(standard_error("MAE") == doctest::Approx(std::sqrt(1.25) / 2));
  CHECK(value("RMSE") == doctest::Approx(std::sqrt(7.5)));
  CHECK(value("MAPE") == doctest::Approx(100 * (2.0 / 60 + 1.0 / 70 + 3.0 / 80 + 4.0 / 90) / 4));
  CHECK(value("SNR") == doctest::Approx(2.5));
  CHECK(value("MACC") == doctest::Approx(0.75));
  CHECK(value("MedianAE") == doctest::Approx(2.5));
  CHECK(std::isnan(standard_error("MedianAE")));
  CHECK(value("Within5bpm") == 100);
  CHECK(value("Bias") == doctest::Approx(0));
  const double sd = std::sqrt(30.0 / 3);
  CHECK(value("LoALow") == doctest::Approx(-1.96 * sd));
  CHECK(value("LoAHigh") == doctest::Approx(1.96 * sd));
  CHECK(standard_error("LoAHigh") == doctest::Approx(sd * std::sqrt(3.0 / 4)));
  CHECK(value("CCC") < value("Pearson"));
  for (const MetricValue& m : metrics) {
    CAPTURE(m.name);
    CHECK(m.reason.empty());
    CHECK(m.n == 4);
    CHECK(m.ci95_low <= m.ci95_high);
  }
  CHECK(metric(metrics, "MAE").ci95_low <= 2.5);
  CHECK(metric(metrics, "MAE").ci95_high >= 2.5);
}

TEST_CASE("Pearson correlation and its error") {
  const auto metrics =
      compute_metrics({{"a", 1, 2, 0, 0}, {"b", 2, 4, 0, 0}, {"c", 3, 5, 0, 0}, {"d", 4, 4, 0, 0}},
                      find_protocol("toolbox"));
  const MetricValue r = metric(metrics, "Pearson");
  const double expected = 3.5 / std::sqrt(5 * 4.75);
  CHECK(r.value == doctest::Approx(expected));
  CHECK(r.standard_error == doctest::Approx(std::sqrt((1 - expected * expected) / 2)));
}

TEST_CASE("the error of the RMSE is the protocol's") {
  const double spread = std::sqrt((16 + 1 + 81 + 256) / 4.0 - 7.5 * 7.5) / 2;  // std(e^2)/sqrt n
  const auto rmse_error = [](const char* protocol) {
    return metric(compute_metrics(pairs, find_protocol(protocol)), "RMSE").standard_error;
  };
  CHECK(rmse_error("toolbox") == doctest::Approx(std::sqrt(spread)));
  CHECK(rmse_error("lq-rppg") == doctest::Approx(spread));
  CHECK(rmse_error("default") == doctest::Approx(spread / (2 * std::sqrt(7.5))));
}

TEST_CASE("median of an odd number, share of large errors") {
  const auto metrics = compute_metrics(
      {{"a", 60, 60, 0, 0}, {"b", 60, 65, 0, 0}, {"c", 60, 66, 0, 0}}, find_protocol("default"));
  CHECK(metric(metrics, "MedianAE").value == 5);
  CHECK(metric(metrics, "Within5bpm").value == doctest::Approx(200.0 / 3));
}

TEST_CASE("windows without a rate are left out and told") {
  std::vector<ScoredPair> with_gaps = pairs;
  with_gaps.push_back({"d", 70, nan, nan, 0.5});
  with_gaps.push_back({"d", 70, 70, nan, 0.5});
  const auto metrics = compute_metrics(with_gaps, find_protocol("default"));
  const MetricValue mae = metric(metrics, "MAE");
  CHECK(mae.n == 5);
  CHECK(mae.value == doctest::Approx(2));
  CHECK(mae.reason == "1 of 6 windows left out: no heart rate");
  const MetricValue snr = metric(metrics, "SNR");
  CHECK(snr.n == 4);
  CHECK(snr.value == doctest::Approx(2.5));
  CHECK(snr.reason == "2 of 6 windows left out: no heart rate");
}

TEST_CASE("what is undefined says why") {
  const Protocol& protocol = find_protocol("default");
  CHECK(metric(compute_metrics({}, protocol), "MAE").reason == "no windows");
  const auto none = compute_metrics({{"a", 60, nan, nan, nan}}, protocol);
  CHECK(std::isnan(metric(none, "MAE").value));
  CHECK(metric(none, "MAE").reason == "no window with a heart rate");
  const auto single = compute_metrics({{"a", 60, 61, 1, 1}}, protocol);
  CHECK(metric(single, "MAE").value == 1);
  CHECK(std::isnan(metric(single, "MAE").ci95_low));
  CHECK(std::isnan(metric(single, "Pearson").value));
  CHECK(metric(single, "Pearson").reason == "undefined for a single window");
  const auto constant = compute_metrics({{"a", 60, 61, 1, 1}, {"b", 60, 61, 1, 1}}, protocol);
  CHECK(metric(constant, "Pearson").reason == "undefined: all rates are the same");
  const auto exact = compute_metrics({{"a", 60, 60, 1, 1}, {"b", 70, 70, 1, 1}}, protocol);
  CHECK(metric(exact, "RMSE").value == 0);
  CHECK(metric(exact, "RMSE").standard_error == 0);
}

TEST_CASE("the table names each metric that is computed, in order") {
  const auto metrics = compute_metrics(pairs, find_protocol("default"));
  REQUIRE(metrics.size() == metric_table().size());
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    CHECK(metrics[i].name == metric_table()[i].name);
    CHECK(metrics[i].unit == metric_table()[i].unit);
  }
  CHECK(metrics.front().name == "MAE");
}

TEST_CASE("gates") {
  const auto metrics = compute_metrics(pairs, find_protocol("default"));
  const auto fails = [&](const char* text) { return gate_fails(parse_gate(text), metrics); };
  CHECK(fails("mae>2"));
  CHECK_FALSE(fails("mae>2.5"));
  CHECK(fails(" MAE >= 2.5 "));
  CHECK_FALSE(fails("Mae<2.5"));
  CHECK(fails("mae<=2.5"));
  CHECK(fails("pearson<1.0"));
  CHECK(gate_fails(parse_gate("mae>3"), compute_metrics({}, find_protocol("default"))));
  for (const char* wrong : {"", "mae", "mae>", "mae>x", ">3", "mae=3", "mae>3bpm", "mae>nan",
                            "speed>3", "mae>>3", "mae=>3"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS(parse_gate(wrong), Error);
  }
}

}  // namespace
}  // namespace rppg::results
