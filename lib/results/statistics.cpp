#include "results/statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "base/random.h"

namespace rppg::results {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double normal_quantile_975 = 1.96;
constexpr std::size_t exact_limit = 50;

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

/// Items of each group, groups sorted by name.
std::vector<std::vector<std::size_t>> members(std::span<const std::string> groups) {
  std::map<std::string_view, std::vector<std::size_t>> by_name;
  for (std::size_t i = 0; i < groups.size(); ++i) by_name[groups[i]].push_back(i);
  std::vector<std::vector<std::size_t>> out;
  for (auto& [name, items] : by_name) out.push_back(std::move(items));
  return out;
}

/// Linear interpolation between order statistics; sorted is not empty.
double percentile(std::span<const double> sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  const double weight = place - static_cast<double>(below);
  return sorted[below] + weight * (sorted[above] - sorted[below]);
}

/// Ranks of |d| with mid-ranks, and sum over ties of (t^3 - t).
struct Ranks {
  std::vector<double> rank;
  double tie_term = 0;
};

Ranks rank_magnitudes(const std::vector<double>& differences) {
  std::vector<std::size_t> order(differences.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto magnitude = [&](std::size_t i) { return std::abs(differences[i]); };
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return magnitude(a) < magnitude(b); });
  Ranks ranks{std::vector<double>(differences.size()), 0};
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && magnitude(order[end]) == magnitude(order[begin])) ++end;
    for (std::size_t i = begin; i < end; ++i) {
      ranks.rank[order[i]] = 0.5 * static_cast<double>(begin + 1 + end);
    }
    const auto tied = static_cast<double>(end - begin);
    ranks.tie_term += tied * tied * tied - tied;
    begin = end;
  }
  return ranks;
}

/// Number of subsets of {1..n} with each sum; exact in double for n <= 50 (at most 2^50 subsets).
std::vector<double> subset_sum_counts(std::size_t n) {
  std::vector<double> counts(n * (n + 1) / 2 + 1, 0.0);
  counts[0] = 1;
  std::size_t largest = 0;
  for (std::size_t rank = 1; rank <= n; ++rank) {
    largest += rank;
    for (std::size_t sum = largest; sum >= rank; --sum) counts[sum] += counts[sum - rank];
  }
  return counts;
}

void set_exact_p(SignedRank& test) {
  const std::vector<double> counts = subset_sum_counts(test.n);
  const auto place = static_cast<std::ptrdiff_t>(std::llround(test.w_plus));
  const double all = std::ldexp(1.0, static_cast<int>(test.n));
  const double at_most = std::accumulate(counts.begin(), counts.begin() + place + 1, 0.0) / all;
  const double at_least = std::accumulate(counts.begin() + place, counts.end(), 0.0) / all;
  test.p_greater = at_least;
  test.p_two_sided = std::min(1.0, 2 * std::min(at_most, at_least));
}

void set_normal_p(SignedRank& test) {
  test.p_greater = 0.5 * std::erfc(test.z / std::sqrt(2.0));
  test.p_two_sided = std::erfc(std::abs(test.z) / std::sqrt(2.0));
}

}  // namespace

Interval bootstrap_interval(std::span<const std::string> groups,
                            const std::function<double(std::span<const std::size_t>)>& statistic,
                            int replicates, std::uint64_t seed) {
  const auto groups_members = members(groups);
  const std::size_t count = groups_members.size();
  if (count < 2) return {nan, nan};
  const Random random(seed, "bootstrap");
  std::vector<double> values;
  std::vector<std::size_t> drawn;
  std::uint64_t draw = 0;
  for (int replicate = 0; replicate < replicates; ++replicate) {
    drawn.clear();
    for (std::size_t i = 0; i < count; ++i) {
      const auto& items = groups_members[random.integer(draw++, count)];
      drawn.insert(drawn.end(), items.begin(), items.end());
    }
    const double value = statistic(drawn);
    if (std::isfinite(value)) values.push_back(value);
  }
  if (values.empty()) return {nan, nan};
  std::sort(values.begin(), values.end());
  return {percentile(values, 0.025), percentile(values, 0.975)};
}

BlandAltman bland_altman(std::span<const double> reference, std::span<const double> prediction) {
  const auto n = static_cast<double>(reference.size());
  BlandAltman result{nan, nan, nan, nan};
  if (reference.empty()) return result;
  result.bias = mean(prediction) - mean(reference);
  if (reference.size() < 2) return result;
  double squares = 0;
  for (std::size_t i = 0; i < reference.size(); ++i) {
    const double deviation = prediction[i] - reference[i] - result.bias;
    squares += deviation * deviation;
  }
  result.sd = std::sqrt(squares / (n - 1));
  result.low = result.bias - normal_quantile_975 * result.sd;
  result.high = result.bias + normal_quantile_975 * result.sd;
  return result;
}

double concordance(std::span<const double> x, std::span<const double> y) {
  if (x.size() < 2) return nan;
  const double mean_x = mean(x);
  const double mean_y = mean(y);
  double xx = 0;
  double yy = 0;
  double xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mean_x) * (x[i] - mean_x);
    yy += (y[i] - mean_y) * (y[i] - mean_y);
    xy += (x[i] - mean_x) * (y[i] - mean_y);
  }
  const double shift = mean_x - mean_y;
  const double denominator = xx + yy + static_cast<double>(x.size()) * shift * shift;
  return denominator > 0 ? 2 * xy / denominator : nan;
}

SignedRank wilcoxon_signed_rank(std::span<const double> differences) {
  std::vector<double> nonzero;
  std::copy_if(differences.begin(), differences.end(), std::back_inserter(nonzero),
               [](double d) { return d != 0; });
  SignedRank test;
  test.n = nonzero.size();
  if (test.n == 0) {
    test.p_two_sided = test.p_greater = 1;
    return test;
  }
  const Ranks ranks = rank_magnitudes(nonzero);
  for (std::size_t i = 0; i < test.n; ++i) {
    (nonzero[i] > 0 ? test.w_plus : test.w_minus) += ranks.rank[i];
  }
  const auto n = static_cast<double>(test.n);
  const double variance = n * (n + 1) * (2 * n + 1) / 24 - ranks.tie_term / 48;
  test.z = (test.w_plus - n * (n + 1) / 4) / std::sqrt(variance);
  test.rank_biserial = (test.w_plus - test.w_minus) / (test.w_plus + test.w_minus);
  const bool exact = test.n <= exact_limit && test.n == differences.size() && ranks.tie_term == 0;
  exact ? set_exact_p(test) : set_normal_p(test);
  return test;
}

}  // namespace rppg::results
