// The signed-rank test against scipy.stats.wilcoxon.
#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "io/hdf5.h"
#include "results/statistics.h"
#include "support/resources.h"

namespace rppg::results {
namespace {

bool has_ties_or_zeros(const std::vector<double>& differences) {
  std::set<double> magnitudes;
  for (const double d : differences) magnitudes.insert(std::abs(d));
  return magnitudes.size() < differences.size() || magnitudes.contains(0.0);
}

TEST_CASE("Wilcoxon signed-rank test of scipy") {
  const auto path = test::shared("reference/toolbox/f_paper_protocol.h5");
  if (!path) return;
  const io::Hdf5Reader file(*path);
  double worst = 0;
  int exact_cases = 0;
  for (int i = 0; i < 7; ++i) {
    const std::string group = concat("/wilcoxon", i);
    const auto a = file.doubles(group + "/a");
    const auto b = file.doubles(group + "/b");
    std::vector<double> differences(a.size());
    std::transform(a.begin(), a.end(), b.begin(), differences.begin(), std::minus<>());
    const auto expected = [&](const std::string& name) {
      return file.number_attribute(group, name);
    };
    const SignedRank test = wilcoxon_signed_rank(differences);
    CAPTURE(group);
    CHECK(test.w_plus == expected("W_plus"));
    CHECK(test.w_minus == expected("W_minus"));
    CHECK(static_cast<double>(test.n) == expected("n_nonzero"));
    const bool exact = differences.size() <= 50 && !has_ties_or_zeros(differences);
    exact_cases += exact ? 1 : 0;
    const std::string kind = exact ? "auto" : "approx";
    const auto relative = [](double ours, double theirs) {
      return std::abs(ours - theirs) / std::abs(theirs);
    };
    const double deviation =
        std::max({relative(test.z, expected("z_no_cc_tiecorrected")),
                  relative(test.rank_biserial, expected("rank_biserial")),
                  relative(test.p_two_sided, expected(concat("two-sided_", kind, "_p"))),
                  relative(test.p_greater, expected(concat("greater_", kind, "_p")))});
    CHECK(deviation < 1e-9);
    worst = std::max(worst, deviation);
  }
  CHECK(exact_cases >= 2);
  MESSAGE("largest relative error of z, r and both p: " << worst);
}

}  // namespace
}  // namespace rppg::results
