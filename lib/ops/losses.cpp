#include "ops/losses.h"

#include "ops/row_loss.h"
#include "signal/distance.h"

namespace rppg::ops {

Tensor stop_gradient(Tensor x) { return x.tape().input(x.values(), x.shape()); }

Tensor mean_squared_error(Tensor x, Tensor target) {
  return mean_over_rows("mean_squared_error", x, target, 1,
                        [](std::span<const double> row, std::span<const double> target_row,
                           std::span<double> gradient, RowTask) {
                          return signal::mean_squared_error(row, target_row, gradient);
                        });
}

Tensor negative_pearson(Tensor x, Tensor target, double epsilon) {
  return mean_over_rows("negative_pearson", x, target, 1,
                        [=](std::span<const double> row, std::span<const double> target_row,
                            std::span<double> gradient, RowTask) {
                          return signal::correlation_distance(row, target_row, epsilon, gradient);
                        });
}

}  // namespace rppg::ops
