#include "results/statistics.h"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace rppg::results {
namespace {

double mean_at(const std::vector<double>& values, std::span<const std::size_t> at) {
  double sum = 0;
  for (const std::size_t i : at) sum += values[i];
  return sum / static_cast<double>(at.size());
}

TEST_CASE("bootstrap of a mean agrees with its standard error") {
  std::vector<std::string> groups;
  std::vector<double> values;
  for (int i = 0; i < 100; ++i) {
    groups.push_back("s" + std::to_string(i));
    values.push_back(i % 10);
  }
  const auto statistic = [&](std::span<const std::size_t> at) { return mean_at(values, at); };
  const Interval interval = bootstrap_interval(groups, statistic);
  const double standard_error = std::sqrt(8.25 / 100);
  CHECK(interval.low == doctest::Approx(4.5 - 1.96 * standard_error).epsilon(0.02));
  CHECK(interval.high == doctest::Approx(4.5 + 1.96 * standard_error).epsilon(0.02));

  const Interval again = bootstrap_interval(groups, statistic);
  CHECK(again.low == interval.low);
  CHECK(again.high == interval.high);
  const Interval other = bootstrap_interval(groups, statistic, 2000, 2);
  CHECK((other.low != interval.low || other.high != interval.high));
}

TEST_CASE("the bootstrap draws whole groups") {
  // Two subjects of constant value: a draw of items would give means between 0 and 1 mostly near
  // 0.5; a draw of groups gives 0, 0.5 or 1 only.
  const std::vector<std::string> groups{"a", "b", "a", "b", "a", "b", "a", "b"};
  const std::vector<double> values{0, 1, 0, 1, 0, 1, 0, 1};
  int outside = 0;
  const Interval interval = bootstrap_interval(
      groups,
      [&](std::span<const std::size_t> at) {
        const double mean = mean_at(values, at);
        outside += mean != 0 && mean != 0.5 && mean != 1;
        CHECK(at.size() == 8);
        return mean;
      },
      200);
  CHECK(outside == 0);
  CHECK(interval.low == 0);
  CHECK(interval.high == 1);
}

TEST_CASE("no interval for one group or an undefined statistic") {
  const auto one = [](std::span<const std::size_t>) { return 1.0; };
  const auto nan = [](std::span<const std::size_t>) { return std::nan(""); };
  CHECK(std::isnan(bootstrap_interval(std::vector<std::string>{"a", "a"}, one).low));
  CHECK(std::isnan(bootstrap_interval(std::vector<std::string>{}, one).high));
  CHECK(std::isnan(bootstrap_interval(std::vector<std::string>{"a", "b"}, nan).low));
}

TEST_CASE("Bland-Altman limits are bias +- 1.96 sd of prediction - reference") {
  const std::vector<double> reference{60, 70, 80, 90};
  const std::vector<double> prediction{62, 71, 83, 94};  // differences 2 1 3 4
  const BlandAltman result = bland_altman(reference, prediction);
  CHECK(result.bias == doctest::Approx(2.5));
  CHECK(result.sd == doctest::Approx(std::sqrt(5.0 / 3)));
  CHECK(result.low == doctest::Approx(2.5 - 1.96 * std::sqrt(5.0 / 3)));
  CHECK(result.high == doctest::Approx(2.5 + 1.96 * std::sqrt(5.0 / 3)));
  const BlandAltman single = bland_altman(std::vector<double>{60}, std::vector<double>{61});
  CHECK(single.bias == 1);
  CHECK(std::isnan(single.low));
  CHECK(std::isnan(bland_altman({}, {}).bias));
}

TEST_CASE("concordance falls with scale and shift where correlation does not") {
  const std::vector<double> x{1, 2, 3, 4};
  CHECK(concordance(x, x) == doctest::Approx(1));
  // population: var 1.25, cov 1.25, shift 1 -> 2.5 / (2.5 + 1)
  CHECK(concordance(x, std::vector<double>{2, 3, 4, 5}) == doctest::Approx(2.5 / 3.5));
  CHECK(concordance(x, std::vector<double>{4, 3, 2, 1}) == doctest::Approx(-1));
  CHECK(std::isnan(concordance(std::vector<double>{2, 2}, std::vector<double>{2, 2})));
  CHECK(std::isnan(concordance(std::vector<double>{2}, std::vector<double>{2})));
}

TEST_CASE("signed-rank test with ties uses mid-ranks and the normal approximation") {
  const std::vector<double> d{.12, -.03, .25, .08, -.10, .31, .05, .17, -.02, .22};
  const SignedRank exact = wilcoxon_signed_rank(d);
  CHECK(exact.w_plus == 47);
  CHECK(exact.w_minus == 8);
  CHECK(exact.z == doctest::Approx(1.98762).epsilon(1e-5));
  CHECK(exact.rank_biserial == doctest::Approx(0.70909).epsilon(1e-5));
  CHECK(exact.p_two_sided == doctest::Approx(0.048828125));  // 50 / 1024 subsets

  std::vector<double> with_zero = d;
  with_zero.push_back(0);
  const SignedRank normal = wilcoxon_signed_rank(with_zero);
  CHECK(normal.n == 10);
  CHECK(normal.p_two_sided == doctest::Approx(0.046853).epsilon(1e-4));
  CHECK(normal.p_greater == doctest::Approx(0.023427).epsilon(1e-4));

  const SignedRank tied = wilcoxon_signed_rank(std::vector<double>{1, -1, 2, 2});
  CHECK(tied.w_plus == 8.5);
  CHECK(tied.w_minus == 1.5);

  const SignedRank none = wilcoxon_signed_rank(std::vector<double>{0, 0});
  CHECK(none.n == 0);
  CHECK(none.p_two_sided == 1);
}

}  // namespace
}  // namespace rppg::results
