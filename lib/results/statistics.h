/// Statistics behind the metrics: bootstrap over subjects, Bland-Altman, signed-rank test.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace rppg::results {

struct Interval {
  double low = 0;
  double high = 0;
};

/// Percentile bootstrap (2.5 %, 97.5 %): draws whole groups (subjects) with replacement.
/// statistic gets the indices of the drawn items; draws where it is not finite are left out. NaN
/// interval for fewer than two groups. Depends on the names of the groups only by their order.
Interval bootstrap_interval(std::span<const std::string> groups,
                            const std::function<double(std::span<const std::size_t>)>& statistic,
                            int replicates = 2000, std::uint64_t seed = 1);

struct BlandAltman {
  double bias = 0;  ///< mean of prediction - reference
  double sd = 0;    ///< unbiased standard deviation of the differences
  double low = 0;   ///< bias - 1.96 sd
  double high = 0;  ///< bias + 1.96 sd
};
/// Bland and Altman 1986. NaN limits for fewer than two pairs.
BlandAltman bland_altman(std::span<const double> reference, std::span<const double> prediction);

/// Concordance correlation coefficient (Lin 1989), population moments; NaN when both sides are the
/// same constant or shorter than 2.
double concordance(std::span<const double> x, std::span<const double> y);

/// Wilcoxon signed-rank test of paired differences; zeros are dropped. Without any difference other
/// than zero both p are 1.
struct SignedRank {
  double w_plus = 0;
  double w_minus = 0;
  std::size_t n = 0;         ///< non-zero differences
  double z = 0;              ///< normal approximation, ties corrected, no continuity correction
  double p_two_sided = 0;    ///< exact for n <= 50 without ties or zeros, else from z
  double p_greater = 0;      ///< one-sided: differences tend to be positive
  double rank_biserial = 0;  ///< (W+ - W-) / (W+ + W-)
};
SignedRank wilcoxon_signed_rank(std::span<const double> differences);

}  // namespace rppg::results
