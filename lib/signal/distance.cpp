#include "signal/distance.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "signal/filter.h"

namespace rppg::signal {

double mean_squared_error(std::span<const double> x, std::span<const double> y,
                          std::span<double> gradient) {
  const auto count = static_cast<double>(x.size());
  double sum = 0;
  for (std::size_t n = 0; n < x.size(); ++n) sum += (x[n] - y[n]) * (x[n] - y[n]);
  for (std::size_t n = 0; n < gradient.size(); ++n) gradient[n] = 2 * (x[n] - y[n]) / count;
  return sum / count;
}

double correlation_distance(std::span<const double> x, std::span<const double> y, double epsilon,
                            std::span<double> gradient) {
  const double x_mean = mean(x);
  const double y_mean = mean(y);
  double xy = 0;
  double xx = 0;
  double yy = 0;
  for (std::size_t n = 0; n < x.size(); ++n) {
    xy += (x[n] - x_mean) * (y[n] - y_mean);
    xx += (x[n] - x_mean) * (x[n] - x_mean);
    yy += (y[n] - y_mean) * (y[n] - y_mean);
  }
  const double root = std::sqrt(xx * yy + epsilon);
  const double norm = root + epsilon;
  if (norm == 0) {
    std::fill(gradient.begin(), gradient.end(), 0.0);
    return 1;
  }
  const double along_x = xy / (norm * norm) * (yy / root);
  for (std::size_t n = 0; n < gradient.size(); ++n) {
    gradient[n] = along_x * (x[n] - x_mean) - (y[n] - y_mean) / norm;
  }
  return 1 - xy / norm;
}

}  // namespace rppg::signal
