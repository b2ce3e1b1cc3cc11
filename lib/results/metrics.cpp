#include "results/metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>

#include "base/error.h"
#include "base/text.h"
#include "results/statistics.h"
#include "signal/quality.h"

namespace rppg::results {
namespace {

using Pairs = std::vector<ScoredPair>;
using Indices = std::span<const std::size_t>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double close_bpm = 5;

double error(const ScoredPair& pair) { return pair.hr_predicted_bpm - pair.hr_reference_bpm; }
double absolute_error(const ScoredPair& pair) { return std::abs(error(pair)); }
double squared_error(const ScoredPair& pair) { return error(pair) * error(pair); }
double percentage_error(const ScoredPair& pair) {
  return 100 * std::abs(error(pair) / pair.hr_reference_bpm);
}
double percent_close(const ScoredPair& pair) { return absolute_error(pair) <= close_bpm ? 100 : 0; }
double snr(const ScoredPair& pair) { return pair.snr_db; }
double macc(const ScoredPair& pair) { return pair.macc; }

using Quantity = double (*)(const ScoredPair&);

template <Quantity quantity>
double mean_of(const Pairs& pairs, Indices at) {
  if (at.empty()) return nan;
  double sum = 0;
  for (const std::size_t i : at) sum += quantity(pairs[i]);
  return sum / static_cast<double>(at.size());
}

/// Population standard deviation.
template <Quantity quantity>
double deviation_of(const Pairs& pairs, Indices at) {
  const double mean = mean_of<quantity>(pairs, at);
  double sum = 0;
  for (const std::size_t i : at) {
    const double d = quantity(pairs[i]) - mean;
    sum += d * d;
  }
  return std::sqrt(sum / static_cast<double>(at.size()));
}

double root_of_count(Indices at) { return std::sqrt(static_cast<double>(at.size())); }

template <Quantity quantity>
double error_of_mean(const Pairs& pairs, Indices at, const Protocol&) {
  return deviation_of<quantity>(pairs, at) / root_of_count(at);
}

double rmse(const Pairs& pairs, Indices at) { return std::sqrt(mean_of<squared_error>(pairs, at)); }

double rmse_error(const Pairs& pairs, Indices at, const Protocol& protocol) {
  const double error_of_square = deviation_of<squared_error>(pairs, at) / root_of_count(at);
  switch (protocol.rmse_error) {
    case RmseError::root:
      return std::sqrt(error_of_square);
    case RmseError::square:
      return error_of_square;
    case RmseError::delta_method:
      break;
  }
  return error_of_square == 0 ? 0 : error_of_square / (2 * rmse(pairs, at));
}

struct Rates {
  std::vector<double> reference;
  std::vector<double> prediction;
};

Rates rates(const Pairs& pairs, Indices at) {
  Rates out;
  for (const std::size_t i : at) {
    out.reference.push_back(pairs[i].hr_reference_bpm);
    out.prediction.push_back(pairs[i].hr_predicted_bpm);
  }
  return out;
}

double correlation(const Pairs& pairs, Indices at) {
  const Rates r = rates(pairs, at);
  return signal::pearson(r.prediction, r.reference);
}

double correlation_error(const Pairs& pairs, Indices at, const Protocol&) {
  if (at.size() < 3) return nan;
  const double r = correlation(pairs, at);
  return std::sqrt(std::max(0.0, 1 - r * r) / static_cast<double>(at.size() - 2));
}

double lin_concordance(const Pairs& pairs, Indices at) {
  const Rates r = rates(pairs, at);
  return concordance(r.reference, r.prediction);
}

double median_absolute_error(const Pairs& pairs, Indices at) {
  if (at.empty()) return nan;
  std::vector<double> errors;
  for (const std::size_t i : at) errors.push_back(absolute_error(pairs[i]));
  const auto middle = errors.begin() + static_cast<std::ptrdiff_t>(errors.size() / 2);
  std::nth_element(errors.begin(), middle, errors.end());
  if (errors.size() % 2 == 1) return *middle;
  return 0.5 * (*middle + *std::max_element(errors.begin(), middle));
}

BlandAltman agreement(const Pairs& pairs, Indices at) {
  const Rates r = rates(pairs, at);
  return bland_altman(r.reference, r.prediction);
}
double lower_limit(const Pairs& pairs, Indices at) { return agreement(pairs, at).low; }
double upper_limit(const Pairs& pairs, Indices at) { return agreement(pairs, at).high; }

/// sqrt(3 / n) sd (Bland and Altman 1986, "Precision of estimated limits of agreement").
double limit_error(const Pairs& pairs, Indices at, const Protocol&) {
  return std::sqrt(3.0) * agreement(pairs, at).sd / root_of_count(at);
}

double no_error(const Pairs&, Indices, const Protocol&) { return nan; }

bool has_rates(const ScoredPair& pair) {
  return std::isfinite(pair.hr_reference_bpm) && std::isfinite(pair.hr_predicted_bpm);
}
bool has_snr(const ScoredPair& pair) { return has_rates(pair) && std::isfinite(pair.snr_db); }
bool has_macc(const ScoredPair& pair) { return has_rates(pair) && std::isfinite(pair.macc); }

struct Metric {
  MetricInfo info;
  double (*value)(const Pairs&, Indices) = nullptr;
  double (*standard_error)(const Pairs&, Indices, const Protocol&) = nullptr;
  bool (*counts)(const ScoredPair&) = has_rates;
};

const std::array<Metric, 12> metrics{{
    {{"MAE", "bpm", Direction::smaller, 2}, mean_of<absolute_error>, error_of_mean<absolute_error>},
    {{"RMSE", "bpm", Direction::smaller, 2}, rmse, rmse_error},
    {{"MAPE", "%", Direction::smaller, 2},
     mean_of<percentage_error>,
     error_of_mean<percentage_error>},
    {{"Pearson", "", Direction::larger, 3}, correlation, correlation_error},
    {{"SNR", "dB", Direction::larger, 2}, mean_of<snr>, error_of_mean<snr>, has_snr},
    {{"MACC", "", Direction::larger, 3}, mean_of<macc>, error_of_mean<macc>, has_macc},
    {{"MedianAE", "bpm", Direction::smaller, 2}, median_absolute_error, no_error},
    {{"Within5bpm", "%", Direction::larger, 1},
     mean_of<percent_close>,
     error_of_mean<percent_close>},
    {{"CCC", "", Direction::larger, 3}, lin_concordance, no_error},
    {{"Bias", "bpm", Direction::none, 2}, mean_of<error>, error_of_mean<error>},
    {{"LoALow", "bpm", Direction::none, 2}, lower_limit, limit_error},
    {{"LoAHigh", "bpm", Direction::none, 2}, upper_limit, limit_error},
}};

std::string reason_for(const MetricValue& value, std::size_t windows) {
  if (value.n == 0) return windows == 0 ? "no windows" : "no window with a heart rate";
  std::string reason;
  if (!std::isfinite(value.value)) {
    reason = value.n < 2 ? "undefined for a single window" : "undefined: all rates are the same";
  }
  if (value.n == windows) return reason;
  return concat(reason, reason.empty() ? "" : "; ", windows - value.n, " of ", windows,
                " windows left out: no heart rate");
}

MetricValue compute(const Metric& metric, const Pairs& pairs, const Protocol& protocol) {
  std::vector<std::size_t> at;
  std::vector<std::string> subjects;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    if (!metric.counts(pairs[i])) continue;
    at.push_back(i);
    subjects.push_back(pairs[i].subject);
  }
  MetricValue result{std::string(metric.info.name),
                     std::string(metric.info.unit),
                     nan,
                     nan,
                     nan,
                     nan,
                     "",
                     at.size()};
  if (!at.empty()) {
    result.value = metric.value(pairs, at);
    result.standard_error = metric.standard_error(pairs, at, protocol);
    std::vector<std::size_t> chosen;
    const Interval interval = bootstrap_interval(subjects, [&](Indices drawn) {
      chosen.clear();
      for (const std::size_t i : drawn) chosen.push_back(at[i]);
      return metric.value(pairs, chosen);
    });
    result.ci95_low = interval.low;
    result.ci95_high = interval.high;
  }
  result.reason = reason_for(result, pairs.size());
  return result;
}

bool equal_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::string metric_named(std::string_view name) {
  std::string known;
  for (const MetricInfo& info : metric_table()) {
    if (equal_without_case(info.name, name)) return std::string(info.name);
    known += concat(known.empty() ? "" : ", ", info.name);
  }
  throw Error(Status::usage, concat("gate: no metric '", name, "'; there are ", known));
}

}  // namespace

std::vector<MetricValue> compute_metrics(const std::vector<ScoredPair>& pairs,
                                         const Protocol& protocol) {
  std::vector<MetricValue> values;
  for (const Metric& metric : metrics) values.push_back(compute(metric, pairs, protocol));
  return values;
}

const std::vector<MetricInfo>& metric_table() {
  static const std::vector<MetricInfo> table = [] {
    std::vector<MetricInfo> infos;
    for (const Metric& metric : metrics) infos.push_back(metric.info);
    return infos;
  }();
  return table;
}

Gate parse_gate(std::string_view text) {
  const auto fail = [&] {
    return Error(Status::usage, concat("gate '", text, "': expected a condition such as 'mae>3'"));
  };
  const std::size_t begin = text.find_first_of("<>");
  if (begin == std::string_view::npos) throw fail();
  const bool or_equal = begin + 1 < text.size() && text[begin + 1] == '=';
  const std::string_view comparison = text.substr(begin, or_equal ? 2 : 1);
  const auto limit = parse_double(trim(text.substr(begin + comparison.size())));
  if (!limit || !std::isfinite(*limit)) throw fail();
  return {metric_named(trim(text.substr(0, begin))), std::string(comparison), *limit};
}

bool gate_fails(const Gate& gate, const std::vector<MetricValue>& values) {
  const auto found = std::find_if(values.begin(), values.end(), [&](const MetricValue& metric) {
    return metric.name == gate.metric;
  });
  if (found == values.end() || !std::isfinite(found->value)) return true;
  if (gate.comparison == "<") return found->value < gate.limit;
  if (gate.comparison == "<=") return found->value <= gate.limit;
  if (gate.comparison == ">") return found->value > gate.limit;
  return found->value >= gate.limit;
}

}  // namespace rppg::results
